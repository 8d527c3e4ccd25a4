#pragma once

#include <api/transport/network_types.h>
#include <modules/remote_bitrate_estimator/remote_estimator_proxy.h>
#include <modules/rtp_rtcp/source/rtcp_packet/transport_feedback.h>
#include <modules/rtp_rtcp/source/rtp_packet_received.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

namespace rtcpub::engine {

/// One that tells also which packets didn't arrive.
inline webrtc::rtcp::TransportFeedback makeFeedback() {
#if RTCPUB_LIBWEBRTC >= 20240218
  return webrtc::rtcp::TransportFeedback(true);
#else
  return webrtc::rtcp::TransportFeedback(true, true);
#endif
}

/// Calls `each(sequence number, since the feedback's base time)` for all packets that it is about,
/// in order; those that didn't arrive have no time.
template <class Each>
void forEachPacket(const webrtc::rtcp::TransportFeedback& feedback, Each each) {
#if RTCPUB_LIBWEBRTC >= 20240218
  feedback.ForAllPackets([&](std::uint16_t sequence, webrtc::TimeDelta sinceBase) {
    each(sequence, sinceBase.IsFinite() ? std::optional(sinceBase) : std::nullopt);
  });
#else
  auto sinceBase = webrtc::TimeDelta::Zero();
  for (const auto& packet : feedback.GetAllPackets()) {
    if (packet.received()) sinceBase += packet.delta();
    each(packet.sequence_number(), packet.received() ? std::optional(sinceBase) : std::nullopt);
  }
#endif
}

/// How fast a probe's packets leave.
inline void setSendRate(webrtc::PacedPacketInfo& pacing, std::int64_t bitsPerSecond) {
#if RTCPUB_LIBWEBRTC >= 20240218
  pacing.send_bitrate = webrtc::DataRate::BitsPerSec(bitsPerSecond);
#else
  pacing.send_bitrate_bps = static_cast<int>(bitsPerSecond);
#endif
}

/// What tells a sender which of its packets came, and when, by `send`.
inline std::unique_ptr<webrtc::RemoteEstimatorProxy> makeTransportFeedback(
    webrtc::RemoteEstimatorProxy::TransportFeedbackSender send,
    const webrtc::FieldTrialsView& trials) {
#if RTCPUB_LIBWEBRTC >= 20240218
  static_cast<void>(trials);
  return std::make_unique<webrtc::RemoteEstimatorProxy>(std::move(send), nullptr);
#else
  return std::make_unique<webrtc::RemoteEstimatorProxy>(std::move(send), &trials, nullptr);
#endif
}

inline void noteArrival(webrtc::RemoteEstimatorProxy& feedback,
                        const webrtc::RtpPacketReceived& packet) {
#if RTCPUB_LIBWEBRTC >= 20240218
  feedback.IncomingPacket(packet);
#else
  webrtc::RTPHeader header;
  packet.GetHeader(&header);
  feedback.IncomingPacket(packet.arrival_time().ms(), packet.payload_size() + packet.padding_size(),
                          header);
#endif
}

}  // namespace rtcpub::engine
