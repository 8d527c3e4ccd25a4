#include "cli/options.h"

#include <gtest/gtest.h>

namespace rtcpub::cli {
namespace {

TEST(Bitrate, TakesUnits) {
  EXPECT_EQ(parseBitrateKbps("2M"), 2000);
  EXPECT_EQ(parseBitrateKbps("1.5M"), 1500);
  EXPECT_EQ(parseBitrateKbps("800k"), 800);
  EXPECT_EQ(parseBitrateKbps("1500000"), 1500);
}

TEST(Bitrate, RefusesWhatIsNone) {
  for (const char* text : {"", "M", "2G", "-1M", "0", "2 M", "nan", "inf", "1e300M"}) {
    EXPECT_THROW((void)parseBitrateKbps(text), CLI::ValidationError) << text;
  }
}

}  // namespace
}  // namespace rtcpub::cli
