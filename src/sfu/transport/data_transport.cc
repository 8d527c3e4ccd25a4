#include "sfu/transport/data_transport.h"

#include <api/data_channel_interface.h>
#include <media/sctp/dcsctp_transport.h>
#include <pc/sctp_utils.h>
#include <rtc_base/thread.h>
#include <system_wrappers/include/clock.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "engine/sctp_factory.h"
#include "log/log.h"
#include "rtcpub/clock.h"

namespace rtcpub::sfu {
namespace {

constexpr std::size_t kMaxWaiting = 256;
constexpr std::size_t kMaxWaitingBytes = 1 << 20;
/// As many as channels.
constexpr std::size_t kMaxLabels = ChannelTable::kMaxChannels;

/// Parameters of 16 bits in SCTP's API, of 32 in DCEP: what is larger means "no limit worth the
/// name".
absl::optional<int> limited(const std::optional<int>& value) {
  if (!value) return absl::nullopt;
  return std::clamp(*value, 0, 0xFFFF);
}

template <class Optional>
std::optional<int> toStd(const Optional& value) {
  if (!value) return std::nullopt;
  return static_cast<int>(*value) < 0 ? 0xFFFF : std::min(static_cast<int>(*value), 0xFFFF);
}

webrtc::SendDataParams sendParams(const ChannelTable::Channel& channel, bool binary) {
  webrtc::SendDataParams params;
  params.type = binary ? webrtc::DataMessageType::kBinary : webrtc::DataMessageType::kText;
  params.ordered = channel.options.ordered || !channel.acknowledged;
  params.max_rtx_count = limited(channel.options.maxRetransmits);
  if (!params.max_rtx_count) params.max_rtx_ms = limited(channel.options.maxPacketLifeTimeMs);
  return params;
}

webrtc::DataChannelInit toInit(const DataChannelOptions& options) {
  webrtc::DataChannelInit init;
  init.ordered = options.ordered;
  init.maxRetransmits = limited(options.maxRetransmits);
  if (!init.maxRetransmits) init.maxRetransmitTime = limited(options.maxPacketLifeTimeMs);
  init.protocol = options.protocol;
  return init;
}

}  // namespace

DataTransport::DataTransport(rtc::Thread& thread, rtc::PacketTransportInternal& dtls,
                             const DataParameters& parameters, bool dtlsServer, Events& events)
    : events_(events),
      maxMessageSize_(parameters.maxMessageSize),
      channels_(dtlsServer),
      sctp_(std::make_unique<webrtc::DcSctpTransport>(
          &thread, &dtls, webrtc::Clock::GetRealTimeClock(),
          std::make_unique<engine::SctpFactory>(engine::lowDelay))) {
  sctp_->SetDataChannelSink(this);
  sctp_->Start(cricket::kSctpDefaultPort, parameters.port, static_cast<int>(maxMessageSize_));
}

DataTransport::~DataTransport() { sctp_->SetDataChannelSink(nullptr); }

void DataTransport::OnDataReceived(int id, webrtc::DataMessageType type,
                                   const rtc::CopyOnWriteBuffer& buffer) {
  const auto stream = static_cast<StreamId>(id);
  if (type == webrtc::DataMessageType::kControl) {
    onControl(stream, buffer);
    return;
  }
  const auto* channel = channels_.byId(stream);
  if (channel == nullptr) return;
  const std::string_view data(buffer.cdata<char>(), buffer.size());
  if (data.size() > kMaxMessageSize) {
    drop(channel->label, data.size());
    return;
  }
  // A copy: what comes of the message may change the table.
  const std::string label = channel->label;
  const DataChannelOptions options = channel->options;
  events_.onDataMessage(label, options, data, type == webrtc::DataMessageType::kBinary);
}

void DataTransport::onControl(StreamId id, const rtc::CopyOnWriteBuffer& buffer) {
  if (webrtc::IsOpenMessage(buffer)) {
    onOpen(id, buffer);
  } else if (webrtc::ParseDataChannelOpenAckMessage(buffer)) {
    channels_.onAcknowledged(id);
  }
}

void DataTransport::onOpen(StreamId id, const rtc::CopyOnWriteBuffer& buffer) {
  std::string label;
  webrtc::DataChannelInit init;
  if (!webrtc::ParseDataChannelOpenMessage(buffer, &label, &init)) return;
  sctp_->OpenStream(id);
  if (!channels_.onOpened(id, label,
                          {.ordered = init.ordered,
                           .maxRetransmits = toStd(init.maxRetransmits),
                           .maxPacketLifeTimeMs = toStd(init.maxRetransmitTime),
                           .protocol = init.protocol})) {
    sctp_->ResetStream(id);
    return;
  }
  rtc::CopyOnWriteBuffer acknowledgement;
  webrtc::WriteDataChannelOpenAckMessage(&acknowledgement);
  sendControl(id, acknowledgement);
}

void DataTransport::OnChannelClosing(int id) { channels_.onClosed(static_cast<StreamId>(id)); }

void DataTransport::OnChannelClosed(int id) { channels_.onClosed(static_cast<StreamId>(id)); }

void DataTransport::OnTransportClosed(webrtc::RTCError /*error*/) {
  up_ = false;
  closed_ = true;
  dropped_ = dropped();
  channels_.clear();
  waiting_.clear();
}

void DataTransport::OnReadyToSend() {
  up_ = true;
  for (auto entry = waiting_.begin(); entry != waiting_.end();) {
    if (!drain(entry->first, entry->second)) return;
    dropped_ += entry->second.messages.dropped();
    entry = waiting_.erase(entry);
  }
}

const ChannelTable::Channel* DataTransport::openChannel(std::string_view label,
                                                        const DataChannelOptions& options) {
  const auto* channel = channels_.open(label, options);
  if (channel == nullptr || !sctp_->OpenStream(channel->id)) return nullptr;
  rtc::CopyOnWriteBuffer open;
  webrtc::WriteDataChannelOpenMessage(channel->label, toInit(options), &open);
  sendControl(channel->id, open);
  return channel;
}

void DataTransport::sendControl(StreamId id, const rtc::CopyOnWriteBuffer& buffer) {
  webrtc::SendDataParams params;
  params.type = webrtc::DataMessageType::kControl;
  params.ordered = true;
  cricket::SendDataResult result{};
  if (!sctp_->SendData(id, params, buffer, &result)) {
    // The send buffer is full: without its OPEN or ACK the channel is of no use.
    sctp_->ResetStream(id);
    channels_.onClosed(id);
  }
}

void DataTransport::send(std::string_view label, const DataChannelOptions& options,
                         std::string_view data, bool binary) {
  if (closed_) return;
  if (data.size() > maxMessageSize_) {
    drop(label, data.size());
    return;
  }
  if (!up_ || waiting_.find(label) != waiting_.end()) {
    enqueue(label, options, data, binary);
    return;
  }
  const auto* channel = channelFor(label, options);
  const Sent sent = channel == nullptr ? Sent::kNever : trySend(*channel, data, binary);
  if (sent == Sent::kLater) enqueue(label, options, data, binary);
  if (sent == Sent::kNever) ++dropped_;
}

const ChannelTable::Channel* DataTransport::channelFor(std::string_view label,
                                                       const DataChannelOptions& options) {
  if (const auto* channel = channels_.byLabel(label)) return channel;
  return openChannel(label, options) == nullptr ? nullptr : channels_.byLabel(label);
}

DataTransport::Sent DataTransport::trySend(const ChannelTable::Channel& channel,
                                           std::string_view data, bool binary) {
  cricket::SendDataResult result{};
  const rtc::CopyOnWriteBuffer buffer(data.data(), data.size());
  if (sctp_->SendData(channel.id, sendParams(channel, binary), buffer, &result)) return Sent::kYes;
  return result == cricket::SDR_BLOCK ? Sent::kLater : Sent::kNever;
}

void DataTransport::enqueue(std::string_view label, const DataChannelOptions& options,
                            std::string_view data, bool binary) {
  auto found = waiting_.find(label);
  if (options.maxRetransmits || (found == waiting_.end() && waiting_.size() >= kMaxLabels)) {
    ++dropped_;
    return;
  }
  if (found == waiting_.end()) {
    found = waiting_
                .try_emplace(std::string(label),
                             Waiting{options, BoundedMessages(kMaxWaiting, kMaxWaitingBytes)})
                .first;
  }
  Message message{data};
  message.binary = binary;
  found->second.messages.push(std::move(message), monotonicNow());
}

bool DataTransport::drain(const std::string& label, Waiting& waiting) {
  if (const auto lifeTime = waiting.options.maxPacketLifeTimeMs) {
    waiting.messages.dropBefore(monotonicNow() - std::chrono::milliseconds(*lifeTime));
  }
  while (const Message* message = waiting.messages.front()) {
    const auto* channel = channelFor(label, waiting.options);
    const Sent sent =
        channel == nullptr ? Sent::kNever : trySend(*channel, message->data, message->binary);
    if (sent == Sent::kLater) return false;
    if (sent == Sent::kNever) ++dropped_;
    waiting.messages.pop();
  }
  return true;
}

void DataTransport::drop(std::string_view label, std::size_t size) {
  ++dropped_;
  if (std::exchange(warned_, true)) return;
  log().warn("dropped a message of {} bytes on '{}': larger than the receiver takes ({} bytes)",
             size, label, maxMessageSize_);
}

std::uint64_t DataTransport::dropped() const {
  std::uint64_t sum = dropped_;
  for (const auto& [label, waiting] : waiting_) sum += waiting.messages.dropped();
  return sum;
}

}  // namespace rtcpub::sfu
