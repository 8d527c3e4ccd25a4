#include "engine/sctp_wrapper.h"

#include <utility>

namespace rtcpub::engine {
namespace {

/// DCEP, text and bytes; 52 and 54 are old forms, 56 and 57 the empty ones (RFC 8831 section 8).
bool isKnown(dcsctp::PPID protocol) {
  return protocol.value() >= 50 && protocol.value() <= 57 && protocol.value() != 55;
}

}  // namespace

SctpWrapper::~SctpWrapper() = default;

void SctpWrapper::wrap(std::unique_ptr<dcsctp::DcSctpSocketInterface> socket) {
  socket_ = std::move(socket);
}

void SctpWrapper::ReceivePacket(rtc::ArrayView<const std::uint8_t> packet) {
  socket_->ReceivePacket(packet);
}

void SctpWrapper::HandleTimeout(dcsctp::TimeoutID id) { socket_->HandleTimeout(id); }

void SctpWrapper::Connect() { socket_->Connect(); }

void SctpWrapper::RestoreFromState(const dcsctp::DcSctpSocketHandoverState& state) {
  socket_->RestoreFromState(state);
}

void SctpWrapper::Shutdown() { socket_->Shutdown(); }

void SctpWrapper::Close() { socket_->Close(); }

dcsctp::SocketState SctpWrapper::state() const { return socket_->state(); }

const dcsctp::DcSctpOptions& SctpWrapper::options() const { return socket_->options(); }

void SctpWrapper::SetMaxMessageSize(std::size_t bytes) { socket_->SetMaxMessageSize(bytes); }

void SctpWrapper::SetStreamPriority(dcsctp::StreamID stream, dcsctp::StreamPriority priority) {
  socket_->SetStreamPriority(stream, priority);
}

dcsctp::StreamPriority SctpWrapper::GetStreamPriority(dcsctp::StreamID stream) const {
  return socket_->GetStreamPriority(stream);
}

dcsctp::SendStatus SctpWrapper::Send(dcsctp::DcSctpMessage message,
                                     const dcsctp::SendOptions& options) {
  return socket_->Send(std::move(message), options);
}

dcsctp::ResetStreamsStatus SctpWrapper::ResetStreams(
    rtc::ArrayView<const dcsctp::StreamID> streams) {
  return socket_->ResetStreams(streams);
}

std::size_t SctpWrapper::buffered_amount(dcsctp::StreamID stream) const {
  return socket_->buffered_amount(stream);
}

std::size_t SctpWrapper::buffered_amount_low_threshold(dcsctp::StreamID stream) const {
  return socket_->buffered_amount_low_threshold(stream);
}

void SctpWrapper::SetBufferedAmountLowThreshold(dcsctp::StreamID stream, std::size_t bytes) {
  socket_->SetBufferedAmountLowThreshold(stream, bytes);
}

absl::optional<dcsctp::Metrics> SctpWrapper::GetMetrics() const { return socket_->GetMetrics(); }

dcsctp::HandoverReadinessStatus SctpWrapper::GetHandoverReadiness() const {
  return socket_->GetHandoverReadiness();
}

absl::optional<dcsctp::DcSctpSocketHandoverState> SctpWrapper::GetHandoverStateAndClose() {
  return socket_->GetHandoverStateAndClose();
}

dcsctp::SendPacketStatus SctpWrapper::SendPacketWithStatus(
    rtc::ArrayView<const std::uint8_t> packet) {
  return owner_.SendPacketWithStatus(packet);
}

std::unique_ptr<dcsctp::Timeout> SctpWrapper::CreateTimeout(
    webrtc::TaskQueueBase::DelayPrecision precision) {
  return owner_.CreateTimeout(precision);
}

std::uint32_t SctpWrapper::GetRandomInt(std::uint32_t low, std::uint32_t high) {
  return owner_.GetRandomInt(low, high);
}

void SctpWrapper::OnMessageReceived(dcsctp::DcSctpMessage message) {
  if (isKnown(message.ppid())) owner_.OnMessageReceived(std::move(message));
}

void SctpWrapper::OnError(dcsctp::ErrorKind error, absl::string_view message) {
  owner_.OnError(error, message);
}

void SctpWrapper::OnAborted(dcsctp::ErrorKind error, absl::string_view message) {
  owner_.OnAborted(error, message);
}

void SctpWrapper::OnConnected() { owner_.OnConnected(); }

void SctpWrapper::OnClosed() { owner_.OnClosed(); }

void SctpWrapper::OnConnectionRestarted() { owner_.OnConnectionRestarted(); }

void SctpWrapper::OnStreamsResetFailed(rtc::ArrayView<const dcsctp::StreamID> streams,
                                       absl::string_view reason) {
  owner_.OnStreamsResetFailed(streams, reason);
}

void SctpWrapper::OnStreamsResetPerformed(rtc::ArrayView<const dcsctp::StreamID> streams) {
  owner_.OnStreamsResetPerformed(streams);
}

void SctpWrapper::OnIncomingStreamsReset(rtc::ArrayView<const dcsctp::StreamID> streams) {
  owner_.OnIncomingStreamsReset(streams);
}

void SctpWrapper::OnBufferedAmountLow(dcsctp::StreamID stream) {
  owner_.OnBufferedAmountLow(stream);
}

void SctpWrapper::OnTotalBufferedAmountLow() { owner_.OnTotalBufferedAmountLow(); }

void SctpWrapper::OnLifecycleMessageFullySent(dcsctp::LifecycleId id) {
  owner_.OnLifecycleMessageFullySent(id);
}

void SctpWrapper::OnLifecycleMessageExpired(dcsctp::LifecycleId id, bool maybeDelivered) {
  owner_.OnLifecycleMessageExpired(id, maybeDelivered);
}

void SctpWrapper::OnLifecycleMessageDelivered(dcsctp::LifecycleId id) {
  owner_.OnLifecycleMessageDelivered(id);
}

void SctpWrapper::OnLifecycleEnd(dcsctp::LifecycleId id) { owner_.OnLifecycleEnd(id); }

}  // namespace rtcpub::engine
