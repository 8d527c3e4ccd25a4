#include "load/subscriber.h"

#include <algorithm>
#include <cstring>

#include "load/publisher.h"
#include "modules/rtp_rtcp/source/rtcp_packet/receiver_report.h"
#include "modules/rtp_rtcp/source/rtcp_packet/transport_feedback.h"
#include "modules/rtp_rtcp/source/rtp_packet_received.h"

namespace rtcpub::bench {
namespace {

constexpr std::uint32_t kFirstReporterSsrc = 100'000;

std::uint32_t read(std::span<const std::uint8_t> data, std::size_t at, int bytes) {
  std::uint32_t value = 0;
  for (int i = 0; i < bytes; ++i) value = value << 8 | data[at + static_cast<std::size_t>(i)];
  return value;
}

/// Of the one-byte header extensions (RFC 8285), which SRTP leaves readable.
std::optional<std::uint16_t> transportSequence(std::span<const std::uint8_t> packet) {
  constexpr std::size_t kFixedHeader = 12;
  constexpr std::size_t kExtensionHeader = 4;
  const bool extended = (packet[0] & 0x10) != 0;
  if (!extended || packet.size() < kFixedHeader + kExtensionHeader) return std::nullopt;
  const std::size_t begin = kFixedHeader + kExtensionHeader;
  const std::size_t end = std::min(packet.size(), begin + std::size_t{4} * read(packet, 14, 2));
  for (std::size_t at = begin; at + 2 < end;) {
    if (packet[at] == 0) {
      ++at;
    } else if (packet[at] >> 4 == kTransportCcId) {
      return static_cast<std::uint16_t>(read(packet, at + 1, 2));
    } else {
      at += (packet[at] & 0x0FU) + 2U;
    }
  }
  return std::nullopt;
}

}  // namespace

Subscriber::Subscriber(Engine& engine, std::uint32_t number, bool sampled, bool data)
    : peer_(engine, Direction::kReceive, data), number_(number), sampled_(sampled) {
  peer_.ice().filter([this](std::span<const std::uint8_t> packet, std::int64_t arrivalUs) {
    return onSrtp(packet, arrivalUs);
  });
  if (sampled) {
    peer_.onRtp([this](const webrtc::RtpPacketReceived& packet) { onRtp(packet); });
  }
}

void Subscriber::beginMeasuring() {
  packets_ = 0;
  bytes_ = 0;
  unique_ = 0;
  lowest_.reset();
  latencies_.clear();
}

bool Subscriber::onSrtp(std::span<const std::uint8_t> packet, std::int64_t arrivalUs) {
  ++packets_;
  bytes_ += packet.size();
  noteArrival(packet, arrivalUs);
  if (!firstPacket_) firstPacket_ = Time(std::chrono::microseconds(arrivalUs));
  if ((packet[1] & 0x7F) != kPayloadType) return sampled_;
  ssrc_ = read(packet, 8, 4);
  const auto number = static_cast<std::uint16_t>(read(packet, 2, 2));
  const auto distance = static_cast<std::int16_t>(number - static_cast<std::uint16_t>(highest_));
  const std::int64_t sequence = highest_ + distance;
  if (!lowest_) {
    lowest_ = sequence;
    highest_ = sequence;
  }
  highest_ = std::max(highest_, sequence);
  if (sequence >= *lowest_) ++unique_;
  return sampled_;
}

std::uint64_t Subscriber::lost() const {
  if (!lowest_) return 0;
  const auto expected = static_cast<std::uint64_t>(highest_ - *lowest_ + 1);
  return expected > unique_ ? expected - unique_ : 0;
}

void Subscriber::onRtp(const webrtc::RtpPacketReceived& packet) {
  const auto payload = packet.payload();
  std::int64_t sentUs = 0;
  if (packet.PayloadType() != kPayloadType || payload.size() < kSendTimeOffset + sizeof sentUs) {
    return;
  }
  std::memcpy(&sentUs, payload.data() + kSendTimeOffset, sizeof sentUs);
  latencies_.push_back(packet.arrival_time().us() - sentUs);
}

void Subscriber::noteArrival(std::span<const std::uint8_t> packet, std::int64_t arrivalUs) {
  if (const auto number = transportSequence(packet)) arrived_.emplace_back(*number, arrivalUs);
}

void Subscriber::sendTransportFeedback() {
  if (arrived_.empty()) return;
  webrtc::rtcp::TransportFeedback feedback;
  feedback.SetSenderSsrc(kFirstReporterSsrc + number_);
  feedback.SetMediaSsrc(ssrc_);
  feedback.SetFeedbackSequenceNumber(feedbacks_++);
  const bool first = feedbacks_ == 1;
  feedback.SetBase(first ? arrived_.front().first : nextArrival_,
                   webrtc::Timestamp::Micros(arrived_.front().second));
  for (const auto& [number, arrivalUs] : arrived_) {
    if (!feedback.AddReceivedPacket(number, webrtc::Timestamp::Micros(arrivalUs))) break;
    nextArrival_ = static_cast<std::uint16_t>(number + 1);
  }
  arrived_.clear();
  const auto bytes = feedback.Build();
  peer_.sendRtcp({bytes.data(), bytes.size()});
}

void Subscriber::sendReceiverReport() {
  if (ssrc_ == 0) return;
  webrtc::rtcp::ReportBlock block;
  block.SetMediaSsrc(ssrc_);
  block.SetExtHighestSeqNum(static_cast<std::uint32_t>(highest_));
  webrtc::rtcp::ReceiverReport report;
  report.SetSenderSsrc(kFirstReporterSsrc + number_);
  report.AddReportBlock(block);
  const auto bytes = report.Build();
  peer_.sendRtcp({bytes.data(), bytes.size()});
}

}  // namespace rtcpub::bench
