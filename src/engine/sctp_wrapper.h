#pragma once

#include <memory>

#include "engine/compat/sctp_socket.h"

namespace rtcpub::engine {

/// Stands between an SCTP socket and its owner, and passes everything on both ways; what derives
/// from it changes what it wants to. Messages of protocols that are not WebRTC's are dropped:
/// `webrtc::DcSctpTransport` aborts on them. A call of the owner's must not end in its destruction.
/// Runs on: the thread of the transport that owns it.
class SctpWrapper : public SctpBetween {
 public:
  /// `owner` outlives this.
  explicit SctpWrapper(dcsctp::DcSctpSocketCallbacks& owner) : owner_(owner) {}
  ~SctpWrapper() override;

  /// Once, before anything else: the socket that has this for its callbacks.
  void wrap(std::unique_ptr<dcsctp::DcSctpSocketInterface> socket);

  // dcsctp::DcSctpSocketInterface: from the owner to the socket.
  void ReceivePacket(rtc::ArrayView<const std::uint8_t> packet) override;
  void HandleTimeout(dcsctp::TimeoutID id) override;
  void Connect() override;
  void RestoreFromState(const dcsctp::DcSctpSocketHandoverState& state) override;
  void Shutdown() override;
  void Close() override;
  dcsctp::SocketState state() const override;
  const dcsctp::DcSctpOptions& options() const override;
  void SetMaxMessageSize(std::size_t bytes) override;
  void SetStreamPriority(dcsctp::StreamID stream, dcsctp::StreamPriority priority) override;
  dcsctp::StreamPriority GetStreamPriority(dcsctp::StreamID stream) const override;
  dcsctp::SendStatus Send(dcsctp::DcSctpMessage message,
                          const dcsctp::SendOptions& options) override;
  dcsctp::ResetStreamsStatus ResetStreams(rtc::ArrayView<const dcsctp::StreamID> streams) override;
  std::size_t buffered_amount(dcsctp::StreamID stream) const override;
  std::size_t buffered_amount_low_threshold(dcsctp::StreamID stream) const override;
  void SetBufferedAmountLowThreshold(dcsctp::StreamID stream, std::size_t bytes) override;
  absl::optional<dcsctp::Metrics> GetMetrics() const override;
  dcsctp::HandoverReadinessStatus GetHandoverReadiness() const override;
  absl::optional<dcsctp::DcSctpSocketHandoverState> GetHandoverStateAndClose() override;

  // dcsctp::DcSctpSocketCallbacks: from the socket to the owner.
  dcsctp::SendPacketStatus SendPacketWithStatus(rtc::ArrayView<const std::uint8_t> packet) override;
  std::unique_ptr<dcsctp::Timeout> CreateTimeout(
      webrtc::TaskQueueBase::DelayPrecision precision) override;
  std::uint32_t GetRandomInt(std::uint32_t low, std::uint32_t high) override;
  void OnMessageReceived(dcsctp::DcSctpMessage message) override;
  void OnError(dcsctp::ErrorKind error, absl::string_view message) override;
  void OnAborted(dcsctp::ErrorKind error, absl::string_view message) override;
  void OnConnected() override;
  void OnClosed() override;
  void OnConnectionRestarted() override;
  void OnStreamsResetFailed(rtc::ArrayView<const dcsctp::StreamID> streams,
                            absl::string_view reason) override;
  void OnStreamsResetPerformed(rtc::ArrayView<const dcsctp::StreamID> streams) override;
  void OnIncomingStreamsReset(rtc::ArrayView<const dcsctp::StreamID> streams) override;
  void OnBufferedAmountLow(dcsctp::StreamID stream) override;
  void OnTotalBufferedAmountLow() override;
  void OnLifecycleMessageFullySent(dcsctp::LifecycleId id) override;
  void OnLifecycleMessageExpired(dcsctp::LifecycleId id, bool maybeDelivered) override;
  void OnLifecycleMessageDelivered(dcsctp::LifecycleId id) override;
  void OnLifecycleEnd(dcsctp::LifecycleId id) override;

 protected:
  dcsctp::DcSctpSocketInterface& socket() { return *socket_; }
  const dcsctp::DcSctpSocketInterface& socket() const { return *socket_; }
  dcsctp::DcSctpSocketCallbacks& owner() override { return owner_; }

 private:
  dcsctp::DcSctpSocketCallbacks& owner_;
  std::unique_ptr<dcsctp::DcSctpSocketInterface> socket_;
};

}  // namespace rtcpub::engine
