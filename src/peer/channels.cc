#include "peer/channels.h"

#include <utility>

#include "log/log.h"
#include "rtc_base/copy_on_write_buffer.h"

namespace rtcpub::peer {
namespace {

/// No more is taken while so many bytes wait for SCTP: what waits longer is better kept, and
/// dropped when it is too old, by who sends. Of a channel that may lose messages not even a second
/// one.
constexpr std::size_t kMaxWaiting = 256 * 1024;

using DataChannelState = webrtc::DataChannelInterface::DataState;

}  // namespace

/// One channel of libwebrtc's.
class Channels::Channel final : public webrtc::DataChannelObserver {
 public:
  Channel(rtc::scoped_refptr<webrtc::DataChannelInterface> channel, PeerListener& listener)
      : channel_(std::move(channel)),
        label_(channel_->label()),
        listener_(listener),
        maxWaiting_(channel_->reliable() ? kMaxWaiting : 1) {}

  const std::string& label() const { return label_; }

  void start() {
    channel_->RegisterObserver(this);
    OnStateChange();  // one of the other side's may be open already
  }

  void close() {
    const std::lock_guard lock(mutex_);
    open_ = false;
    if (!channel_) return;
    channel_->UnregisterObserver();
    channel_ = nullptr;
  }

  /// Whether it may ever be sent on. Any thread.
  bool closed() {
    const std::lock_guard lock(mutex_);
    return closed_;
  }
  bool open() {
    const std::lock_guard lock(mutex_);
    return open_;
  }

  /// Takes a message of so many bytes, if there is room. Any thread.
  bool reserve(std::size_t size) {
    const std::lock_guard lock(mutex_);
    if (!open_) return false;
    refused_ = waiting_ >= maxWaiting_;
    if (!refused_) waiting_ += size;
    return !refused_;
  }

  void sendReserved(const webrtc::DataBuffer& message) {
    if (channel_ && channel_->Send(message)) return;
    release(message.size());  // closed meanwhile
  }

 private:
  void OnStateChange() override {
    const auto state = channel_->state();
    {
      const std::lock_guard lock(mutex_);
      const bool wasOpen = std::exchange(open_, state == DataChannelState::kOpen);
      closed_ = state == DataChannelState::kClosed;
      if (wasOpen || !open_) return;
    }
    listener_.onChannelOpen(label_);
  }

  void OnMessage(const webrtc::DataBuffer& buffer) override {
    Message message(std::string(buffer.data.data<char>(), buffer.size()));
    message.binary = buffer.binary;
    listener_.onMessage(label_, std::move(message));
  }

  void OnBufferedAmountChange(std::uint64_t sentBytes) override { release(sentBytes); }

  void release(std::size_t size) {
    {
      const std::lock_guard lock(mutex_);
      waiting_ -= std::min(size, waiting_);
      if (!refused_ || !open_ || waiting_ >= maxWaiting_) return;
      refused_ = false;
    }
    listener_.onChannelWritable(label_);
  }

  rtc::scoped_refptr<webrtc::DataChannelInterface> channel_;  ///< null after close()
  const std::string label_;
  PeerListener& listener_;
  const std::size_t maxWaiting_;

  std::mutex mutex_;  ///< for what is below
  bool open_ = false;
  bool closed_ = false;
  bool refused_ = false;     ///< the sender waits for onChannelWritable
  std::size_t waiting_ = 0;  ///< bytes that were taken and that SCTP doesn't have yet
};

Channels::Channels(rtc::Thread& signaling, PeerListener& listener)
    : signaling_(signaling), listener_(listener) {}

void Channels::add(rtc::scoped_refptr<webrtc::DataChannelInterface> channel) {
  auto added = std::make_shared<Channel>(std::move(channel), listener_);
  {
    const std::lock_guard lock(mutex_);
    auto& sameLabel = byLabel_[added->label()];
    std::erase_if(sameLabel, [](const auto& other) { return other->closed(); });
    sameLabel.push_back(added);
  }
  added->start();
}

void Channels::close() {
  decltype(byLabel_) all;
  {
    const std::lock_guard lock(mutex_);
    all.swap(byLabel_);
  }
  for (const auto& [label, channels] : all) {
    for (const auto& channel : channels) channel->close();
  }
}

bool Channels::send(const std::string& label, const Message& message) {
  const std::lock_guard lock(mutex_);
  const auto found = byLabel_.find(label);
  if (found == byLabel_.end()) return false;
  for (const auto& channel : found->second) {
    if (!channel->open()) continue;
    if (!channel->reserve(message.data.size())) return false;
    // Posted under the lock, so that messages leave in the order they were taken.
    signaling_.PostTask(
        [channel, buffer = webrtc::DataBuffer(
                      rtc::CopyOnWriteBuffer(message.data.data(), message.data.size()),
                      message.binary)] { channel->sendReserved(buffer); });
    return true;
  }
  return false;
}

}  // namespace rtcpub::peer
