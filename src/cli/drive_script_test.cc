#include "cli/drive_script.h"

#include <gtest/gtest.h>

namespace rtcpub::cli {
namespace {

using std::chrono::milliseconds;

ScriptStep stepOf(std::string_view line) { return parseScriptLine(line).value().value(); }

TEST(DriveScript, ReadsWordsAndCommands) {
  EXPECT_EQ(stepOf("take").kind, ScriptStep::Kind::kTake);
  EXPECT_EQ(stepOf(" release\r").kind, ScriptStep::Kind::kRelease);
  EXPECT_EQ(stepOf("stop").kind, ScriptStep::Kind::kStop);
  EXPECT_EQ(stepOf("clear").kind, ScriptStep::Kind::kClear);
  EXPECT_EQ(stepOf(R"(500 {"steering": -0.2,"throttle":0.5})"),
            (ScriptStep{.kind = ScriptStep::Kind::kDrive,
                        .length = milliseconds(500),
                        .axes = {{kSteering, -0.2}, {kThrottle, 0.5}}}));
  EXPECT_TRUE(stepOf("0 {}").axes.empty());
  EXPECT_EQ(stepOf("1{\"a\":1e-1}").axes, (Axes{{"a", 0.1}}));
}

TEST(DriveScript, SkipsEmptyLinesAndRemarks) {
  for (const char* line : {"", "  \t", "# a lap"})
    EXPECT_EQ(parseScriptLine(line).value(), std::nullopt);
}

TEST(DriveScript, RefusesWhatItCannotRead) {
  for (const char* line :
       {"takes", "500", "500 {", "500 {}}", "500 {\"throttle\"}", "500 {\"throttle\": }",
        "500 {throttle: 1}", "-1 {}", "3600001 {}", "99999999999 {}", "{}", "500 [1]",
        "500 {\"a\": 1,}", "500 {\"a: 1}", "\x1B[A"}) {
    EXPECT_FALSE(parseScriptLine(line)) << line;
  }
}

}  // namespace
}  // namespace rtcpub::cli
