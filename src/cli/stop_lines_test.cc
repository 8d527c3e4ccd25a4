#include "cli/stop_lines.h"

#include <gtest/gtest.h>

namespace rtcpub::cli {
namespace {

TEST(ParseStopLine, KnowsStopAndClear) {
  EXPECT_EQ(parseStopLine(":stop"), StopLine{StopLine::Verb::kStop});
  EXPECT_EQ(parseStopLine(" :stop  a cat on the road \r"),
            (StopLine{StopLine::Verb::kStop, "a cat on the road"}));
  EXPECT_EQ(parseStopLine(":clear"), StopLine{StopLine::Verb::kClear});
  EXPECT_EQ(parseStopLine(":clear \r"), StopLine{StopLine::Verb::kClear});
}

TEST(ParseStopLine, LeavesTheRestToOthers) {
  for (const char* line : {"", ":", ":stops", ":clear now", ":camera front", "stop", ": stop"}) {
    EXPECT_FALSE(parseStopLine(line)) << line;
    EXPECT_FALSE(runStopLine(std::nullopt, line)) << line;
  }
}

TEST(RunStopLine, LeavesCamerasAndWhatIsNoCommandToOthersWhereThereIsNoGate) {
  EXPECT_FALSE(runStopLine(std::nullopt, ":camera rear"));
  EXPECT_FALSE(runStopLine(std::nullopt, ":foo bar"));
}

TEST(RunStopLine, TakesItsLinesWithoutAGateToo) {
  EXPECT_TRUE(runStopLine(std::nullopt, ":stop"));
  EXPECT_TRUE(runStopLine(std::nullopt, ":clear"));
}

}  // namespace
}  // namespace rtcpub::cli
