#include "core/limits/json_shape.h"

#include <gtest/gtest.h>

#include <string>

namespace rtcpub::json {
namespace {

std::string repeated(const std::string& text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

TEST(JsonShape, TakesUpToEightLevels) {
  EXPECT_TRUE(isSmall(repeated("[", kMaxDepth) + repeated("]", kMaxDepth)));
  EXPECT_FALSE(isSmall(repeated("[", kMaxDepth + 1) + repeated("]", kMaxDepth + 1)));
  EXPECT_FALSE(isSmall(repeated("{\"a\":", kMaxDepth + 1)));
  EXPECT_TRUE(isSmall(repeated("[]", 10 * kMaxDepth)));
}

TEST(JsonShape, TakesUpToFiveHundredTwelveParts) {
  EXPECT_TRUE(isSmall("[" + repeated("0,", kMaxParts) + "0]"));
  EXPECT_FALSE(isSmall("[" + repeated("0,", kMaxParts + 1) + "0]"));
  EXPECT_FALSE(isSmall("{" + repeated("\"a\":0,", kMaxParts / 2 + 1) + "}"));
}

TEST(JsonShape, CountsNothingInStrings) {
  EXPECT_TRUE(isSmall("{\"a\":\"" + repeated("[,:", 10 * kMaxParts) + "\"}"));
  EXPECT_TRUE(isSmall("\"\\\"" + repeated("[", 100) + "\""));
  EXPECT_FALSE(isSmall("\"\\\\\"" + repeated("[", 100)));
}

TEST(JsonShape, TakesWhatIsNoJson) {
  for (const char* text : {"", "\"", "\"\\", "]]]]", "}", "\"abc", "\"\\\""}) {
    EXPECT_TRUE(isSmall(text)) << text;
  }
}

}  // namespace
}  // namespace rtcpub::json
