// What a viewer saw, led back through the server to the publisher's clock, against the stamp in the
// pixels. Publisher and viewer are ours, on loopback.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "eventually.h"
#include "media/video_switch.h"
#include "peer/ntp_clock.h"
#include "peer_pair.h"
#include "sfu/channel.h"
#include "sfu/member.h"
#include "sfu/transport/network.h"

namespace rtcpub::peer {
namespace {

using testing::eventually;

constexpr Rights kPublisher{Right::kPublish};
constexpr Rights kViewer{Right::kView, Right::kDrive};
constexpr MemberId kRobot = 1;
constexpr MemberId kDriver = 10;
constexpr std::int64_t kFrameUs = 33'334;

/// A channel on a port of its own, and who joins it.
class Server {
 public:
  Server() {
    network_->call([this] {
      channel_ = std::make_unique<sfu::Channel>(
          "x", *network_,
          sfu::Channel::Events{.codecs = [](MemberId, const CodecReport&) {},
                               .refused = [](MemberId, const std::string&) {}});
    });
  }
  ~Server() {
    network_->call([this] {
      members_.clear();
      channel_.reset();
    });
  }

  void join(MemberId id, Rights rights, End& end, Peer& peer) {
    ASSERT_TRUE(end.waitFor([](const End& one) { return !one.offer.empty(); }));
    std::string answered;
    network_->call([&] { answered = admit(id, rights, end.offer); });
    peer.applyAnswer(answered);
  }
  void leave(MemberId id) {
    network_->call(
        [&] { std::erase_if(members_, [id](const auto& member) { return member->id() == id; }); });
  }
  std::optional<std::int64_t> captured(std::uint32_t rtp) {
    std::optional<std::int64_t> us;
    network_->call([&] { us = channel_->capturedNtpUs(kDriver, rtp); });
    return us;
  }

 private:
  std::string admit(MemberId id, Rights rights, const std::string& sdp) {
    const auto offer = sfu::Offer::parse(sdp);
    const auto ice = sfu::Network::newCredentials();
    auto negotiation =
        sfu::answer(*offer, {.rights = rights,
                             .codec = {},
                             .ice = ice,
                             .fingerprint = network_->fingerprint(),
                             .udp = {.addresses = {"127.0.0.1"}, .port = network_->port()},
                             .tcp = {},
                             .ssrcs = {sfu::Network::newSsrc(), sfu::Network::newSsrc(), 7}});
    std::string answered = negotiation->sdp;
    auto member = sfu::Member::make(
        *network_, *channel_,
        {.id = id,
         .clientIce = offer->ice(),
         .parameters = {.member = id,
                        .rights = rights,
                        .ice = ice,
                        .fingerprint = offer->fingerprint(),
                        .dtlsServer = !offer->waitsForDtls(),
                        .negotiation = *std::move(negotiation)}},
        {.stands = [](MemberId) {}, .gone = [](MemberId, bool, const std::string&) {}},
        monotonicNow());
    channel_->join(**member, monotonicNow());
    members_.push_back(*std::move(member));
    if (rights.has(Right::kPublish)) channel_->stamp(id, {}, monotonicNow());
    return answered;
  }

  std::unique_ptr<sfu::Network> network_ = std::move(*sfu::Network::open(/*port=*/0));
  std::unique_ptr<sfu::Channel> channel_;
  std::vector<std::unique_ptr<sfu::Member>> members_;
};

/// Two cameras, of which one is on the air, and the publisher that sends it.
class Robot {
 public:
  Robot(Server& server, MemberId id) {
    EXPECT_TRUE(cameras_.add("front", std::make_shared<PatternSource>(640, 480, 30)));
    EXPECT_TRUE(cameras_.add("rear", std::make_shared<PatternSource>(960, 540, 30)));
    EXPECT_TRUE(peer_->sendVideo(cameras_, {}));
    EXPECT_TRUE(cameras_.start());
    peer_->createOffer();
    server.join(id, kPublisher, end_, *peer_);
  }
  ~Robot() {
    cameras_.stop();
    peer_.reset();
  }
  void select(const std::string& camera) { EXPECT_TRUE(cameras_.select(camera)); }

 private:
  media::VideoSwitch cameras_{[] {}};
  End end_;
  std::unique_ptr<Peer> peer_ = Peer::create({}, end_).value();
};

class CapturedPictures : public ::testing::Test {
 protected:
  CapturedPictures() {
    EXPECT_TRUE(viewer_->receiveVideo({}));
    viewer_->createOffer();
    server_.join(kDriver, kViewer, atViewer_, *viewer_);
  }

  /// How wrong the server is about the newest picture, in microseconds; nothing while it doesn't
  /// know.
  std::optional<std::int64_t> wrongByUs() {
    const auto newest = frame();
    if (!newest || !newest->rtp || !newest->stamp) return std::nullopt;
    const auto ntpUs = server_.captured(*newest->rtp);
    if (!ntpUs) return std::nullopt;
    const auto mapped = fromNtpUs(*ntpUs).time_since_epoch().count();
    return std::abs(static_cast<std::int32_t>(stamp::ageUs(*newest->stamp, mapped)));
  }

  std::optional<End::Seen> frame() {
    const auto frames = atViewer_.snapshot();
    return frames.empty() ? std::nullopt : std::optional(frames.back());
  }

  /// Looks at each picture of so many, from when the first is known.
  void expectTruth(const char* where, int pictures) {
    const Time from = monotonicNow();
    ASSERT_TRUE(eventually([&] { return wrongByUs().has_value(); })) << where;
    const auto waited = std::chrono::duration<double>(monotonicNow() - from).count();
    std::int64_t worst = 0;
    std::uint32_t last = 0;
    for (int looked = 0; looked < pictures;) {
      ASSERT_TRUE(eventually([&] { return frame()->rtp != last; })) << where;
      last = *frame()->rtp;
      const auto wrong = wrongByUs();
      if (!wrong) continue;  // its stamp can't be read
      worst = std::max(worst, *wrong);
      ++looked;
    }
    EXPECT_LE(worst, kFrameUs) << where;
    std::printf("%s: known after %.2f s, wrong by %.1f ms at most\n", where, waited,
                static_cast<double>(worst) / 1000);
  }

  Server server_;
  End atViewer_;
  std::unique_ptr<Peer> viewer_ = Peer::create({}, atViewer_).value();
};

TEST_F(CapturedPictures, AgreeWithTheStampInTheirPixelsWhateverThePublisherDoes) {
  auto robot = std::make_unique<Robot>(server_, kRobot);
  expectTruth("first camera", 40);

  robot->select("rear");
  ASSERT_TRUE(eventually([&] { return frame()->width == 960; }));
  EXPECT_TRUE(server_.captured(*frame()->rtp)) << "a switch of cameras leaves no hole";
  expectTruth("other camera", 40);

  const auto before = *frame()->rtp;
  robot.reset();
  server_.leave(kRobot);
  EXPECT_EQ(server_.captured(before), std::nullopt) << "of a publisher that is gone";
  const auto seen = atViewer_.snapshot().size();
  robot = std::make_unique<Robot>(server_, kRobot + 1);
  ASSERT_TRUE(eventually([&] { return atViewer_.snapshot().size() > seen; }));
  EXPECT_EQ(server_.captured(before), std::nullopt) << "of the publisher before";
  expectTruth("after a reconnect", 40);
}

}  // namespace
}  // namespace rtcpub::peer
