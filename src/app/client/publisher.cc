#include "rtcpub/publisher.h"

#include <functional>
#include <string_view>
#include <utility>

#include "app/client/cameras.h"
#include "app/client/client.h"
#include "app/client/outgoing_codec.h"
#include "core/codec.h"
#include "core/text/text.h"
#include "media/encoders/encoder_chain.h"

namespace rtcpub {
namespace {

constexpr int kMinBitrateKbps = 30;
constexpr int kMaxBitrateKbps = 50'000;
/// The one encoder that makes two codecs.
constexpr std::string_view kVpxEncoder = "libvpx";

/// Runs on: the signalling loop, but for what is said before run().
class OutgoingMedia final : public ClientMedia {
 public:
  OutgoingMedia(const PublisherOptions& options, peer::VideoSendOptions sending)
      : sending_(std::move(sending)), cameras_(options.autoRear) {}

  /// Before run(): what to do when another codec is to be sent.
  void whenCodecChanges(std::function<void(VideoCodec)> change) {
    changeCodec_ = std::move(change);
  }
  [[nodiscard]] Cameras& cameras() { return cameras_; }
  [[nodiscard]] const peer::VideoSendOptions& sending() const { return sending_; }

  Result<void> attach(peer::Peer& peer) override {
    auto* const source = cameras_.source();
    if (source == nullptr) return {};
    codec_.begin(sending_.codec.has_value() || source->codec().has_value());
    auto options = sending_;
    options.first = codec_.first();
    return peer.sendVideo(*source, options);
  }
  void detach() override {
    if (auto* const source = cameras_.source()) source->connect({});
  }
  void onFrame(const VideoFrame& /*frame*/) override {}
  void onMessage(const std::string& label, const Message& message) override {
    cameras_.onMessage(label, message);
  }
  void onChannelOpen(const std::string& label) override { cameras_.onChannelOpen(label); }
  std::optional<CodecMismatch> onCodecs(const CodecReport& report) override {
    if (codec_.onReport(report, monotonicNow())) changeCodec_(codec_.first());
    return codec_.mismatch();
  }
  void onSecond() override {
    cameras_.tellChanges();
    if (codec_.onTime(monotonicNow())) changeCodec_(codec_.first());
  }
  void close() override {}

 private:
  const peer::VideoSendOptions sending_;
  Cameras cameras_;
  OutgoingCodec codec_;
  std::function<void(VideoCodec)> changeCodec_;
};

Result<ClientSetup> check(const PublisherOptions& options) {
  auto setup = checkConnection(options, Role::kPublisher);
  if (!setup) return setup;
  if (options.bitrateKbps < kMinBitrateKbps || options.bitrateKbps > kMaxBitrateKbps) {
    return fail(ErrorCode::kInvalidArgument,
                "a bitrate of " + std::to_string(options.bitrateKbps) +
                    " kbit/s is out of range: 30 kbit/s to 50 Mbit/s is possible");
  }
  if (options.keyFrameInterval < 1) {
    return fail(ErrorCode::kInvalidArgument, "a key frame interval of " +
                                                 std::to_string(options.keyFrameInterval) +
                                                 " frames is not possible: it must be 1 or more");
  }
  if (options.temporalLayers < 1 || options.temporalLayers > kMaxTemporalLayers) {
    return fail(ErrorCode::kInvalidArgument, std::to_string(options.temporalLayers) +
                                                 " temporal layers are not possible: 1 to 3 are");
  }
  setup->join.bitrateKbps = options.bitrateKbps;
  setup->join.keyFrameInterval = options.keyFrameInterval;
  return setup;
}

/// The codec that is asked for: by its name, or by an encoder's that makes no other.
Result<std::optional<VideoCodec>> wantedCodec(const PublisherOptions& options) {
  const auto made = media::codecOf(options.encoder);
  if (!made || !options.codec) return options.codec ? options.codec : made;
  const bool fits =
      options.encoder == kVpxEncoder ? options.codec != VideoCodec::kH264 : options.codec == made;
  if (fits) return options.codec;
  return fail(ErrorCode::kInvalidArgument,
              "the encoder " + text::quote(options.encoder) + " does not make " +
                  std::string(name(*options.codec)) + ": leave out one of the two");
}

/// Only the engine's encoders make layers, and only of these codecs.
Result<void> checkLayers(int layers, std::optional<VideoCodec> codec) {
  if (layers == 1 || (codec && canHaveLayers(*codec))) return {};
  return fail(ErrorCode::kInvalidArgument,
              "temporal layers are made of vp8 and vp9 only, and " +
                  std::string(codec ? name(*codec) : "no codec") +
                  " is chosen: choose one of the two, or leave the layers out");
}

Result<peer::VideoSendOptions> sendOptions(const PublisherOptions& options) {
  auto codec = wantedCodec(options);
  if (!codec) return tl::unexpected(codec.error());
  if (auto possible = checkLayers(options.temporalLayers, *codec); !possible) {
    return tl::unexpected(possible.error());
  }
  auto encoders = media::makeEncoders(options.encoder);
  if (!encoders) return tl::unexpected(encoders.error());
  return peer::VideoSendOptions{.codec = *codec,
                                .bitrateKbps = options.bitrateKbps,
                                .keyFrameInterval = options.keyFrameInterval,
                                .intraRefresh = options.intraRefresh,
                                .temporalLayers = options.temporalLayers,
                                .encoders = *std::move(encoders)};
}

tl::unexpected<Error> tooLate(const std::string& what) {
  return fail(ErrorCode::kInvalidArgument, what + " comes too late: add it before run()");
}

/// Whether video that comes encoded can be sent as it is; if not, raw pictures are asked for.
Result<void> checkEncoded(VideoSource& source, const peer::VideoSendOptions& sending) {
  const bool other =
      sending.codec && sending.codec != VideoCodec::kH264 && source.codec() != sending.codec;
  if ((other || sending.temporalLayers > 1) && source.preferRaw()) return {};
  const auto codec = source.codec();
  if (!codec) return {};
  const std::string comesIn(name(*codec));
  if (codec == VideoCodec::kVp9) {
    return fail(ErrorCode::kUnsupported,
                "the video comes encoded in vp9, which can't be sent as it comes: send h264 or "
                "vp8, or raw pictures");
  }
  if (sending.codec && sending.codec != codec) {
    return fail(ErrorCode::kInvalidArgument,
                "the video comes encoded in " + comesIn + ", but " +
                    std::string(name(*sending.codec)) +
                    " is to be sent: leave the codec open, or open the video without pass-through "
                    "(passThrough = false)");
  }
  if (sending.temporalLayers > 1) {
    return fail(ErrorCode::kInvalidArgument,
                "the video comes encoded in " + comesIn +
                    ", of which no temporal layers can be made: leave them out, or open the video "
                    "without pass-through (passThrough = false)");
  }
  return {};
}

}  // namespace

class Publisher::Impl {
 public:
  Impl(ClientSetup setup, std::unique_ptr<OutgoingMedia> outgoing)
      : media(*outgoing), client(std::move(setup), std::move(outgoing)) {
    media.whenCodecChanges([this](VideoCodec codec) { client.changeCodec(codec); });
    media.cameras().runOn([this](std::function<void()> task) { client.post(std::move(task)); });
  }

  OutgoingMedia& media;
  Client client;
};

Result<Publisher> Publisher::create(const PublisherOptions& options) {
  auto setup = check(options);
  if (!setup) return tl::unexpected(setup.error());
  auto sending = sendOptions(options);
  if (!sending) return tl::unexpected(sending.error());
  setup->join.codec = sending->codec;
  return Publisher(std::make_unique<Impl>(
      std::move(*setup), std::make_unique<OutgoingMedia>(options, *std::move(sending))));
}

Publisher::Publisher(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Publisher::Publisher(Publisher&&) noexcept = default;
Publisher& Publisher::operator=(Publisher&&) noexcept = default;
Publisher::~Publisher() = default;

Result<void> Publisher::addVideo(std::shared_ptr<VideoSource> source) {
  if (impl_->client.running()) return tooLate("the video");
  return impl_->media.cameras().setVideo(std::move(source));
}

Result<void> Publisher::addCamera(const std::string& name, std::shared_ptr<VideoSource> source) {
  if (impl_->client.running()) return tooLate("camera " + text::quote(name));
  return impl_->media.cameras().add(name, std::move(source));
}

Result<void> Publisher::selectCamera(const std::string& name) {
  return impl_->media.cameras().select(name);
}

Result<void> Publisher::setPictureInPicture(const std::string& name) {
  return impl_->media.cameras().setPictureInPicture(name);
}

Result<DataChannel> Publisher::addDataChannel(const std::string& label,
                                              const DataChannelOptions& options) {
  auto channel = impl_->client.addDataChannel(label, options);
  if (channel && label == kStreamLabel) impl_->media.cameras().answerOn(*channel);
  return channel;
}

Result<Control> Publisher::addControl(const ControlOptions& options) {
  auto& cameras = impl_->media.cameras();
  auto control = impl_->client.addControl(
      options, [&cameras](const std::string& motion) { cameras.onPassedMotion(motion); });
  if (control) cameras.followTheGate();
  return control;
}

Result<void> Publisher::run(const std::stop_token& stop) {
  auto* const source = impl_->media.cameras().source();
  if (source != nullptr && !impl_->client.running()) {
    if (auto possible = checkEncoded(*source, impl_->media.sending()); !possible) return possible;
    if (auto started = source->start(); !started) return started;
  }
  auto outcome = impl_->client.run(stop);
  if (source != nullptr) source->stop();
  return outcome;
}

Subscription<StateChange> Publisher::states() { return impl_->client.states(); }

Subscription<int> Publisher::viewers() { return impl_->client.viewers(); }

Stats Publisher::stats() const {
  Stats stats = impl_->client.stats();
  stats.cameras = impl_->media.cameras().stats();
  return stats;
}

}  // namespace rtcpub
