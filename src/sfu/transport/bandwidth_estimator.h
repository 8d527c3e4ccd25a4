#pragma once

#include <api/rtc_event_log/rtc_event_log.h>
#include <api/transport/network_control.h>
#include <modules/rtp_rtcp/source/rtcp_packet/transport_feedback.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "rtcpub/clock.h"
#include "sfu/router/outgoing_packet.h"
#include "sfu/transport/sent_packets.h"

namespace webrtc {
class FieldTrialsView;
}

namespace rtcpub::sfu {

/// What the path to one client carries, as libwebrtc's goog-cc makes it out of the client's
/// transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01). It begins high:
/// until the path shows signs of congestion, nobody shall be slowed down.
/// Runs on: the network thread.
class BandwidthEstimator {
 public:
  /// `trials` outlive this.
  BandwidthEstimator(const webrtc::FieldTrialsView& trials, Time now);
  ~BandwidthEstimator();

  /// The transport-wide number of a packet of `size` bytes that leaves now.
  [[nodiscard]] std::uint16_t number(std::size_t size, const std::optional<Probe>& probe, Time now);
  /// Whether the estimate changed.
  bool onFeedback(const webrtc::rtcp::TransportFeedback& feedback, Time now);

  /// Nothing before the first feedback.
  [[nodiscard]] std::optional<std::int64_t> bitsPerSecond() const { return estimate_; }

 private:
  /// What came and what didn't, since a moment ago.
  struct Sample {
    Time since{};
    int packets = 0;
    int lost = 0;
    std::int64_t bits = 0;  ///< that came
  };

  bool adopt(const webrtc::NetworkControlUpdate& update);
  /// goog-cc takes seconds to believe in a loss that cannot be by chance: what comes through then
  /// is what the path carries.
  bool fallAtOnce(const webrtc::TransportPacketsFeedback& arrived, Time now);

  webrtc::RtcEventLogNull noLog_;
  SentPackets sent_;
  std::unique_ptr<webrtc::NetworkControllerInterface> control_;
  Time processedAt_{};
  Sample sample_;
  std::optional<std::int64_t> estimate_;
};

}  // namespace rtcpub::sfu
