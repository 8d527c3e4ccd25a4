#include "cli/line_splitter.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace rtcpub::cli {
namespace {

using namespace std::chrono_literals;

constexpr Time kNow{1h};

using Lines = std::vector<std::pair<std::string, Time>>;

Lines linesOf(LineSplitter& splitter) {
  Lines lines;
  while (const auto line = splitter.next()) lines.emplace_back(line->text, line->since);
  return lines;
}

TEST(LineSplitter, CutsWhatCameAtOnce) {
  LineSplitter splitter(100);
  splitter.feed("one\n\ntwo\n", kNow);
  EXPECT_EQ(linesOf(splitter), (Lines{{"one", kNow}, {"", kNow}, {"two", kNow}}));
  EXPECT_FALSE(splitter.next());
}

TEST(LineSplitter, HoldsALineForAsOldAsItsBeginning) {
  LineSplitter splitter(100);
  splitter.feed("one\ntw", kNow);
  EXPECT_EQ(linesOf(splitter), (Lines{{"one", kNow}}));
  splitter.feed("o an", kNow + 1s);
  EXPECT_EQ(linesOf(splitter), Lines{});
  splitter.feed("d a half\nthree\nfo", kNow + 2s);
  EXPECT_EQ(linesOf(splitter), (Lines{{"two and a half", kNow}, {"three", kNow + 2s}}));
  splitter.feed("ur\n", kNow + 3s);
  EXPECT_EQ(linesOf(splitter), (Lines{{"four", kNow + 2s}}));
}

TEST(LineSplitter, ForgetsALineThatIsTooLong) {
  LineSplitter splitter(4);
  splitter.feed("1234", kNow);
  EXPECT_FALSE(splitter.dropTooLong());
  splitter.feed("5", kNow);
  EXPECT_TRUE(splitter.dropTooLong());
  EXPECT_FALSE(splitter.dropTooLong());
  splitter.feed("rest\nnext\n", kNow + 1s);
  EXPECT_EQ(linesOf(splitter), (Lines{{"rest", kNow + 1s}, {"next", kNow + 1s}}));
}

}  // namespace
}  // namespace rtcpub::cli
