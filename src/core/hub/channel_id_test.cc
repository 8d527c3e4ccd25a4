#include "core/hub/channel_id.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace rtcpub {
namespace {

using testing::HasSubstr;

TEST(ChannelId, TakesXidsAndNames) {
  for (const auto& id : {std::string("c40hipepjh65aeq6ndj0"), std::string("x"),
                         std::string("My_Robot-7"), std::string(64, 'a')}) {
    EXPECT_TRUE(checkChannelId(id)) << id;
  }
}

TEST(ChannelId, RefusesOthersAndSaysWhy) {
  EXPECT_THAT(checkChannelId("").error().message, HasSubstr("empty"));
  EXPECT_THAT(checkChannelId(std::string(65, 'a')).error().message, HasSubstr("65 characters"));
  for (const std::string& id :
       {std::string("a b"), std::string("a/b"), std::string(".."), std::string("caf\xc3\xa9"),
        std::string("a\0b", 3), std::string("a\n"), std::string("<script>")}) {
    const auto result = checkChannelId(id);
    ASSERT_FALSE(result) << id;
    EXPECT_EQ(result.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(result.error().message, HasSubstr("A-Z a-z 0-9 _ -"));
  }
}

}  // namespace
}  // namespace rtcpub
