#include "rtcpub/publisher.h"

#include <utility>

#include "app/client.h"

namespace rtcpub {
namespace {

constexpr int kMinBitrateKbps = 30;
constexpr int kMaxBitrateKbps = 50'000;

/// Runs on: the signalling loop, but for setSource.
class OutgoingMedia final : public ClientMedia {
 public:
  explicit OutgoingMedia(const PublisherOptions& options)
      : options_{.codec = options.codec,
                 .bitrateKbps = options.bitrateKbps,
                 .keyFrameInterval = options.keyFrameInterval} {}

  /// Before run().
  bool setSource(std::shared_ptr<VideoSource> source) {
    if (source_) return false;
    source_ = std::move(source);
    return true;
  }
  [[nodiscard]] const std::shared_ptr<VideoSource>& source() const { return source_; }

  Result<void> attach(peer::Peer& peer) override {
    return source_ ? peer.sendVideo(*source_, options_) : Result<void>{};
  }
  void detach() override {
    if (source_) source_->connect({});
  }
  void onFrame(const VideoFrame& /*frame*/) override {}
  void close() override {}

 private:
  const peer::VideoSendOptions options_;
  std::shared_ptr<VideoSource> source_;
};

Result<ClientSetup> check(const PublisherOptions& options) {
  auto setup = checkConnection(options, spider::Role::kPublisher);
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
  setup->request.bitrateKbps = options.bitrateKbps;
  setup->request.keyFrameInterval = options.keyFrameInterval;
  setup->request.codec = options.codec;
  return setup;
}

}  // namespace

class Publisher::Impl {
 public:
  Impl(ClientSetup setup, std::unique_ptr<OutgoingMedia> outgoing)
      : media(*outgoing), client(std::move(setup), std::move(outgoing)) {}

  OutgoingMedia& media;
  Client client;
};

Result<Publisher> Publisher::create(const PublisherOptions& options) {
  auto setup = check(options);
  if (!setup) return tl::unexpected(setup.error());
  return Publisher(
      std::make_unique<Impl>(std::move(*setup), std::make_unique<OutgoingMedia>(options)));
}

Publisher::Publisher(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Publisher::Publisher(Publisher&&) noexcept = default;
Publisher& Publisher::operator=(Publisher&&) noexcept = default;
Publisher::~Publisher() = default;

Result<void> Publisher::addVideo(std::shared_ptr<VideoSource> source) {
  if (!source) return fail(ErrorCode::kInvalidArgument, "addVideo was given no source");
  if (impl_->client.running() || !impl_->media.setSource(std::move(source))) {
    return fail(ErrorCode::kInvalidArgument,
                "a publisher takes one video, added before run(): there is one already or it runs");
  }
  return {};
}

Result<DataChannel> Publisher::addDataChannel(const std::string& label,
                                              const DataChannelOptions& options) {
  return impl_->client.addDataChannel(label, options);
}

Result<void> Publisher::run(const std::stop_token& stop) {
  const auto& source = impl_->media.source();
  if (source && !impl_->client.running()) {
    if (auto started = source->start(); !started) return started;
  }
  auto outcome = impl_->client.run(stop);
  if (source) source->stop();
  return outcome;
}

Subscription<StateChange> Publisher::states() { return impl_->client.states(); }

Stats Publisher::stats() const { return impl_->client.stats(); }

}  // namespace rtcpub
