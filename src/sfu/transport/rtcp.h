#pragma once

#include <modules/rtp_rtcp/source/rtcp_packet/report_block.h>
#include <modules/rtp_rtcp/source/rtcp_packet/transport_feedback.h>
#include <rtc_base/buffer.h>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sfu/router/router.h"

/// RTCP (RFC 3550 section 6, RFC 4585, RFC 5104): bytes to events, and reports to bytes. Pure.
namespace rtcpub::sfu {

/// What the packets of one compound say.
class RtcpEvents {
 public:
  virtual ~RtcpEvents() = default;
  virtual void onNack(std::uint32_t ssrc, std::span<const std::uint16_t> sequenceNumbers) = 0;
  virtual void onPictureLost() = 0;
  virtual void onSenderReport(std::uint32_t ssrc, std::uint64_t ntp,
                              std::uint32_t rtpTimestamp) = 0;
  /// `lastSr` and `delay` as in RFC 3550 section 6.4.1; 0 if there was no report.
  virtual void onReportBlock(std::uint32_t ssrc, std::uint32_t lastSr, std::uint32_t delay) = 0;
  /// Which of the packets with transport-wide numbers came, and when.
  virtual void onTransportFeedback(const webrtc::rtcp::TransportFeedback& feedback) = 0;
};

/// Reads up to the first packet that is malformed; unknown types and BYE are skipped.
void parseRtcp(std::span<const std::uint8_t> compound, RtcpEvents& events);

/// The middle 32 bits of an NTP time, by which receiver reports name a sender report.
[[nodiscard]] std::uint32_t compactNtp(std::uint64_t ntp);

[[nodiscard]] rtc::Buffer buildPli(std::uint32_t sender, std::uint32_t media);
[[nodiscard]] rtc::Buffer buildFir(std::uint32_t sender, std::uint32_t media,
                                   std::uint8_t sequenceNumber);
[[nodiscard]] rtc::Buffer buildNack(std::uint32_t sender, std::uint32_t media,
                                    std::vector<std::uint16_t> sequenceNumbers);
/// What the sender may send at most (draft-alvestrand-rmcat-remb-03).
[[nodiscard]] rtc::Buffer buildRemb(std::uint32_t sender, std::vector<std::uint32_t> media,
                                    std::int64_t bitsPerSecond);
/// With the SDES that a compound must have.
[[nodiscard]] rtc::Buffer buildSenderReport(const OutgoingSenderReport& report);
/// With the SDES that a compound must have.
[[nodiscard]] rtc::Buffer buildReceiverReport(std::uint32_t sender,
                                              std::vector<webrtc::rtcp::ReportBlock> blocks);
/// What makes a lone feedback packet a compound for clients without RFC 5506.
[[nodiscard]] rtc::Buffer withReceiverReport(std::uint32_t sender, const rtc::Buffer& feedback);

}  // namespace rtcpub::sfu
