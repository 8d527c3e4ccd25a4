// The server's data channels with libwebrtc's peers: what is lost, what is late, and who waits for
// whom.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <future>
#include <thread>

#include "eventually.h"
#include "sfu/media_server.h"
#include "webrtc_peer.h"

namespace rtcpub::sfu {
namespace {

using rtcpub::testing::eventually;
using rtcpub::testing::Peer;
using rtcpub::testing::PeerFactory;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace std::chrono_literals;

/// Peers of a factory stand still until this is destroyed.
class StandStill {
 public:
  explicit StandStill(PeerFactory& factory) { factory.standStill(end_.get_future().share()); }
  ~StandStill() { end_.set_value(); }

 private:
  std::promise<void> end_;
};

std::string numbered(int number, std::size_t size = 0) {
  std::string text = std::to_string(number) + " ";
  text.resize(std::max(size, text.size()), 'x');
  return text;
}

/// The numbers of messages made by numbered(), as they came.
std::vector<int> numbers(const Peer& peer, const std::string& label) {
  std::vector<int> found;
  for (const auto& message : peer.messages()) {
    if (message.starts_with(label + ": "))
      found.push_back(std::stoi(message.substr(label.size() + 2)));
  }
  return found;
}

std::vector<int> upTo(int end) {
  std::vector<int> all(static_cast<std::size_t>(end));
  for (int i = 0; i < end; ++i) all[static_cast<std::size_t>(i)] = i;
  return all;
}

constexpr Rights kPublisher{Right::kPublish};
constexpr Rights kViewer{Right::kView, Right::kDrive};

class MessagesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto server = MediaServer::create({.port = 0}, {});
    ASSERT_TRUE(server) << server.error().message;
    server_ = std::move(*server);
  }

  void join(MemberId id, Rights rights, Peer& peer) {
    std::promise<Result<JoinAnswer>> answered;
    server_->join({.member = id,
                   .rights = rights,
                   .channel = "test",
                   .offer = peer.offer(),
                   .codec = {},
                   .loopback = true},
                  [&](Result<JoinAnswer> result) { answered.set_value(std::move(result)); });
    const auto answer = answered.get_future().get();
    ASSERT_TRUE(answer) << answer.error().message;
    if (rights.has(Right::kPublish)) server_->stampChannel("test", id, {});
    ASSERT_EQ(peer.accept(answer->sdp), "");
  }

  /// Joined, with its channel open.
  std::unique_ptr<Peer> peer(MemberId id, Rights rights, const std::string& label,
                             PeerFactory& factory, const webrtc::DataChannelInit& init = {}) {
    auto made = std::make_unique<Peer>(factory);
    made->openChannel(label, init);
    join(id, rights, *made);
    EXPECT_TRUE(eventually([&] { return made->opened(label); })) << label;
    return made;
  }
  std::unique_ptr<Peer> robot(PeerFactory& factory, const std::string& label = "data",
                              const webrtc::DataChannelInit& init = {}) {
    return peer(1, kPublisher, label, factory, init);
  }
  std::unique_ptr<Peer> viewer(MemberId id, PeerFactory& factory, const std::string& label = "data",
                               const webrtc::DataChannelInit& init = {}) {
    return peer(id, kViewer, label, factory, init);
  }

  MemberStats stats(MemberId id) {
    std::promise<MediaStats> all;
    server_->stats([&](MediaStats result) { all.set_value(std::move(result)); });
    for (const auto& client : all.get_future().get().members) {
      if (client.member == id) return client;
    }
    return {};
  }

  /// The server's thread stands still.
  void standStill(std::chrono::milliseconds time) {
    server_->stats([time](const MediaStats&) { std::this_thread::sleep_for(time); });
  }

  PeerFactory factory_;
  PeerFactory slow_;  // peers that stand still
  std::unique_ptr<MediaServer> server_;
};

TEST_F(MessagesTest, LosesNothingOfABurstOnAReliableChannel) {
  const auto robot = this->robot(factory_);
  const auto viewer = this->viewer(2, factory_);
  for (int i = 0; i < 1200; ++i) ASSERT_TRUE(robot->send("data", numbered(i, 1000)));
  EXPECT_TRUE(eventually([&] { return viewer->received() == 1200; })) << viewer->received();
  EXPECT_EQ(numbers(*viewer, "data"), upTo(1200));
  EXPECT_EQ(stats(2).droppedMessages, 0U);
}

TEST_F(MessagesTest, LosesNothingOfABurstOfSmallMessages) {
  const auto robot = this->robot(factory_);
  const auto viewer = this->viewer(2, factory_);
  for (int i = 0; i < 3000; ++i) ASSERT_TRUE(robot->send("data", numbered(i)));
  EXPECT_TRUE(eventually([&] { return viewer->received() == 3000; })) << viewer->received();
  EXPECT_EQ(numbers(*viewer, "data"), upTo(3000));
}

TEST_F(MessagesTest, HoldsASenderBackUntilItsOnlyReceiverGoesOn) {
  const auto robot = this->robot(factory_);
  const auto viewer = this->viewer(2, slow_);
  {
    const StandStill still(slow_);
    for (int i = 0; i < 1500; ++i) ASSERT_TRUE(robot->send("data", numbered(i, 1000)));
    std::this_thread::sleep_for(1500ms);
    EXPECT_EQ(stats(2).droppedMessages, 0U);
  }
  EXPECT_TRUE(eventually([&] { return viewer->received() == 1500; })) << viewer->received();
  EXPECT_EQ(numbers(*viewer, "data"), upTo(1500));
}

TEST_F(MessagesTest, LetsNobodyWaitForAViewerThatStandsStillAndCountsWhatThatOneLoses) {
  const auto robot = this->robot(factory_);
  const auto viewer = this->viewer(2, factory_);
  const auto still = this->viewer(3, slow_);
  {
    const StandStill pause(slow_);
    for (int i = 0; i < 2500; ++i) ASSERT_TRUE(robot->send("data", numbered(i, 1000)));
    EXPECT_TRUE(eventually([&] { return viewer->received() == 2500; })) << viewer->received();
  }
  EXPECT_EQ(numbers(*viewer, "data"), upTo(2500));
  ASSERT_TRUE(eventually([&] {
    const auto seen = numbers(*still, "data");
    return !seen.empty() && seen.back() == 2499;
  }));
  const auto seen = numbers(*still, "data");
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
  EXPECT_EQ(seen.size() + stats(3).droppedMessages, 2500U);
  EXPECT_EQ(stats(2).droppedMessages, 0U);
}

TEST_F(MessagesTest, KeepsOneViewersFloodFromDelayingAnothersCommands) {
  const auto robot = this->robot(slow_);
  const auto flood = this->viewer(2, factory_);
  const auto driver = this->viewer(3, factory_);
  {
    const StandStill still(slow_);
    for (int i = 0; i < 12; ++i) ASSERT_TRUE(flood->send("data", numbered(i, 100'000)));
    std::this_thread::sleep_for(300ms);
    for (int i = 100; i < 150; ++i) ASSERT_TRUE(driver->send("data", numbered(i)));
    std::this_thread::sleep_for(300ms);
  }
  ASSERT_TRUE(eventually([&] { return robot->received() == 62; })) << robot->received();
  const auto all = numbers(*robot, "data");
  const auto isCommand = [](int number) { return number >= 100; };
  const auto lastCommand = std::find(all.begin(), all.end(), 149);
  // One is on its way when they come, and one more where they weren't all there yet.
  EXPECT_LE(std::count_if(all.begin(), lastCommand, std::not_fn(isCommand)), 6);
  EXPECT_TRUE(std::is_sorted(all.begin(), lastCommand,
                             [&](int a, int b) { return isCommand(a) == isCommand(b) && a < b; }));
  EXPECT_EQ(stats(1).droppedMessages, 0U);
}

TEST_F(MessagesTest, HandsNothingOnThatIsOlderThanItsChannelAllowsAfterItStoodStill) {
  const webrtc::DataChannelInit shortLived{.ordered = false, .maxRetransmitTime = 100};
  const auto robot = this->robot(factory_, "stream");
  const auto viewer = this->viewer(2, factory_, "stream", shortLived);
  ASSERT_TRUE(viewer->send("stream", numbered(0)));
  ASSERT_TRUE(eventually([&] { return robot->received() == 1; }));
  standStill(1500ms);
  std::this_thread::sleep_for(100ms);
  for (int i = 1; i <= 20; ++i) {  // all are half a second old, or more, when it goes on
    ASSERT_TRUE(viewer->send("stream", numbered(i)));
    std::this_thread::sleep_for(20ms);
  }
  ASSERT_TRUE(eventually([&] { return stats(2).staleMessages > 0; }));
  ASSERT_TRUE(eventually([&] { return viewer->send("stream", numbered(21)); }));
  ASSERT_TRUE(eventually([&] { return robot->received() > 1; }));
  EXPECT_THAT(numbers(*robot, "stream"), ElementsAre(0, 21));
}

TEST_F(MessagesTest, HoldsToTheStricterOfBothSidesOptions) {
  const auto robot = this->robot(slow_, "stream", {.maxRetransmits = 0});
  const auto viewer = this->viewer(2, factory_, "stream");  // reliable
  {
    const StandStill still(slow_);
    // More than SCTP puts on the wire before the first is acknowledged: these wait in the server.
    for (int i = 0; i < 40; ++i) ASSERT_TRUE(viewer->send("stream", numbered(i, 1000)));
    std::this_thread::sleep_for(500ms);
  }
  ASSERT_TRUE(eventually([&] {
    (void)viewer->send("stream", numbered(99));
    const auto seen = numbers(*robot, "stream");
    return !seen.empty() && seen.back() == 99;
  }));
  const auto seen = numbers(*robot, "stream");
  EXPECT_TRUE(std::none_of(seen.begin(), seen.end(), [](int n) { return n >= 20 && n < 40; }));
  EXPECT_GE(stats(1).staleMessages, 20U);
}

TEST_F(MessagesTest, WaitsForTheChannelThatTheReceiverOpensItself) {
  const auto viewer = this->viewer(2, factory_, "stream");
  Peer robot(factory_);
  robot.openChannel("metric");
  join(1, kPublisher, robot);
  ASSERT_TRUE(viewer->send("stream", "before"));
  ASSERT_TRUE(eventually([&] { return robot.opened("metric"); }));
  robot.openChannel("stream");
  ASSERT_TRUE(eventually([&] { return robot.received() == 1; }));
  ASSERT_TRUE(viewer->send("stream", "after"));
  ASSERT_TRUE(eventually([&] { return robot.received() == 2; }));
  EXPECT_THAT(robot.messages(), ElementsAre("stream: before", "stream: after"));
  EXPECT_EQ(robot.openedByOther(), 0);
}

TEST_F(MessagesTest, OpensAChannelForAReceiverThatHasNotDoneSo) {
  const auto robot = this->robot(factory_, "metric");
  const auto viewer = this->viewer(2, factory_, "stream");
  ASSERT_TRUE(viewer->send("stream", "for the robot"));
  EXPECT_TRUE(eventually([&] { return robot->received() == 1; }));
  EXPECT_EQ(robot->openedByOther(), 1);
}

TEST_F(MessagesTest, RefusesLabelsThatAreNotUtf8) {
  const auto robot = this->robot(factory_);
  Peer viewer(factory_);
  viewer.openChannel("caf\xe9");
  viewer.openChannel("caf\xc3\xa9");
  join(2, kViewer, viewer);
  ASSERT_TRUE(eventually([&] { return viewer.opened("caf\xc3\xa9"); }));
  EXPECT_TRUE(eventually([&] { return viewer.closed("caf\xe9"); }));
  ASSERT_TRUE(viewer.send("caf\xc3\xa9", "hello"));
  EXPECT_TRUE(eventually([&] { return robot->received() == 1; }));
  EXPECT_THAT(robot->messages(), ElementsAre("caf\xc3\xa9: hello"));
}

TEST_F(MessagesTest, DropsAndCountsWhatComesOnChannelsThatNobodyOpened) {
  const auto robot = this->robot(factory_);
  const auto viewer = this->viewer(2, factory_, "negotiated", {.negotiated = true, .id = 4});
  ASSERT_TRUE(viewer->send("negotiated", "for whom?"));
  EXPECT_TRUE(eventually([&] { return stats(2).droppedMessages == 1; }));
  EXPECT_THAT(robot->messages(), IsEmpty());
}

}  // namespace
}  // namespace rtcpub::sfu
