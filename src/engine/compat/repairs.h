#pragma once

#include <modules/rtp_rtcp/include/rtp_rtcp_defines.h>
#include <modules/video_coding/nack_requester.h>
#if RTCPUB_LIBWEBRTC >= 20240218
#include <modules/rtp_rtcp/include/recovered_packet_receiver.h>
#include <modules/rtp_rtcp/source/rtp_packet_received.h>
#endif

#include <cstddef>
#include <cstdint>
#include <span>

namespace rtcpub::engine {

/// A packet came, or was `repeated`; newer libwebrtc doesn't care whether a key frame starts there.
inline void noteReceived(webrtc::NackRequester& nacks, std::uint16_t sequenceNumber,
                         bool startsKeyFrame, bool repeated) {
#if RTCPUB_LIBWEBRTC >= 20240218
  static_cast<void>(startsKeyFrame);
  nacks.OnReceivedPacket(sequenceNumber, repeated);
#else
  nacks.OnReceivedPacket(sequenceNumber, startsKeyFrame, repeated);
#endif
}

/// Takes the packets that RTX or FEC brought back.
class RecoveredPackets : public webrtc::RecoveredPacketReceiver {
 public:
#if RTCPUB_LIBWEBRTC >= 20240218
  void OnRecoveredPacket(const webrtc::RtpPacketReceived& packet) final {
    onRecovered({packet.data(), packet.size()});
  }
#else
  void OnRecoveredPacket(const std::uint8_t* packet, std::size_t size) final {
    onRecovered({packet, size});
  }
#endif

 protected:
  ~RecoveredPackets() override = default;

 private:
  /// A whole RTP packet.
  virtual void onRecovered(std::span<const std::uint8_t> packet) = 0;
};

}  // namespace rtcpub::engine
