#include "sfu/channel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sfu/member.h"
#include "sfu/transport/network.h"

namespace rtcpub::sfu {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr Rights kPublisher{Right::kPublish};
constexpr Rights kWatcher{Right::kView};
constexpr Rights kDriver{Right::kView, Right::kDrive};

/// Video and data channels, of a client that is yet to connect.
constexpr const char* kOffer =
    "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n"
    "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\na=setup:actpass\r\n"
    "a=fingerprint:sha-256 34:F1:09:0F:46:E3:C4:E0:C9:02:BF:12:F6:A0:AD:A2:D8:03:D6:DA:48:AE:42:95:"
    "F9:0B:10:A3:AF:C6:E0:AC\r\n"
    "m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=sendrecv\r\na=rtcp-mux\r\n"
    "a=rtpmap:96 VP8/90000\r\n"
    "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\n"
    "a=sctp-port:5000\r\n";

/// Members whose transports never stand: what is passed on to them waits there, where it is seen.
/// All happens on the network thread.
class ChannelTest : public ::testing::Test {
 protected:
  ChannelTest() : network_(*Network::open(0, Reach::kThisMachine)) {}

  ~ChannelTest() override {
    onNetwork([this] {
      members_.clear();
      channel_.reset();
    });
  }

  void SetUp() override {
    onNetwork([this] {
      channel_ = std::make_unique<Channel>(
          "x", *network_,
          Channel::Events{.codecs = [](MemberId, const CodecReport&) {},
                          .refused =
                              [this](MemberId id, const std::string& label) {
                                refused_.push_back(std::to_string(id) + " on " + label);
                              }});
    });
  }

  void onNetwork(const std::function<void()>& task) { network_->call(task); }

  Member& join(MemberId id, Rights rights) {
    const auto offer = Offer::parse(kOffer);
    EXPECT_TRUE(offer);
    const AnswerOptions options{.rights = rights,
                                .codec = {},
                                .ice = Network::newCredentials(),
                                .fingerprint = network_->fingerprint(),
                                .udp = {},
                                .tcp = {},
                                .ssrcs = {Network::newSsrc(), Network::newSsrc(), 7}};
    auto negotiation = answer(*offer, options);
    EXPECT_TRUE(negotiation);
    auto member = Member::make(*network_, *channel_,
                               {.id = id,
                                .clientIce = offer->ice(),
                                .parameters = {.member = id,
                                               .rights = rights,
                                               .ice = options.ice,
                                               .fingerprint = offer->fingerprint(),
                                               .negotiation = *std::move(negotiation)}},
                               {.stands = [](MemberId) {}, .gone = {}}, monotonicNow());
    EXPECT_TRUE(member);
    channel_->join(**member, monotonicNow());
    members_.push_back(*std::move(member));
    return *members_.back();
  }

  void stamp(std::optional<MemberId> publisher, std::vector<std::string> openLabels = {}) {
    channel_->stamp(publisher, std::move(openLabels), monotonicNow());
  }

  void say(Member& from, const std::string& label) {
    const DataChannelOptions reliable;
    channel_->onDataMessage(from, {.label = label,
                                   .options = reliable,
                                   .data = "forward",
                                   .since = monotonicNow(),
                                   .sender = from.id()});
  }

  /// Whether something of this sender waits for the member.
  static bool got(Member& member, const Member& from) {
    return member.transport().roomForData(from.id()) != PTRDIFF_MAX;
  }

  std::unique_ptr<Network> network_;
  std::unique_ptr<Channel> channel_;
  std::vector<std::unique_ptr<Member>> members_;
  std::vector<std::string> refused_;
};

TEST_F(ChannelTest, PassesOnToThePublisherWhatADriverSays) {
  onNetwork([this] {
    auto& robot = join(1, kPublisher);
    auto& driver = join(2, kDriver);
    stamp(1);
    say(driver, "stream");
    EXPECT_TRUE(got(robot, driver));
    EXPECT_THAT(refused_, IsEmpty());
  });
}

TEST_F(ChannelTest, PassesOnNothingOfAWatcherButOnLabelsThatThePublisherOpened) {
  onNetwork([this] {
    auto& robot = join(1, kPublisher);
    auto& watcher = join(2, kWatcher);
    stamp(1, {"chat"});
    for (const auto* label : {"stream", "metric", "", "Chat", "chat ", "chat2", "cha"}) {
      say(watcher, label);
    }
    EXPECT_FALSE(got(robot, watcher));
    say(watcher, "chat");
    EXPECT_TRUE(got(robot, watcher));
  });
}

TEST_F(ChannelTest, CountsWhatItDoesNotPassOnAndTellsOnce) {
  onNetwork([this] {
    join(1, kPublisher);
    auto& watcher = join(2, kWatcher);
    stamp(1);
    for (int i = 0; i < 3; ++i) say(watcher, "stream");
    say(watcher, "other");
    EXPECT_THAT(refused_, ElementsAre("2 on stream"));
    EXPECT_EQ(watcher.stats().refusedMessages, 4U);
    EXPECT_EQ(channel_->totals().droppedMessages.noRight, 4U);
  });
}

TEST_F(ChannelTest, HoldsItAgainstNobodyThatThereIsNoPublisher) {
  onNetwork([this] {
    auto& watcher = join(2, kWatcher);
    say(watcher, "stream");
    EXPECT_THAT(refused_, IsEmpty());
    auto& robot = join(1, kPublisher);
    stamp(1, {"stream"});
    EXPECT_FALSE(got(robot, watcher)) << "it was said before it came";
  });
}

TEST_F(ChannelTest, GoesByTheLabelsThatWereStampedLast) {
  onNetwork([this] {
    auto& robot = join(1, kPublisher);
    auto& watcher = join(2, kWatcher);
    stamp(1, {"chat"});
    stamp(1, {"hands"});
    say(watcher, "chat");
    EXPECT_FALSE(got(robot, watcher));
    say(watcher, "hands");
    EXPECT_TRUE(got(robot, watcher));
  });
}

TEST_F(ChannelTest, GoesByTheRightsThatWereStampedLast) {
  onNetwork([this] {
    auto& robot = join(1, kPublisher);
    auto& viewer = join(2, kDriver);
    stamp(1);
    channel_->stampRights(viewer, kWatcher, monotonicNow());
    say(viewer, "stream");
    EXPECT_FALSE(got(robot, viewer));
    channel_->stampRights(viewer, kDriver, monotonicNow());
    say(viewer, "stream");
    EXPECT_TRUE(got(robot, viewer));
  });
}

TEST_F(ChannelTest, DropsWhatWaitsForThePublisherOfOneWhoMayNotDriveAnyMore) {
  onNetwork([this] {
    auto& robot = join(1, kPublisher);
    auto& driver = join(2, kDriver);
    auto& other = join(3, kDriver);
    stamp(1, {"chat"});
    for (auto* member : {&driver, &other}) say(*member, "stream");
    channel_->stampRights(driver, kWatcher, monotonicNow());
    EXPECT_FALSE(got(robot, driver));
    EXPECT_TRUE(got(robot, other)) << "it still may";
    EXPECT_EQ(channel_->totals().droppedMessages.noRight, 1U);
    say(driver, "chat");
    channel_->stampRights(driver, kWatcher, monotonicNow());
    EXPECT_TRUE(got(robot, driver)) << "that takes no right to drive";
    channel_->stampRights(driver, {}, monotonicNow());  // it is sent away
    EXPECT_FALSE(got(robot, driver));
  });
}

TEST_F(ChannelTest, DropsWhatWaitsForThePublisherOnALabelThatItCloses) {
  onNetwork([this] {
    auto& robot = join(1, kPublisher);
    auto& watcher = join(2, kWatcher);
    auto& driver = join(3, kDriver);
    stamp(1, {"chat"});
    for (auto* member : {&watcher, &driver}) say(*member, "chat");
    stamp(1);
    EXPECT_FALSE(got(robot, watcher));
    EXPECT_TRUE(got(robot, driver));
  });
}

TEST_F(ChannelTest, PassesOnTheLastWordsOfADriverThatLeaves) {
  onNetwork([this] {
    auto& robot = join(1, kPublisher);
    auto& driver = join(2, kDriver);
    stamp(1);
    say(driver, "stream");
    members_.pop_back();
    EXPECT_NE(robot.transport().roomForData(2), PTRDIFF_MAX);
  });
}

TEST_F(ChannelTest, TakesMessagesOfThePublisherThatIsStampedOnly) {
  onNetwork([this] {
    auto& robot = join(1, kPublisher);
    auto& newcomer = join(2, kPublisher);
    auto& driver = join(3, kDriver);
    stamp(1);
    EXPECT_EQ(channel_->roomForData(robot), PTRDIFF_MAX);
    EXPECT_EQ(channel_->roomForData(newcomer), 0) << "it waits in its transport";
    say(newcomer, "metric");
    EXPECT_EQ(channel_->totals().droppedMessages.noRight, 1U);
    stamp(2);
    EXPECT_EQ(channel_->roomForData(newcomer), PTRDIFF_MAX);
    say(driver, "stream");
    EXPECT_TRUE(got(newcomer, driver));
    EXPECT_FALSE(got(robot, driver));
  });
}

TEST_F(ChannelTest, SeatsAnHeirWhoseTransportStandsWithTheLabelsThatItOpens) {
  onNetwork([this] {
    auto& robot = join(1, kPublisher);
    auto& heir = join(2, kPublisher);
    auto& watcher = join(3, kWatcher);
    stamp(1, {"chat"});
    channel_->stampHeir(2, {"hands"}, monotonicNow());
    say(watcher, "chat");
    EXPECT_TRUE(got(robot, watcher)) << "the heir isn't connected yet";
    channel_->onStands(heir);
    EXPECT_EQ(channel_->roomForData(heir), PTRDIFF_MAX);
    EXPECT_EQ(channel_->roomForData(robot), 0);
    stamp(1, {"chat", "more"});  // from before the hub heard
    say(watcher, "chat");
    EXPECT_FALSE(got(heir, watcher)) << "it opens other labels";
    say(watcher, "hands");
    EXPECT_TRUE(got(heir, watcher));
    stamp(2, {"hands"});
    EXPECT_EQ(channel_->roomForData(heir), PTRDIFF_MAX);
  });
}

TEST_F(ChannelTest, SeatsNobodyThatIsNoHeirWhenItsTransportStands) {
  onNetwork([this] {
    auto& robot = join(1, kPublisher);
    auto& newcomer = join(2, kPublisher);
    stamp(1);
    channel_->onStands(newcomer);
    EXPECT_EQ(channel_->roomForData(robot), PTRDIFF_MAX);
    EXPECT_EQ(channel_->roomForData(newcomer), 0);
  });
}

TEST_F(ChannelTest, SeatsThePublisherOfTheStampAgainWhenAnHeirGoes) {
  onNetwork([this] {
    auto& robot = join(1, kPublisher);
    auto& heir = join(2, kPublisher);
    stamp(1);
    channel_->stampHeir(2, {}, monotonicNow());
    channel_->onStands(heir);
    EXPECT_EQ(channel_->roomForData(robot), 0);
    members_.pop_back();
    EXPECT_EQ(channel_->roomForData(robot), PTRDIFF_MAX);
  });
}

TEST_F(ChannelTest, LeavesAnHeirNothingThatBeginsAnewAsAViewer) {
  onNetwork([this] {
    auto& robot = join(1, kPublisher);
    auto& heir = join(2, kPublisher);
    stamp(1);
    channel_->stampHeir(2, {}, monotonicNow());
    channel_->onStands(heir);
    auto& viewer = join(2, kDriver);
    EXPECT_EQ(channel_->roomForData(robot), PTRDIFF_MAX);
    channel_->stampHeir(2, {}, monotonicNow());  // from when it was none
    channel_->onStands(viewer);
    EXPECT_EQ(channel_->roomForData(robot), PTRDIFF_MAX);
  });
}

TEST_F(ChannelTest, KeepsTheStampForAPublisherThatBeginsAnew) {
  onNetwork([this] {
    join(1, kPublisher);
    auto& driver = join(2, kDriver);
    stamp(1);
    auto& again = join(1, kPublisher);
    say(driver, "stream");
    EXPECT_TRUE(got(again, driver));
    members_.erase(members_.begin());  // the one before; it is in no channel any more
    say(driver, "stream");
    EXPECT_EQ(channel_->roomForData(again), PTRDIFF_MAX);
    stamp(std::nullopt);
    EXPECT_EQ(channel_->roomForData(again), 0);
  });
}

TEST_F(ChannelTest, ForgetsThoseThatLeave) {
  onNetwork([this] {
    join(1, kPublisher);
    join(2, kDriver);
    stamp(1);
    EXPECT_FALSE(channel_->empty());
    members_.clear();
    EXPECT_TRUE(channel_->empty());
  });
}

}  // namespace
}  // namespace rtcpub::sfu
