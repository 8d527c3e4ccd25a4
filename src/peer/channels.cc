#include "peer/channels.h"

#include <utility>

#include "core/text/text.h"
#include "log/log.h"
#include "rtc_base/copy_on_write_buffer.h"

namespace rtcpub::peer {
namespace {

using DataChannelState = webrtc::DataChannelInterface::DataState;

DataChannelOptions optionsOf(const webrtc::DataChannelInterface& channel) {
  DataChannelOptions options;
  options.ordered = channel.ordered();
  if (const auto limit = channel.maxRetransmitsOpt()) options.maxRetransmits = *limit;
  if (const auto limit = channel.maxPacketLifeTime()) options.maxPacketLifeTimeMs = *limit;
  options.protocol = channel.protocol();
  return options;
}

}  // namespace

/// One channel of libwebrtc's.
class Channels::Channel final : public webrtc::DataChannelObserver {
 public:
  Channel(rtc::scoped_refptr<webrtc::DataChannelInterface> channel, PeerListener& listener,
          SctpSeam& seam)
      : channel_(std::move(channel)), label_(channel_->label()), listener_(listener), seam_(seam) {}

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

  bool isStream(int id) const { return channel_ && open_ && channel_->id() == id; }

  void send(const webrtc::DataBuffer& message, const Dispatch& dispatch) {
    using std::chrono::milliseconds;
    if (!channel_) return;  // with the peer: the listener wants to know nothing more
    std::optional<milliseconds> left;
    if (dispatch.deadline) {
      left = std::chrono::floor<milliseconds>(*dispatch.deadline - monotonicNow());
      if (left->count() <= 0) return listener_.onMessageDone(label_, dispatch.id, false);
    }
    const std::uint64_t number = sent_++;
    underWay_.emplace(number, dispatch.id);
    seam_.lifetime = left;
    const bool taken = channel_->Send(message);
    seam_.lifetime.reset();
    if (!taken) onDone(number, false);  // closed meanwhile
  }

  void onDone(std::uint64_t number, bool delivered) {
    const auto found = underWay_.find(number);
    if (found == underWay_.end()) return;
    const std::uint64_t id = found->second;
    underWay_.erase(found);
    listener_.onMessageDone(label_, id, delivered);
  }

 private:
  void OnStateChange() override {
    const auto state = channel_->state();
    bool opened = false;
    {
      const std::lock_guard lock(mutex_);
      const bool wasOpen = std::exchange(open_, state == DataChannelState::kOpen);
      closed_ = state == DataChannelState::kClosed;
      opened = open_ && !wasOpen;
    }
    if (opened) listener_.onChannelOpen(label_);
    if (state == DataChannelState::kClosed) loseAll();
  }

  void OnMessage(const webrtc::DataBuffer& buffer) override {
    Message message(std::string(buffer.data.data<char>(), buffer.size()));
    message.binary = buffer.binary;
    listener_.onMessage(label_, std::move(message));
  }

  /// What was on its way goes by another channel, if there will be one.
  void loseAll() {
    for (const auto& [number, id] : std::exchange(underWay_, {})) {
      listener_.onMessageDone(label_, id, false);
    }
  }

  rtc::scoped_refptr<webrtc::DataChannelInterface> channel_;  ///< null after close()
  const std::string label_;
  PeerListener& listener_;
  SctpSeam& seam_;
  // Messages are counted as SCTP counts them: they leave in the order in which they were given.
  std::uint64_t sent_ = 0;
  std::map<std::uint64_t, std::uint64_t> underWay_;  ///< the listener's ids by number

  std::mutex mutex_;  ///< for what is below
  bool open_ = false;
  bool closed_ = false;
};

Channels::Channels(rtc::Thread& signaling, PeerListener& listener, std::shared_ptr<SctpSeam> seam)
    : signaling_(signaling), listener_(listener), seam_(std::move(seam)) {
  seam_->done = [this](int stream, std::uint64_t number, bool delivered) {
    onDone(stream, number, delivered);
  };
}

void Channels::add(rtc::scoped_refptr<webrtc::DataChannelInterface> channel) {
  auto added = std::make_shared<Channel>(std::move(channel), listener_, *seam_);
  {
    const std::lock_guard lock(mutex_);
    auto& sameLabel = byLabel_[added->label()];
    std::erase_if(sameLabel, [](const auto& other) { return other->closed(); });
    sameLabel.push_back(added);
  }
  added->start();
}

void Channels::addPeers(rtc::scoped_refptr<webrtc::DataChannelInterface> channel) {
  // RFC 8832 section 5.1
  if (!text::isUtf8(channel->label()) || !text::isUtf8(channel->protocol())) {
    log().warn("the server opened a data channel whose label or protocol is not UTF-8, {}: closed",
               text::quote(channel->label()));
    return channel->Close();
  }
  listener_.onPeersChannel(channel->label(), optionsOf(*channel));
  add(std::move(channel));
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

bool Channels::send(const std::string& label, const Message& message, const Dispatch& dispatch) {
  const std::lock_guard lock(mutex_);
  const auto found = byLabel_.find(label);
  if (found == byLabel_.end()) return false;
  for (const auto& channel : found->second) {
    if (!channel->open()) continue;
    // Posted under the lock, so that messages leave in the order they were taken.
    signaling_.PostTask([channel, dispatch,
                         buffer = webrtc::DataBuffer(
                             rtc::CopyOnWriteBuffer(message.data.data(), message.data.size()),
                             message.binary)] { channel->send(buffer, dispatch); });
    return true;
  }
  return false;
}

void Channels::onDone(int stream, std::uint64_t number, bool delivered) {
  std::shared_ptr<Channel> channel;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [label, channels] : byLabel_) {
      for (const auto& candidate : channels) {
        if (candidate->isStream(stream)) channel = candidate;
      }
    }
  }
  if (channel) channel->onDone(number, delivered);
}

}  // namespace rtcpub::peer
