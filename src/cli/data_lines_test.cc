#include "cli/data_lines.h"

#include <gtest/gtest.h>

namespace rtcpub::cli {
namespace {

TEST(DataLine, SplitsAtTheFirstTab) {
  const auto parts = splitDataLine("stream\t{\"a\":\t1}");
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts->first, "stream");
  EXPECT_EQ(parts->second, "{\"a\":\t1}");
}

TEST(DataLine, IsNoneWithoutATab) { EXPECT_FALSE(splitDataLine("stream {}")); }

TEST(DataLine, ShowsLineBreaksAsText) {
  EXPECT_EQ(dataLine("metric", "one\r\ntwo"), "metric\tone\\ntwo");
}

TEST(DataLine, TellsTheNumberOfBytes) {
  EXPECT_EQ(dataLine("metric", Message::bytes(std::string("\0\1\2", 3))), "metric\t<3 bytes>");
}

}  // namespace
}  // namespace rtcpub::cli
