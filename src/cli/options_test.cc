#include "cli/options.h"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>

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

class ConnectionOptionsTest : public testing::Test {
 protected:
  ConnectionOptions parse(const std::string& more) {
    CLI::App command;
    ConnectionOptions options;
    addConnectionOptions(command, options);
    command.parse("--server wss://a --channel b " + more);
    return options;
  }
};

TEST_F(ConnectionOptionsTest, RetryForEverUnlessTold) {
  EXPECT_EQ(parse("").maxRetryTime, std::nullopt);
  EXPECT_EQ(parse("--max-retry-time 0").maxRetryTime, std::chrono::milliseconds(0));
  EXPECT_EQ(parse("--max-retry-time 1.5").maxRetryTime, std::chrono::milliseconds(1500));
  for (const char* text : {"-1", "soon", "inf", "nan", "1e300"}) {
    EXPECT_THROW(parse(std::string("--max-retry-time ") + text), CLI::ParseError) << text;
  }
}

TEST_F(ConnectionOptionsTest, TrickleUnlessTold) {
  EXPECT_TRUE(parse("").trickle);
  EXPECT_FALSE(parse("--no-trickle").trickle);
}

}  // namespace
}  // namespace rtcpub::cli
