// What members of the media server may do, with real clients, and how they go when their rights
// end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "media_server_fixture.h"

namespace rtcpub::sfu {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;
using namespace std::chrono_literals;

constexpr Rights kWatcher{Right::kView};

class MediaServerRightsTest : public MediaServerTest {
 protected:
  /// A publisher that opens these data channels to its viewers.
  std::unique_ptr<Peer> robot(MemberId id, const std::vector<std::string>& openLabels = {}) {
    auto peer = std::make_unique<Peer>(*factory_);
    peer->sendVideo();
    peer->openChannel("metric");
    join(id, kPublisher, *peer, openLabels);
    return peer;
  }

  std::unique_ptr<Peer> viewer(MemberId id, Rights rights, const std::vector<std::string>& labels) {
    auto peer = std::make_unique<Peer>(*factory_);
    peer->receiveVideo();
    for (const auto& label : labels) peer->openChannel(label);
    join(id, rights, *peer);
    for (const auto& label : labels) {
      EXPECT_TRUE(eventually([&] { return peer->opened(label); })) << label;
    }
    return peer;
  }

  /// Once the server has answered, it has read what was sent before.
  static void untilRead(Peer& peer) {
    const auto before = peer.received();
    ASSERT_TRUE(peer.send("rtcpub.clock", R"({"t0":7})"));
    ASSERT_TRUE(eventually([&] { return peer.received() > before; }));
  }

  MemberStats statsOf(MemberId id) {
    for (const auto& one : stats().members) {
      if (one.member == id) return one;
    }
    return {};
  }
};

const std::vector<std::string> kLabels{"stream", "metric",       "chat",
                                       "other",  "rtcpub.clock", "rtcpub.own"};

TEST_F(MediaServerRightsTest, LetsAWatcherReachThePublisherOnNoLabelButOpenedOnes) {
  const auto car = robot(1, {"chat"});
  const auto watcher = viewer(2, kWatcher, kLabels);
  for (const auto* label : {"stream", "metric", "other", "rtcpub.own", "chat"}) {
    ASSERT_TRUE(watcher->send(label, "hello")) << label;
  }
  untilRead(*watcher);
  EXPECT_TRUE(eventually([&] { return !car->messages().empty(); }));
  EXPECT_THAT(car->messages(), ElementsAre("chat: hello"));
  EXPECT_EQ(statsOf(2).refusedMessages, 3U);
  const auto all = events();
  EXPECT_EQ(std::count(all.begin(), all.end(), "refused 2: stream"), 1);
  EXPECT_THAT(all, Not(Contains("refused 2: metric"))) << "it is told once";

  ASSERT_TRUE(eventually([&] { return car->send("metric", "lap"); }));
  EXPECT_TRUE(eventually([&] { return watcher->received() == 2; })) << "it views all the same";
}

TEST_F(MediaServerRightsTest, LetsAWatcherReachAPublisherOnNothingThatIsStillConnecting) {
  Peer car(*factory_);
  car.openChannel("stream");
  const auto answered = answer(1, kPublisher, car.offer(), {"chat"});
  ASSERT_TRUE(answered);
  const auto watcher = viewer(2, kWatcher, kLabels);
  for (const auto* label : {"stream", "chat"}) ASSERT_TRUE(watcher->send(label, "hello"));
  untilRead(*watcher);
  ASSERT_EQ(car.accept(answered->sdp), "");
  EXPECT_TRUE(eventually([&] { return !car.messages().empty(); }));
  EXPECT_THAT(car.messages(), ElementsAre("chat: hello"));
}

TEST_F(MediaServerRightsTest, GoesByANewGrantFromThenOn) {
  const auto car = robot(1);
  const auto watcher = viewer(2, kWatcher, {"stream", "rtcpub.clock"});
  ASSERT_TRUE(watcher->send("stream", "too early"));
  untilRead(*watcher);
  with([](Hub& hub) { return hub.resume(2, {.channel = kChannel, .rights = kViewer}); });
  (void)stats();  // the server has done it
  ASSERT_TRUE(watcher->send("stream", "forward"));
  EXPECT_TRUE(eventually([&] { return !car->messages().empty(); }));
  with([](Hub& hub) { return hub.resume(2, {.channel = kChannel, .rights = kWatcher}); });
  (void)stats();
  ASSERT_TRUE(watcher->send("stream", "too late"));
  untilRead(*watcher);
  EXPECT_THAT(car->messages(), ElementsAre("stream: forward"));
}

TEST_F(MediaServerRightsTest, PassesOnOnceWhatAnHeirSaysThoughTheHubHasNotHeardOfIt) {
  const auto before = robot(1);
  const auto watcher = viewer(2, kViewer, {"rtcpub.clock"});
  Peer newcomer(*factory_);
  newcomer.openChannel("metric");
  hubHears_ = false;
  join(3, kPublisher, newcomer);
  ASSERT_TRUE(eventually([&] { return newcomer.opened("metric"); }));
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(newcomer.send("metric", std::to_string(i)));
  EXPECT_TRUE(eventually([&] { return watcher->received() == 5; })) << watcher->received();
  with([](Hub& hub) { return hub.onStands(3); });
  ASSERT_TRUE(newcomer.send("metric", "5"));
  EXPECT_TRUE(eventually([&] { return watcher->received() == 6; })) << watcher->received();
  EXPECT_THAT(watcher->messages(), ElementsAre("metric: 0", "metric: 1", "metric: 2", "metric: 3",
                                               "metric: 4", "metric: 5"));
}

TEST_F(MediaServerRightsTest, LosesNoFrameOfALiveViewerWhenFiftyOthersExpireAtOnce) {
  constexpr MemberId kFirst = 10;
  constexpr MemberId kOthers = 50;
  const auto car = robot(1);
  std::vector<std::unique_ptr<Peer>> others;
  for (MemberId id = kFirst; id < kFirst + kOthers; ++id) {
    auto& peer = others.emplace_back(std::make_unique<Peer>(*factory_));
    peer->openChannel("stream");
    join(id, kViewer, *peer);
  }
  for (const auto& peer : others) ASSERT_TRUE(eventually([&] { return peer->connected(); }));
  const auto live = viewer(2, kViewer, {"stream"});
  ASSERT_TRUE(eventually([&] { return live->frames() > 30; }));

  const auto before = stats();
  ASSERT_EQ(before.members.size(), kOthers + 2);
  const Time end = monotonicNow();
  with([&](Hub& hub) {
    for (MemberId id = kFirst; id < kFirst + kOthers; ++id) {
      (void)hub.resume(id, {.channel = kChannel, .rights = kViewer, .until = end});
    }
    return Hub::Actions();
  });
  std::chrono::milliseconds latest{0};
  sendsAway_ = true;
  const Time began = monotonicNow();
  with([&](Hub& hub) { return hub.onTime({.monotonic = end, .unixTime = {}}); });
  while (stats().members.size() > 2) latest = std::max(latest, server_->late());
  const auto took = monotonicNow() - began;
  const int frames = live->frames();
  EXPECT_TRUE(eventually([&] { return live->frames() > frames + 30; }));

  const auto after = stats();
  ASSERT_EQ(after.members.size(), 2U);
  EXPECT_EQ(after.packetsOut - before.packetsOut, after.packetsIn - before.packetsIn)
      << "each packet of the publisher has gone to the viewer";
  EXPECT_EQ(after.members[1].retransmitted, before.members[1].retransmitted);
  EXPECT_EQ(after.members[1].droppedFrames, 0U);
  EXPECT_LT(latest, 300ms) << "all went on meanwhile";
  RecordProperty("goodbye_ms", static_cast<int>(took / 1ms));
  for (const auto& peer : others) {
    EXPECT_TRUE(eventually([&] { return !peer->opened("stream"); })) << "it is told";
  }
}

}  // namespace
}  // namespace rtcpub::sfu
