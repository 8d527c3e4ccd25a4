#include "core/text/json_members.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rtcpub::json {
namespace {

using testing::ElementsAre;
using testing::Optional;

Json parsed(const char* text) { return Json::parse(text); }

TEST(JsonMembers, AreAbsentWhenTheyAreNull) {
  const Json object = parsed(R"({"a":null,"b":0})");
  EXPECT_EQ(member(object, "a"), nullptr);
  EXPECT_EQ(member(object, "c"), nullptr);
  EXPECT_NE(member(object, "b"), nullptr);
}

TEST(JsonMembers, AreReadWhenTheyAreOfTheirType) {
  const Json object = parsed(R"({"text":"x","number":7,"list":["a","b"],"empty":[]})");
  EXPECT_EQ(*stringMember(object, "text"), "x");
  EXPECT_EQ(integerMember(object, "number", 7), 7);
  EXPECT_THAT(stringsMember(object, "list", 2), Optional(ElementsAre("a", "b")));
  EXPECT_THAT(stringsMember(object, "empty", 0), Optional(ElementsAre()));
}

TEST(JsonMembers, AreNoneWhenTheyAreOfAnother) {
  const Json object = parsed(
      R"({"text":1,"minus":-1,"half":0.5,"much":8,"more":99999999999999999999,"list":["a",1],)"
      R"("long":["a","b"]})");
  EXPECT_EQ(stringMember(object, "text"), nullptr);
  for (const auto* name : {"minus", "half", "much", "more", "list", "absent"}) {
    EXPECT_EQ(integerMember(object, name, 7), std::nullopt) << name;
  }
  EXPECT_EQ(stringsMember(object, "list", 2), std::nullopt);
  EXPECT_EQ(stringsMember(object, "long", 1), std::nullopt);
  EXPECT_EQ(stringsMember(object, "text", 1), std::nullopt);
}

TEST(JsonMembers, AreCountsAsFarAsEveryReaderKnowsThemExactly) {
  const auto object = Json::parse(R"({"most":9007199254740991,"more":9007199254740992,"less":-1})");
  EXPECT_EQ(countMember(object, "most"), kMostExact);
  EXPECT_EQ(countMember(object, "more"), std::nullopt);
  EXPECT_EQ(countMember(object, "less"), std::nullopt);
}

TEST(JsonMembers, AreNumbersWithinBounds) {
  const auto object = Json::parse(R"({"half":0.5,"text":"0.5","flag":true})");
  EXPECT_EQ(numberMember(object, "half", 0, 1), 0.5);
  EXPECT_EQ(numberMember(object, "half", 0.6, 1), std::nullopt);
  EXPECT_EQ(numberMember(object, "text", 0, 1), std::nullopt);
  EXPECT_TRUE(flagMember(object, "flag"));
  EXPECT_FALSE(flagMember(object, "text"));
}

}  // namespace
}  // namespace rtcpub::json
