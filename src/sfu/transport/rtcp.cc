#include "sfu/transport/rtcp.h"

#include <modules/rtp_rtcp/source/rtcp_packet/common_header.h>
#include <modules/rtp_rtcp/source/rtcp_packet/compound_packet.h>
#include <modules/rtp_rtcp/source/rtcp_packet/fir.h>
#include <modules/rtp_rtcp/source/rtcp_packet/nack.h>
#include <modules/rtp_rtcp/source/rtcp_packet/pli.h>
#include <modules/rtp_rtcp/source/rtcp_packet/receiver_report.h>
#include <modules/rtp_rtcp/source/rtcp_packet/remb.h>
#include <modules/rtp_rtcp/source/rtcp_packet/sdes.h>
#include <modules/rtp_rtcp/source/rtcp_packet/sender_report.h>

#include <memory>
#include <utility>

namespace rtcpub::sfu {
namespace {

namespace rtcp = webrtc::rtcp;

template <class Report>
void passBlocks(const Report& report, RtcpEvents& events) {
  for (const auto& block : report.report_blocks()) {
    events.onReportBlock(block.source_ssrc(), block.last_sr(), block.delay_since_last_sr());
  }
}

void parseSenderReport(const rtcp::CommonHeader& header, RtcpEvents& events) {
  rtcp::SenderReport report;
  if (!report.Parse(header)) return;
  events.onSenderReport(report.sender_ssrc(), static_cast<std::uint64_t>(report.ntp()),
                        report.rtp_timestamp());
  passBlocks(report, events);
}

void parseReceiverReport(const rtcp::CommonHeader& header, RtcpEvents& events) {
  rtcp::ReceiverReport report;
  if (report.Parse(header)) passBlocks(report, events);
}

/// Of how many packets one compound may tell. A few bytes can tell of 65,535 that didn't come, for
/// each of which libwebrtc keeps an entry; a viewer of 50 Mbit/s has 5,000 a second.
constexpr std::size_t kMaxStatuses = 8192;

/// draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1: packet status count.
std::size_t statusesIn(const rtcp::CommonHeader& header) {
  constexpr std::size_t kAt = 10;
  if (header.payload_size_bytes() < kAt + 2) return 0;
  return static_cast<std::size_t>(header.payload()[kAt] << 8U | header.payload()[kAt + 1]);
}

/// `statuses`: how many there may be yet.
void parseTransportFeedback(const rtcp::CommonHeader& header, RtcpEvents& events,
                            std::size_t& statuses) {
  if (header.fmt() == rtcp::Nack::kFeedbackMessageType) {
    rtcp::Nack nack;
    if (nack.Parse(header)) events.onNack(nack.media_ssrc(), nack.packet_ids());
  } else if (header.fmt() == rtcp::TransportFeedback::kFeedbackMessageType) {
    if (statusesIn(header) > statuses) return;
    statuses -= statusesIn(header);
    rtcp::TransportFeedback feedback;
    if (feedback.Parse(header)) events.onTransportFeedback(feedback);
  }
}

void parsePayloadFeedback(const rtcp::CommonHeader& header, RtcpEvents& events) {
  if (header.fmt() == rtcp::Pli::kFeedbackMessageType) {
    rtcp::Pli pli;
    if (pli.Parse(header)) events.onPictureLost();
  } else if (header.fmt() == rtcp::Fir::kFeedbackMessageType) {
    rtcp::Fir fir;
    if (fir.Parse(header)) events.onPictureLost();
  }
}

rtc::Buffer withSource(std::unique_ptr<rtcp::RtcpPacket> report, std::uint32_t ssrc) {
  auto source = std::make_unique<rtcp::Sdes>();
  source->AddCName(ssrc, "rtcpub");
  rtcp::CompoundPacket compound;
  compound.Append(std::move(report));
  compound.Append(std::move(source));
  return compound.Build();
}

}  // namespace

void parseRtcp(std::span<const std::uint8_t> compound, RtcpEvents& events) {
  const std::uint8_t* at = compound.data();
  const std::uint8_t* const end = at + compound.size();
  rtcp::CommonHeader header;
  std::size_t statuses = kMaxStatuses;
  while (at < end && header.Parse(at, static_cast<std::size_t>(end - at))) {
    switch (header.type()) {
      case rtcp::SenderReport::kPacketType:
        parseSenderReport(header, events);
        break;
      case rtcp::ReceiverReport::kPacketType:
        parseReceiverReport(header, events);
        break;
      case rtcp::Rtpfb::kPacketType:
        parseTransportFeedback(header, events, statuses);
        break;
      case rtcp::Psfb::kPacketType:
        parsePayloadFeedback(header, events);
        break;
      default:
        break;
    }
    at = header.NextPacket();
  }
}

std::uint32_t compactNtp(std::uint64_t ntp) { return static_cast<std::uint32_t>(ntp >> 16); }

rtc::Buffer buildPli(std::uint32_t sender, std::uint32_t media) {
  rtcp::Pli pli;
  pli.SetSenderSsrc(sender);
  pli.SetMediaSsrc(media);
  return pli.Build();
}

rtc::Buffer buildFir(std::uint32_t sender, std::uint32_t media, std::uint8_t sequenceNumber) {
  rtcp::Fir fir;
  fir.SetSenderSsrc(sender);
  fir.AddRequestTo(media, sequenceNumber);
  return fir.Build();
}

rtc::Buffer buildNack(std::uint32_t sender, std::uint32_t media,
                      std::vector<std::uint16_t> sequenceNumbers) {
  rtcp::Nack nack;
  nack.SetSenderSsrc(sender);
  nack.SetMediaSsrc(media);
  nack.SetPacketIds(std::move(sequenceNumbers));
  return nack.Build();
}

rtc::Buffer buildRemb(std::uint32_t sender, std::vector<std::uint32_t> media,
                      std::int64_t bitsPerSecond) {
  rtcp::Remb remb;
  remb.SetSenderSsrc(sender);
  remb.SetSsrcs(std::move(media));
  remb.SetBitrateBps(bitsPerSecond);
  return remb.Build();
}

rtc::Buffer buildSenderReport(const OutgoingSenderReport& report) {
  auto sender = std::make_unique<rtcp::SenderReport>();
  sender->SetSenderSsrc(report.ssrc);
  sender->SetNtp(webrtc::NtpTime(report.ntp));
  sender->SetRtpTimestamp(report.rtpTimestamp);
  sender->SetPacketCount(report.packets);
  sender->SetOctetCount(report.octets);
  return withSource(std::move(sender), report.ssrc);
}

rtc::Buffer buildReceiverReport(std::uint32_t sender, std::vector<rtcp::ReportBlock> blocks) {
  auto report = std::make_unique<rtcp::ReceiverReport>();
  report->SetSenderSsrc(sender);
  report->SetReportBlocks(std::move(blocks));
  return withSource(std::move(report), sender);
}

rtc::Buffer withReceiverReport(std::uint32_t sender, const rtc::Buffer& feedback) {
  rtcp::ReceiverReport report;
  report.SetSenderSsrc(sender);
  rtc::Buffer compound = report.Build();
  compound.AppendData(feedback);
  return compound;
}

}  // namespace rtcpub::sfu
