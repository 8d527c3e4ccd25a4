// The temporal layers of what our publisher sends, read from its packets where the server would.
#include <gtest/gtest.h>
#include <modules/rtp_rtcp/source/video_rtp_depacketizer_vp8.h>
#include <modules/rtp_rtcp/source/video_rtp_depacketizer_vp9.h>

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "peer_pair.h"
#include "sfu/router/rtp_packet.h"
#include "sfu/transport/network.h"
#include "sfu/transport/transport.h"

namespace rtcpub::peer {
namespace {

/// What a packet's payload descriptor says (RFC 7741 section 4.2, RFC 9628 section 4.2).
struct Descriptor {
  bool startsFrame = false;
  bool longPictureId = false;  ///< 15 bits, not 7
  int pictureId = -1;
  int temporalLayer = -1;
  bool sync = false;  ///< needs nothing of its own layer or those above
  int baseLayerIndex = -1;
};

Descriptor readVp8(std::span<const std::uint8_t> payload) {
  webrtc::RTPVideoHeader header;
  EXPECT_GT(webrtc::VideoRtpDepacketizerVp8::ParseRtpPayload(payload, &header), 0);
  const auto& vp8 = absl::get<webrtc::RTPVideoHeaderVP8>(header.video_type_header);
  return {.startsFrame = header.is_first_packet_in_frame,
          // The extension's byte is there (X), and a picture id (I) of two bytes (M).
          .longPictureId = (payload[0] & 0x80) && (payload[1] & 0x80) && (payload[2] & 0x80),
          .pictureId = vp8.pictureId,
          .temporalLayer = vp8.temporalIdx == webrtc::kNoTemporalIdx ? -1 : vp8.temporalIdx,
          .sync = vp8.layerSync,
          .baseLayerIndex = vp8.tl0PicIdx};
}

Descriptor readVp9(std::span<const std::uint8_t> payload) {
  webrtc::RTPVideoHeader header;
  EXPECT_GT(webrtc::VideoRtpDepacketizerVp9::ParseRtpPayload(payload, &header), 0);
  const auto& vp9 = absl::get<webrtc::RTPVideoHeaderVP9>(header.video_type_header);
  return {.startsFrame = vp9.beginning_of_frame,
          .longPictureId = (payload[0] & 0x80) && (payload[1] & 0x80),
          .pictureId = vp9.picture_id,
          .temporalLayer = vp9.temporal_idx == webrtc::kNoTemporalIdx ? -1 : vp9.temporal_idx,
          .sync = vp9.temporal_up_switch,
          .baseLayerIndex = vp9.tl0_pic_idx};
}

/// A server for one publisher, which keeps what its packets say. Takes the place of the other peer.
class Tap final : public sfu::TransportEvents {
 public:
  explicit Tap(VideoCodec codec)
      : codec_(codec), network_(std::move(*sfu::Network::open(/*port=*/0))) {}
  ~Tap() override {
    network_->call([this] { transport_.reset(); });
  }

  /// The answer.
  std::string join(const std::string& sdp) {
    std::string made;
    network_->call([&] { made = admit(sdp); });
    return made;
  }

  /// The first packets of so many frames, in order; 20 s at most are waited for them.
  std::vector<Descriptor> frames(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(20), [&] { return frames_.size() >= count; });
    return frames_;
  }

 private:
  std::string admit(const std::string& sdp) {
    const auto offer = sfu::Offer::parse(sdp);
    const auto ice = sfu::Network::newCredentials();
    auto negotiation =
        sfu::answer(*offer, {.rights = Right::kPublish,
                             .codec = codec_,
                             .ice = ice,
                             .fingerprint = network_->fingerprint(),
                             .udp = {.addresses = {"127.0.0.1"}, .port = network_->port()},
                             .tcp = {}});
    std::string answered = negotiation->sdp;
    transport_ = sfu::Transport::create(*network_,
                                        {.rights = Right::kPublish,
                                         .ice = ice,
                                         .fingerprint = offer->fingerprint(),
                                         .dtlsServer = !offer->waitsForDtls(),
                                         .negotiation = std::move(*negotiation)},
                                        *this)
                     .value();
    return answered;
  }

  void onMedia(const sfu::IncomingPacket& packet) override {
    const auto rtp = sfu::RtpPacket::parse(packet.data);
    if (!rtp || rtp->payload().empty()) return;
    const auto descriptor =
        codec_ == VideoCodec::kVp8 ? readVp8(rtp->payload()) : readVp9(rtp->payload());
    if (!descriptor.startsFrame) return;
    const std::lock_guard lock(mutex_);
    frames_.push_back(descriptor);
    changed_.notify_all();
  }
  void onReady() override {}
  void onGone(bool /*closed*/, std::string /*reason*/) override {}
  void onVideoSourceChanged(std::uint32_t /*ssrc*/) override {}
  void onSenderReport(const sfu::SenderReport& /*report*/) override {}
  void onKeyFrameNeeded() override { transport_->requestKeyFrame(); }
  void onNack(std::uint32_t /*ssrc*/, std::span<const std::uint16_t> /*numbers*/) override {}
  void onPictureLost() override {}
  void onEstimate(std::int64_t /*bitsPerSecond*/) override {}
  void onDataMessage(const sfu::DataView& /*message*/) override {}
  [[nodiscard]] std::ptrdiff_t roomForData() const override { return 1; }
  void onDataTaken() override {}
  void onHadTimeToOpen() override {}
  void onDataChannelOpened(const std::string& /*label*/) override {}

  const VideoCodec codec_;
  const std::unique_ptr<sfu::Network> network_;
  std::unique_ptr<sfu::Transport> transport_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Descriptor> frames_;
};

/// The frames that a publisher sends with these layers, each once, in their order: 60 or more, less
/// what was repeated.
std::vector<Descriptor> sent(VideoCodec codec, int layers) {
  PatternSource source(640, 480, 30);
  Tap tap(codec);
  End end;
  const auto publisher = Peer::create({}, end).value();
  EXPECT_TRUE(publisher->sendVideo(source, {.codec = codec, .temporalLayers = layers}));
  EXPECT_TRUE(source.start());
  publisher->createOffer();
  EXPECT_TRUE(end.waitFor([](const End& seen) { return !seen.offer.empty(); }));
  publisher->applyAnswer(tap.join(end.offer));
  auto frames = tap.frames(60);
  source.stop();
  EXPECT_GE(frames.size(), 60U);
  const int first = frames.empty() ? 0 : frames.front().pictureId;
  const auto place = [first](const Descriptor& frame) {
    return (frame.pictureId - first + 0x4000) & 0x7FFF;
  };
  const auto isBefore = [&](const auto& a, const auto& b) { return place(a) < place(b); };
  const auto isSame = [](const auto& a, const auto& b) { return a.pictureId == b.pictureId; };
  std::stable_sort(frames.begin(), frames.end(), isBefore);
  frames.erase(std::unique(frames.begin(), frames.end(), isSame), frames.end());
  return frames;
}

class TemporalLayers : public testing::TestWithParam<VideoCodec> {};

TEST_P(TemporalLayers, AreAsManyAsWereAskedFor) {
  for (const int layers : {2, 3}) {
    const auto frames = sent(GetParam(), layers);
    std::map<int, std::size_t> seen;
    for (const auto& frame : frames) ++seen[frame.temporalLayer];
    ASSERT_EQ(seen.size(), static_cast<std::size_t>(layers));
    EXPECT_EQ(seen.begin()->first, 0);
    EXPECT_EQ(seen.rbegin()->first, layers - 1);
    // Half of the frames are of the highest layer; some less while it begins.
    EXPECT_GT(seen[layers - 1] * 10, frames.size() * 4);
  }
}

TEST_P(TemporalLayers, AreToldSoThatAServerCanLeaveOutTheHigherOnes) {
  const auto frames = sent(GetParam(), 3);
  bool upwards = false;
  for (std::size_t i = 1; i < frames.size(); ++i) {
    const auto& frame = frames[i];
    EXPECT_TRUE(frame.longPictureId);
    EXPECT_EQ(frame.pictureId, (frames[i - 1].pictureId + 1) & 0x7FFF);
    const int further = frame.temporalLayer == 0 ? 1 : 0;
    EXPECT_EQ(frame.baseLayerIndex, (frames[i - 1].baseLayerIndex + further) & 0xFF);
    upwards |= frame.sync && frame.temporalLayer == 2;
  }
  EXPECT_TRUE(upwards);
}

TEST_P(TemporalLayers, AreNotSentUnlessAskedFor) {
  for (const auto& frame : sent(GetParam(), 1)) {
    EXPECT_EQ(frame.temporalLayer, -1);
    EXPECT_TRUE(frame.longPictureId);
  }
}

std::uint64_t framesOf(Peer& peer) {
  std::promise<std::uint64_t> frames;
  peer.stats([&](const PeerStats& stats) { frames.set_value(stats.frames); });
  return frames.get_future().get();
}

TEST_P(TemporalLayers, AreDecodedByAViewerThatGetsAll) {
  PatternSource source(640, 480, 30);
  PeerPair peers;
  ASSERT_TRUE(peers.publisher->sendVideo(source, {.codec = GetParam(), .temporalLayers = 3}));
  ASSERT_TRUE(peers.subscriber->receiveVideo({}));
  ASSERT_TRUE(source.start());
  peers.publisher->createOffer();
  ASSERT_TRUE(peers.atSubscriber.waitForFrames(60));
  const auto encoded = framesOf(*peers.publisher);
  const auto decoded = peers.atSubscriber.snapshot().size();
  source.stop();
  // Not each single one: what is late and not needed by others is left out by the receiver. Half
  // would be missing without the highest layer.
  EXPECT_GT(decoded * 4, encoded * 3);
}

INSTANTIATE_TEST_SUITE_P(Codecs, TemporalLayers,
                         testing::Values(VideoCodec::kVp8, VideoCodec::kVp9),
                         [](const auto& tested) {
                           return tested.param == VideoCodec::kVp8 ? "Vp8" : "Vp9";
                         });

}  // namespace
}  // namespace rtcpub::peer
