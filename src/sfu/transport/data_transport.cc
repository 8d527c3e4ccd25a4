#include "sfu/transport/data_transport.h"

#include <api/data_channel_interface.h>
#include <media/sctp/dcsctp_transport.h>
#include <pc/sctp_utils.h>
#include <rtc_base/thread.h>
#include <system_wrappers/include/clock.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "core/clock/clock_sync.h"
#include "core/data/delivery.h"
#include "core/text/text.h"
#include "engine/compat/sctp_socket.h"
#include "engine/sctp_factory.h"
#include "log/log.h"
#include "rtcpub/clock.h"

namespace rtcpub::sfu {
namespace {

/// Of one sender's reliable messages: what waits before it is to hold back …
constexpr std::ptrdiff_t kRoom = std::ptrdiff_t{512} << 10;
/// … and of all that it sends: what waits before the oldest are dropped, for a client that doesn't
/// make the sender hold back. More than kRoom, a packet's messages and the largest message.
constexpr std::size_t kMaxWaiting = std::size_t{2} << 20;
/// SCTP is given more when no more than this waits in it: a packet's worth, so that small messages
/// share packets.
constexpr std::size_t kHandedOver = 1200;
/// How long a client may take to open its channels once SCTP stands. Many clients read only those
/// that they opened themselves.
constexpr std::chrono::seconds kOwnOpenTime{1};
/// SCTP's parameters of reliability have 16 bits, DCEP's 32: more means "no limit worth the name".
constexpr int kMaxLimit = 0xFFFF;

absl::optional<int> limited(const std::optional<int>& value) {
  if (!value) return absl::nullopt;
  return std::clamp(*value, 0, kMaxLimit);
}

template <class Optional>
std::optional<int> toStd(const Optional& value) {
  if (!value) return std::nullopt;
  return static_cast<int>(*value) < 0 ? kMaxLimit : std::min(static_cast<int>(*value), kMaxLimit);
}

DataChannelOptions fromInit(const webrtc::DataChannelInit& init) {
  return {.ordered = init.ordered,
          .maxRetransmits = toStd(init.maxRetransmits),
          .maxPacketLifeTimeMs = toStd(init.maxRetransmitTime),
          .protocol = init.protocol};
}

webrtc::DataChannelInit toInit(const DataChannelOptions& options) {
  webrtc::DataChannelInit init;
  init.ordered = options.ordered;
  init.maxRetransmits = limited(options.maxRetransmits);
  if (!init.maxRetransmits) init.maxRetransmitTime = limited(options.maxPacketLifeTimeMs);
  init.protocol = options.protocol;
  return init;
}

dcsctp::DcSctpOptions tuned(const dcsctp::DcSctpOptions& options) {
  auto lowDelay = engine::lowDelay(options);
  lowDelay.total_buffered_amount_low_threshold = kHandedOver;
  lowDelay.heartbeat_interval = dcsctp::DurationMs(kHeartbeat.count());
  lowDelay.heartbeat_interval_include_rtt = false;
  return lowDelay;
}

}  // namespace

DataTransport::DataTransport(rtc::Thread& thread, rtc::PacketTransportInternal& dtls,
                             const DataParameters& parameters, bool dtlsServer,
                             std::uint64_t member, Events& events)
    : events_(events),
      thread_(thread),
      maxMessageSize_(parameters.maxMessageSize),
      member_(member),
      channels_(dtlsServer),
      queue_(kMaxWaiting) {
  const auto wrap = [this](dcsctp::DcSctpSocketCallbacks& owner) {
    auto socket = std::make_unique<DataSocket>(owner, *this);
    socket_ = socket.get();
    return socket;
  };
  sctp_ =
      std::make_unique<webrtc::DcSctpTransport>(&thread, &dtls, webrtc::Clock::GetRealTimeClock(),
                                                std::make_unique<engine::SctpFactory>(tuned, wrap));
  sctp_->SetDataChannelSink(this);
  sctp_->Start(cricket::kSctpDefaultPort, parameters.port, static_cast<int>(maxMessageSize_));
}

DataTransport::~DataTransport() {
  closed_ = true;
  up_ = false;
  sctp_->SetDataChannelSink(nullptr);
}

// What comes from the client.

void DataTransport::OnDataReceived(int id, webrtc::DataMessageType type,
                                   const rtc::CopyOnWriteBuffer& buffer) {
  const auto stream = static_cast<StreamId>(id);
  if (type == webrtc::DataMessageType::kControl) {
    onControl(stream, buffer);
    return;
  }
  const auto* channel = channels_.byId(stream);
  if (channel == nullptr || channel->label != clock_sync::kLabel) {
    ++totals_.receivedMessages;
    totals_.receivedMessageBytes += buffer.size();
  }
  if (channel == nullptr) {
    ++totals_.droppedMessages.noChannel;
    if (saidRefused_ || std::exchange(saidUnopened_, true)) return;
    log().warn(
        "member {}: messages on stream {}, on which no channel was opened, are dropped; channels "
        "with negotiated: true can't be forwarded, since they have no label",
        member_, stream);
    return;
  }
  const std::string_view data(buffer.cdata<char>(), buffer.size());
  if (data.size() > kMaxMessageSize) {
    dropOversized(channel->label, data.size(), kMaxMessageSize);
    return;
  }
  const Time since = socket_->arrival();
  const auto longest = delivery::longestAge(channel->options);
  if (longest && monotonicNow() - since > *longest) {  // it lay here while the program stood still
    if (channel->label != clock_sync::kLabel) ++totals_.droppedMessages.stale;
    return;
  }
  // A copy: what comes of the message may change the table.
  const std::string label = channel->label;
  const DataChannelOptions options = channel->options;
  events_.onDataMessage({.label = label,
                         .options = options,
                         .data = data,
                         .binary = type == webrtc::DataMessageType::kBinary,
                         .since = since});
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
  if (const auto opened = channels_.onOpened(id, label, fromInit(init)); !opened) {
    refuse(id, "channel " + text::quote(label) + " " + opened.error().message);
    return;
  }
  rtc::CopyOnWriteBuffer acknowledgement;
  webrtc::WriteDataChannelOpenAckMessage(&acknowledgement);
  sendControl(id, acknowledgement);
  drain();
  events_.onChannelOpened(label);
}

void DataTransport::refuse(StreamId id, std::string_view why) {
  sctp_->ResetStream(id);
  if (!std::exchange(saidRefused_, true)) log().warn("member {}: {}: refused", member_, why);
}

void DataTransport::sendControl(StreamId id, const rtc::CopyOnWriteBuffer& buffer) {
  webrtc::SendDataParams params;
  params.type = webrtc::DataMessageType::kControl;
  params.ordered = true;
  if (!engine::sendData(*sctp_, id, params, buffer)) {
    // The send buffer is full: without its OPEN or ACK the channel is of no use.
    sctp_->ResetStream(id);
    channels_.onClosed(id);
  }
}

void DataTransport::OnChannelClosing(int id) { channels_.onClosed(static_cast<StreamId>(id)); }

void DataTransport::OnChannelClosed(int id) { channels_.onClosed(static_cast<StreamId>(id)); }

void DataTransport::OnTransportClosed(webrtc::RTCError /*error*/) {
  up_ = false;
  closed_ = true;
  totals_.droppedMessages.ended += queue_.clear();
  pace_.end();
  channels_.clear();
}

// What goes to the client.

void DataTransport::OnReadyToSend() {
  if (!std::exchange(up_, true)) {
    thread_.PostDelayedTask(webrtc::SafeTask(safety_.flag(),
                                             [this] {
                                               mayOpen_ = true;
                                               drain();
                                               events_.onHadTimeToOpen();
                                             }),
                            webrtc::TimeDelta::Seconds(kOwnOpenTime.count()));
  }
  drain();
}

void DataTransport::send(const DataView& message) {
  if (closed_) return;
  if (message.data.size() > maxMessageSize_) {
    dropOversized(message.label, message.data.size(), maxMessageSize_);
  } else if (queue_.empty() && mayGo(message.label) && socketHasRoom()) {
    handOver(message);
  } else {
    enqueue(message);
    drain();
  }
}

std::ptrdiff_t DataTransport::roomFor(std::uint64_t sender) const {
  const auto waiting = static_cast<std::ptrdiff_t>(queue_.reliableBytes(sender));
  return waiting == 0 ? PTRDIFF_MAX : kRoom - waiting;
}

std::size_t DataTransport::drop(const std::function<bool(const DataMessage&)>& which) {
  const std::size_t dropped = queue_.dropAll(which);
  if (queue_.empty()) pace_.end();
  return dropped;
}

bool DataTransport::socketHasRoom() const {
  std::size_t waiting = 0;
  for (const auto& channel : channels_.all()) {
    waiting += socket_->buffered_amount(dcsctp::StreamID(channel.id));
  }
  return waiting <= kHandedOver;
}

bool DataTransport::mayGo(std::string_view label) const {
  return up_ && (mayOpen_ || channels_.byLabel(label) != nullptr);
}

void DataTransport::enqueue(const DataView& message) {
  pace_.begin(monotonicNow());
  const std::size_t dropped = queue_.push(DataMessage::of(message));
  if (dropped > 0) onOverflow(message.label, dropped);
}

void DataTransport::drain() {
  if (!up_ || queue_.empty() || std::exchange(draining_, true)) return;
  const Time now = monotonicNow();
  dropOld(now);
  bool taken = false;
  while (socketHasRoom()) {
    const auto* next = queue_.next([this](const DataMessage& m) { return mayGo(m.label); });
    if (next == nullptr) break;
    pace_.onTaken(next->data.size(), now);
    handOver(next->view());
    queue_.pop();
    taken = true;
  }
  if (queue_.empty()) pace_.end();
  draining_ = false;
  if (taken) events_.onDataTaken();
}

void DataTransport::dropOld(Time now) {
  (void)queue_.drop([&](const DataMessage& message) {
    if (!isTooOld(message, now)) return false;
    if (message.sender != kServer) ++totals_.droppedMessages.stale;
    return true;
  });
}

DataChannelOptions DataTransport::deliveryOf(std::string_view label,
                                             const DataChannelOptions& sender) const {
  const auto* channel = channels_.byLabel(label);
  return channel == nullptr ? sender : delivery::stricter(channel->options, sender);
}

bool DataTransport::isTooOld(const DataMessage& message, Time now) const {
  const auto longest = delivery::longestAge(deliveryOf(message.label, message.options));
  return longest && now - message.since > *longest;
}

void DataTransport::handOver(const DataView& message) {
  const auto* channel = channels_.byLabel(message.label);
  if (channel == nullptr) channel = openChannel(message.label, message.options);
  if (channel == nullptr) {
    ++totals_.droppedMessages.noChannel;
    return;
  }
  const auto options = delivery::stricter(channel->options, message.options);
  webrtc::SendDataParams params;
  params.type = message.binary ? webrtc::DataMessageType::kBinary : webrtc::DataMessageType::kText;
  params.ordered = options.ordered || !channel->acknowledged;
  params.max_rtx_count = limited(options.maxRetransmits);
  if (const auto longest = delivery::longestAge(options)) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        *longest - (monotonicNow() - message.since));
    if (left.count() < 0) {
      if (message.sender != kServer) ++totals_.droppedMessages.stale;
      return;
    }
    params.max_rtx_ms = static_cast<int>(std::min<std::int64_t>(left.count(), kMaxLimit));
  }
  const rtc::CopyOnWriteBuffer buffer(message.data.data(), message.data.size());
  if (!engine::sendData(*sctp_, channel->id, params, buffer)) {
    ++totals_.droppedMessages.full;
  } else if (message.sender != kServer) {
    ++totals_.sentMessages;
    totals_.sentMessageBytes += message.data.size();
  }
}

const ChannelTable::Channel* DataTransport::openChannel(std::string_view label,
                                                        const DataChannelOptions& options) {
  const auto* channel = channels_.open(label, options);
  if (channel == nullptr || !sctp_->OpenStream(channel->id)) return nullptr;
  rtc::CopyOnWriteBuffer open;
  webrtc::WriteDataChannelOpenMessage(channel->label, toInit(options), &open);
  sendControl(channel->id, open);
  return channels_.byLabel(label);
}

void DataTransport::dropOversized(std::string_view label, std::size_t size, std::size_t most) {
  ++totals_.droppedMessages.tooLarge;
  if (std::exchange(saidOversized_, true)) return;
  log().warn("member {}: dropped a message of {} bytes on {}: larger than is taken ({} bytes)",
             member_, size, text::quote(label), most);
}

void DataTransport::onOverflow(std::string_view label, std::size_t messages) {
  totals_.droppedMessages.full += messages;
  if (std::exchange(saidOverflow_, true)) return;
  log().warn("member {}: takes messages more slowly than they come (on {}): the oldest are dropped",
             member_, text::quote(label));
}

}  // namespace rtcpub::sfu
