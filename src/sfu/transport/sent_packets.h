#pragma once

#include <api/transport/network_types.h>
#include <modules/rtp_rtcp/source/rtcp_packet/transport_feedback.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "rtcpub/clock.h"
#include "sfu/router/outgoing_packet.h"

namespace rtcpub::sfu {

/// The packets of one transport that left of late, by their transport-wide numbers, to make of a
/// client's feedback what goog-cc takes. libwebrtc's own TransportFeedbackAdapter costs several
/// times as much for each packet and aborts on arrival times that cannot be. Pure.
class SentPackets {
 public:
  /// Whoever reports later, or not at all, is not heard.
  static constexpr std::chrono::seconds kMaxAge{2};
  static constexpr std::size_t kMaxPackets = 8192;

  /// A packet leaves now; `size` with all that is around it. What goog-cc wants to know of it; its
  /// sequence number, modulo 2^16, goes into it.
  [[nodiscard]] webrtc::SentPacket add(std::size_t size, const std::optional<Probe>& probe,
                                       Time now);
  /// What came and what didn't; nothing if none of it is known.
  [[nodiscard]] std::optional<webrtc::TransportPacketsFeedback> onFeedback(
      const webrtc::rtcp::TransportFeedback& feedback, Time now);

 private:
  struct Sent {
    std::int64_t timeUs = 0;
    std::uint32_t size = 0;
    bool arrived = false;
    bool probing = false;
  };

  void forgetOld(Time now);
  /// The packet of this number; nothing if it never left or is forgotten.
  [[nodiscard]] std::optional<std::int64_t> find(std::uint16_t number) const;
  /// Nothing up to this one is on its way any more.
  void settle(std::int64_t sequence);
  /// The client's clock at the feedback's base, from an origin of ours.
  void moveBase(const webrtc::rtcp::TransportFeedback& feedback);
  [[nodiscard]] webrtc::PacketResult result(std::int64_t sequence) const;
  Sent& at(std::int64_t sequence) { return sent_[static_cast<std::size_t>(sequence - first_)]; }
  [[nodiscard]] const Sent& at(std::int64_t sequence) const {
    return sent_[static_cast<std::size_t>(sequence - first_)];
  }

  std::deque<Sent> sent_;
  std::int64_t first_ = 0;     ///< of sent_
  std::int64_t settled_ = -1;  ///< the last that is known to have come or not
  std::int64_t inFlight_ = 0;  ///< bytes
  Probe probe_;                ///< the last one; those before are over
  std::int64_t baseUs_ = 0;
  std::optional<webrtc::Timestamp> lastBase_;
};

}  // namespace rtcpub::sfu
