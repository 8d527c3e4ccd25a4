#include "core/text/text.h"

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

TEST(Text, TellsUtf8FromOtherBytes) {
  for (const char* good : {"", "stream", "카메라", "\xC3\xA9", "\xE0\xA0\x80", "\xED\x9F\xBF",
                           "\xEE\x80\x80", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(isUtf8(good)) << good;
  }
  EXPECT_TRUE(isUtf8(std::string_view("\0", 1)));
  for (const char* bad : {"\x80", "\xC3", "a\xC3", "\xC3(", "\xC0\xAF", "\xC1\xBF", "\xE0\x9F\xBF",
                          "\xE2\x82", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF", "\xF0\x90\x80",
                          "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF"}) {
    EXPECT_FALSE(isUtf8(bad)) << bad;
  }
}

}  // namespace
}  // namespace rtcpub::text
