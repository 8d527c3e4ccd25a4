#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/spider/message.h"

namespace rtcpub::spider {
namespace {

using testing::HasSubstr;

TEST(SpiderTarget, ReadsRoleChannelAndOptions) {
  EXPECT_EQ(
      parseTarget("/live/ws/pub?channel=c40hipepjh65aeq6ndj0&brate=800&ktime=100&vcodec=h264"),
      (ConnectRequest{Role::kPublisher, "c40hipepjh65aeq6ndj0", 800, 100, VideoCodec::kH264}));
  EXPECT_EQ(parseTarget("/live/ws/sub?channel=x"),
            (ConnectRequest{Role::kSubscriber, "x", {}, {}, {}}));
}

TEST(SpiderTarget, IgnoresParametersThatItDoesNotKnow) {
  EXPECT_EQ(parseTarget("/live/ws/sub?channel=x&token=y&vcodec=VP9"),
            (ConnectRequest{Role::kSubscriber, "x", {}, {}, VideoCodec::kVp9}));
}

TEST(SpiderTarget, DoesNotFindOtherPaths) {
  for (const auto* target :
       {"", "/", "?channel=x", "/live/ws/pub/?channel=x", "/live/ws?channel=x",
        "/live/ws/pu%62?channel=x", "http://h/live/ws/pub?channel=x", "/LIVE/WS/PUB?channel=x"}) {
    const auto result = parseTarget(target);
    ASSERT_FALSE(result) << target;
    EXPECT_EQ(result.error().code, ErrorCode::kNotFound) << target;
  }
}

TEST(SpiderTarget, SaysWhatIsWrongWithTheOptions) {
  const auto messageOf = [](const std::string& options) {
    const auto result = parseTarget("/live/ws/pub" + options);
    if (result) return std::string("no error");
    EXPECT_EQ(result.error().code, ErrorCode::kInvalidArgument);
    return result.error().message;
  };
  EXPECT_THAT(messageOf(""), HasSubstr("add ?channel=ID"));
  EXPECT_THAT(messageOf("?brate=1"), HasSubstr("add ?channel=ID"));
  EXPECT_THAT(messageOf("?channel="), HasSubstr("channel id is empty"));
  EXPECT_THAT(messageOf("?channel=a%20b"), HasSubstr("\"a b\""));
  EXPECT_THAT(messageOf("?channel=a#b"), HasSubstr("\"a#b\""));
  EXPECT_THAT(messageOf("?channel=" + std::string(65, 'a')), HasSubstr("65 characters"));
  EXPECT_THAT(messageOf("?channel=a&channel=b"), HasSubstr("more than once"));
  EXPECT_THAT(messageOf("?channel=a&brate=fast"), HasSubstr("brate must be a number"));
  EXPECT_THAT(messageOf("?channel=a&brate=0"), HasSubstr("brate must be a number"));
  EXPECT_THAT(messageOf("?channel=a&ktime=-1"), HasSubstr("ktime must be a number"));
  EXPECT_THAT(messageOf("?channel=a&ktime=99999999999"), HasSubstr("ktime must be a number"));
  EXPECT_THAT(messageOf("?channel=a&vcodec=av1"), HasSubstr("h264, vp8 and vp9"));
  EXPECT_THAT(messageOf("?channel=a&x=%zz"), HasSubstr("hexadecimal"));
}

TEST(SpiderTarget, IsWrittenAsItIsRead) {
  for (const auto* target :
       {"/live/ws/pub?channel=x&brate=800&ktime=100&vcodec=vp8", "/live/ws/sub?channel=a-b_C"}) {
    EXPECT_EQ(formatTarget(parseTarget(target).value()), target);
  }
  EXPECT_EQ(formatTarget({Role::kSubscriber, "a&b", {}, {}, {}}), "/live/ws/sub?channel=a%26b");
}

}  // namespace
}  // namespace rtcpub::spider
