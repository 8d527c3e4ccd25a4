#include "rtcpub/subscriber.h"

#include <utility>

#include "app/client/client.h"
#include "core/inbox.h"

namespace rtcpub {
namespace {

/// Runs on: the signalling loop, but for onFrame.
class IncomingMedia final : public ClientMedia {
 public:
  explicit IncomingMedia(const SubscriberOptions& options)
      : video_(options.video), codec_(options.codec) {}

  Subscription<VideoFrame> frames() { return frames_.subscribe(); }

  Result<void> attach(peer::Peer& peer) override {
    return video_ ? peer.receiveVideo(codec_) : Result<void>{};
  }
  void detach() override {}
  std::optional<CodecMismatch> onCodecs(const CodecReport& report) override {
    if (report.lacking == 0) return std::nullopt;
    return CodecMismatch{.sent = report.sent, .taken = report.taken};
  }
  void onFrame(const VideoFrame& frame) override { frames_.push(frame); }
  void close() override { frames_.close(); }

 private:
  const bool video_;
  const std::optional<VideoCodec> codec_;
  Fanout<VideoFrame> frames_{1};
};

}  // namespace

class Subscriber::Impl {
 public:
  Impl(ClientSetup setup, std::unique_ptr<IncomingMedia> incoming)
      : media(*incoming), client(std::move(setup), std::move(incoming)) {}

  IncomingMedia& media;
  Client client;
};

Result<Subscriber> Subscriber::create(const SubscriberOptions& options) {
  auto setup = checkConnection(options, Role::kSubscriber);
  if (!setup) return tl::unexpected(setup.error());
  setup->join.codec = options.codec;
  return Subscriber(
      std::make_unique<Impl>(std::move(*setup), std::make_unique<IncomingMedia>(options)));
}

Subscriber::Subscriber(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Subscriber::Subscriber(Subscriber&&) noexcept = default;
Subscriber& Subscriber::operator=(Subscriber&&) noexcept = default;
Subscriber::~Subscriber() = default;

Result<DataChannel> Subscriber::addDataChannel(const std::string& label,
                                               const DataChannelOptions& options) {
  return impl_->client.addDataChannel(label, options);
}

DriverControl Subscriber::control() { return impl_->client.control(); }

Subscription<VideoFrame> Subscriber::video() { return impl_->media.frames(); }

Result<void> Subscriber::run(const std::stop_token& stop) { return impl_->client.run(stop); }

Subscription<StateChange> Subscriber::states() { return impl_->client.states(); }

Stats Subscriber::stats() const { return impl_->client.stats(); }

}  // namespace rtcpub
