#include "core/session/spider_carrier.h"

#include "core/session/session_fixture.h"
#include "core/spider/message.h"

namespace rtcpub::session::spider_carrier {
namespace {

FromServer heard(const spider::Message& message) {
  const auto event = eventOf(spider::format(message));
  const auto* const heard = event ? std::get_if<Heard>(&*event) : nullptr;
  EXPECT_NE(heard, nullptr) << spider::format(message);
  return heard == nullptr ? FromServer(Bye{}) : heard->what;
}

TEST(SpiderCarrier, HearsAllThatAServerSays) {
  const Candidate candidate{"candidate:1", "0", 0, "abcd"};
  EXPECT_EQ(heard(spider::Offer{"R"}), FromServer(Offer{"R"}));
  EXPECT_EQ(heard(spider::Answer{"A"}), FromServer(Answer{"A"}));
  EXPECT_EQ(heard(candidate), FromServer(candidate));
  EXPECT_EQ(heard(spider::Joins{"x", 1, 3}), FromServer(Members{1, 3}));
  EXPECT_EQ(heard(spider::ServerError{"expired", "over"}),
            FromServer(ServerError{"expired", "over"}));
  const CodecReport report{.sent = "VP8", .viewers = 1, .vp8 = 1};
  EXPECT_EQ(heard(spider::Codecs{report}), FromServer(report));
  EXPECT_EQ(heard(spider::Notice{"no-right", "not forwarded"}),
            FromServer(Notice{"no-right", "not forwarded"}));
  EXPECT_EQ(heard(spider::Ping{}), FromServer(Ping{}));
  EXPECT_EQ(heard(spider::Close{}), FromServer(Bye{}));
}

TEST(SpiderCarrier, SaysAllThatASessionSays) {
  const Candidate candidate{"candidate:1", "0", 0, {}};
  EXPECT_EQ(textFor(Offer{"O"}), R"({"type":"offer","data":"O"})");
  EXPECT_EQ(textFor(Offer{"O", {"chat"}}), R"({"type":"offer","data":"O","open":["chat"]})");
  EXPECT_EQ(textFor(Answer{"B"}), R"({"type":"answer","data":"B"})");
  EXPECT_EQ(textFor(candidate), spider::format(candidate));
  EXPECT_EQ(textFor(Ping{}), R"({"type":"ping"})");
}

TEST(SpiderCarrier, AsksForAChannelByTheUrl) {
  EXPECT_EQ(targetFor({.role = Role::kSubscriber, .channel = "x"}), "/live/ws/sub?channel=x");
  EXPECT_EQ(targetFor({.role = Role::kPublisher,
                       .channel = "car-1",
                       .bitrateKbps = 2000,
                       .keyFrameInterval = 100,
                       .codec = VideoCodec::kVp8}),
            "/live/ws/pub?channel=car-1&brate=2000&ktime=100&vcodec=vp8");
}

TEST(SpiderCarrier, PassesOverMessagesOfANewerProtocol) {
  EXPECT_EQ(eventOf(R"({"type":"weather","data":"fine"})"), std::nullopt);
  EXPECT_EQ(eventOf(R"({"type":"joins","data":"5"})"), std::nullopt);
}

class SpiderSessionTest : public SessionTest {};

TEST_F(SpiderSessionTest, EndsOnNonsenseWithoutRepeatingIt) {
  offer();
  const auto event = eventOf("<html>" + std::string(100000, 'x'));
  ASSERT_TRUE(event);
  const auto error = endOf(*event);
  EXPECT_EQ(error.code, ErrorCode::kProtocol);
  EXPECT_THAT(error.message, HasSubstr("not JSON"));
  EXPECT_LT(error.message.size(), 300U);
}

}  // namespace
}  // namespace rtcpub::session::spider_carrier
