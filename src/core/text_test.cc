#include "core/text.h"

#include <gtest/gtest.h>

namespace rtcpub::text {
namespace {

TEST(Text, QuotesWithoutControlCharactersAndBounded) {
  EXPECT_EQ(quote("hello"), "\"hello\"");
  EXPECT_EQ(quote("a\r\nb\x1b[31m\xff"), "\"a??b?[31m?\"");
  EXPECT_EQ(quote(std::string(1000, 'x'), 3), "\"xxx...\"");
}

TEST(Text, ReadsWholeDecimalNumbersInRangeOnly) {
  EXPECT_EQ(parseInteger("0", 0, 9), 0);
  EXPECT_EQ(parseInteger("65535", 1, 65535), 65535);
  EXPECT_EQ(parseInteger("007", 1, 9), 7);
  for (const auto* bad : {"", "10", "-1", "+1", " 1", "1 ", "1.0", "0x1", "99999999999999999999"}) {
    EXPECT_EQ(parseInteger(bad, 0, 9), std::nullopt) << bad;
  }
}

TEST(Text, SplitsAtTheFirstSeparator) {
  EXPECT_EQ(splitAt("a?b?c", '?').before, "a");
  EXPECT_EQ(splitAt("a?b?c", '?').after, "b?c");
  EXPECT_EQ(splitAt("a?", '?').after, "");
  EXPECT_EQ(splitAt("a", '?').after, std::nullopt);
}

TEST(Text, FindsControlCharacters) {
  EXPECT_FALSE(hasControl("caf\xc3\xa9 ~"));
  EXPECT_TRUE(hasControl("a\tb"));
  EXPECT_TRUE(hasControl(std::string_view("a\0b", 3)));
}

}  // namespace
}  // namespace rtcpub::text
