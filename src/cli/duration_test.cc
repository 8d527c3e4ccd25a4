#include "cli/duration.h"

#include <gtest/gtest.h>

namespace rtcpub::cli {
namespace {

using namespace std::chrono_literals;

TEST(Duration, IsANumberAndAUnit) {
  EXPECT_EQ(parseDuration("90s"), 90s);
  EXPECT_EQ(parseDuration("15m"), 15min);
  EXPECT_EQ(parseDuration("8h"), 8h);
  EXPECT_EQ(parseDuration("7d"), 168h);
  EXPECT_EQ(parseDuration("36525d"), 24h * 36525);
}

TEST(Duration, IsNothingElse) {
  for (const char* text : {"", "h", "8", "8 h", "0s", "-1h", "+1h", "1.5h", "8hours", "8H", "1w",
                           "36526d", "99999999999999999999s", "9223372036854775807d"}) {
    EXPECT_FALSE(parseDuration(text)) << text;
  }
}

TEST(Duration, IsWrittenInTheLargestUnitThatFits) {
  EXPECT_EQ(formatDuration(90s), "90s");
  EXPECT_EQ(formatDuration(900s), "15m");
  EXPECT_EQ(formatDuration(8h), "8h");
  EXPECT_EQ(formatDuration(48h), "2d");
}

}  // namespace
}  // namespace rtcpub::cli
