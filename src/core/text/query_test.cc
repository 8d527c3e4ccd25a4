#include "core/text/query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rtcpub::query {
namespace {

using testing::HasSubstr;

TEST(Query, ReadsNamesAndValues) {
  EXPECT_EQ(parse("a=1&b=x%20y&c"), (Parameters{{"a", "1"}, {"b", "x y"}, {"c", ""}}));
  EXPECT_EQ(parse("a=b=c"), (Parameters{{"a", "b=c"}}));
  EXPECT_EQ(parse("%61=%3D%26+"), (Parameters{{"a", "=&+"}}));
}

TEST(Query, TakesEmptyPartsForNothing) {
  EXPECT_EQ(parse(""), Parameters{});
  EXPECT_EQ(parse("&&a=1&"), (Parameters{{"a", "1"}}));
}

TEST(Query, RefusesWhatTwoReadersCouldUnderstandInTwoWays) {
  const auto twice = parse("channel=a&channel=b");
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(twice.error().message, HasSubstr("\"channel\" more than once"));
  EXPECT_FALSE(parse("=1"));
}

TEST(Query, RefusesBadPercentSignsAndControlCharacters) {
  for (const auto* bad : {"a=%", "a=%4", "a=%zz", "a=%-1", "%=1", "a=%00", "a=%0d%0a", "a=\n"}) {
    EXPECT_FALSE(parse(bad)) << bad;
  }
}

TEST(Query, IsBounded) {
  EXPECT_TRUE(parse("a=" + std::string(4094, 'x')));
  EXPECT_FALSE(parse("a=" + std::string(4095, 'x')));
  std::string many;
  for (int i = 0; i < 33; ++i) many += std::to_string(i) + "=1&";
  EXPECT_THAT(parse(many).error().message, HasSubstr("32"));
}

TEST(Query, EncodesWhatItDecodes) {
  const std::string text = "a b/\xc3\xa9%&=?~-_.";
  EXPECT_EQ(percentEncode(text), "a%20b%2F%C3%A9%25%26%3D%3F~-_.");
  EXPECT_EQ(percentDecode(percentEncode(text)), text);
}

}  // namespace
}  // namespace rtcpub::query
