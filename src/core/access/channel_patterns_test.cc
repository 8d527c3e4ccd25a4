#include "core/access/channel_patterns.h"

#include <gtest/gtest.h>

namespace rtcpub {
namespace {

bool matches(const std::string& pattern, std::string_view channel) {
  return ChannelPatterns::make({pattern}).value().match(channel);
}

TEST(ChannelPatterns, MatchAChannelByItsName) {
  EXPECT_TRUE(matches("car-1", "car-1"));
  EXPECT_FALSE(matches("car-1", "car-12"));
  EXPECT_FALSE(matches("car-1", "car-"));
  EXPECT_FALSE(matches("car-1", "Car-1"));
  EXPECT_FALSE(matches("car-1", ""));
}

TEST(ChannelPatterns, TakeAStarForAnyCharactersOrNone) {
  EXPECT_TRUE(matches("car-*", "car-1"));
  EXPECT_TRUE(matches("car-*", "car-"));
  EXPECT_FALSE(matches("car-*", "car"));
  EXPECT_TRUE(matches("*-front", "car-1-front"));
  EXPECT_TRUE(matches("a*b*c", "aXbXbc"));
  EXPECT_FALSE(matches("a*b*c", "aXbXb"));
  EXPECT_TRUE(matches("**", "anything"));
}

TEST(ChannelPatterns, MatchByAnyOfThem) {
  const auto patterns = ChannelPatterns::make({"car-1", "truck-*"}).value();
  EXPECT_TRUE(patterns.match("car-1"));
  EXPECT_TRUE(patterns.match("truck-9"));
  EXPECT_FALSE(patterns.match("car-2"));
  EXPECT_FALSE(patterns.matchAll());
}

TEST(ChannelPatterns, MatchNothingOrEverything) {
  EXPECT_FALSE(ChannelPatterns().match("car-1"));
  EXPECT_FALSE(ChannelPatterns().matchAll());
  EXPECT_TRUE(ChannelPatterns::all().match("car-1"));
  EXPECT_TRUE(ChannelPatterns::all().matchAll());
}

TEST(ChannelPatterns, RefuseWhatNoChannelCanBeCalled) {
  for (const char* text : {"", "a b", "car/1", "car.?", "Kö"}) {
    EXPECT_FALSE(ChannelPatterns::make({text})) << text;
  }
  EXPECT_FALSE(ChannelPatterns::make({}));
  EXPECT_FALSE(ChannelPatterns::make({std::string(129, 'a')}));
  EXPECT_TRUE(ChannelPatterns::make(std::vector<std::string>(64, "a")));
  EXPECT_FALSE(ChannelPatterns::make(std::vector<std::string>(65, "a")));
}

/// By trying all ways this would take longer than the universe has.
TEST(ChannelPatterns, TakeNoLongerForManyStars) {
  std::string pattern;
  while (pattern.size() < 120) pattern += "a*";
  EXPECT_FALSE(matches(pattern + "b", std::string(64, 'a')));
}

}  // namespace
}  // namespace rtcpub
