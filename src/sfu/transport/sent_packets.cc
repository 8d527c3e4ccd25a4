#include "sfu/transport/sent_packets.h"

#include <utility>

#include "engine/compat/transport_feedback.h"

namespace rtcpub::sfu {
namespace {

/// Where arrival times begin: so far from 0 that no feedback gets there, whatever it says.
constexpr std::int64_t kOriginUs = 10'000'000'000'000;
constexpr std::int64_t kMaxDistanceUs = kOriginUs / 2;
constexpr std::int64_t kMs = 1000;

webrtc::PacedPacketInfo toPacing(const Probe& probe) {
  webrtc::PacedPacketInfo info(probe.id, probe.packets, probe.bytes);
  engine::setSendRate(info, probe.bitsPerSecond);
  return info;
}

}  // namespace

webrtc::SentPacket SentPackets::add(std::size_t size, const std::optional<Probe>& probe, Time now) {
  forgetOld(now);
  if (probe) probe_ = *probe;
  const std::int64_t sequence = first_ + static_cast<std::int64_t>(sent_.size());
  sent_.push_back({.timeUs = now.time_since_epoch().count(),
                   .size = static_cast<std::uint32_t>(size),
                   .arrived = false,
                   .probing = probe.has_value()});
  inFlight_ += static_cast<std::int64_t>(size);
  auto packet = result(sequence).sent_packet;
  packet.data_in_flight = webrtc::DataSize::Bytes(inFlight_);
  return packet;
}

void SentPackets::forgetOld(Time now) {
  const std::int64_t oldest = (now - kMaxAge).time_since_epoch().count();
  while (!sent_.empty() &&
         (sent_.front().arrived || sent_.front().timeUs < oldest || sent_.size() >= kMaxPackets)) {
    settle(first_);
    sent_.pop_front();
    ++first_;
  }
}

std::optional<webrtc::TransportPacketsFeedback> SentPackets::onFeedback(
    const webrtc::rtcp::TransportFeedback& feedback, Time now) {
  moveBase(feedback);
  webrtc::TransportPacketsFeedback report;
  report.feedback_time = webrtc::Timestamp::Micros(now.time_since_epoch().count());
  report.prior_in_flight = webrtc::DataSize::Bytes(inFlight_);
  engine::forEachPacket(feedback, [&](std::uint16_t number, const auto& sinceBase) {
    const auto sequence = find(number);
    if (!sequence || at(*sequence).arrived) return;
    settle(*sequence);
    report.packet_feedbacks.push_back(result(*sequence));
    if (!sinceBase) return;
    at(*sequence).arrived = true;
    report.packet_feedbacks.back().receive_time =
        webrtc::Timestamp::Millis((baseUs_ + sinceBase->us()) / kMs);
  });
  if (report.packet_feedbacks.empty()) return std::nullopt;
  const std::int64_t next = settled_ + 1;
  if (next < first_ + static_cast<std::int64_t>(sent_.size())) {
    report.first_unacked_send_time = webrtc::Timestamp::Micros(at(next).timeUs);
  }
  report.data_in_flight = webrtc::DataSize::Bytes(inFlight_);
  return report;
}

std::optional<std::int64_t> SentPackets::find(std::uint16_t number) const {
  if (sent_.empty()) return std::nullopt;
  const std::int64_t newest = first_ + static_cast<std::int64_t>(sent_.size()) - 1;
  const auto distance = static_cast<std::int16_t>(number - static_cast<std::uint16_t>(newest));
  if (distance > 0 || newest + distance < first_) return std::nullopt;
  return newest + distance;
}

void SentPackets::settle(std::int64_t sequence) {
  for (; settled_ < sequence; ++settled_) inFlight_ -= at(settled_ + 1).size;
}

void SentPackets::moveBase(const webrtc::rtcp::TransportFeedback& feedback) {
  const bool first = !lastBase_;
  if (!first) baseUs_ += feedback.GetBaseDelta(*lastBase_).us();
  const bool strays = baseUs_ < kOriginUs - kMaxDistanceUs || baseUs_ > kOriginUs + kMaxDistanceUs;
  if (first || strays) baseUs_ = kOriginUs;
  lastBase_ = feedback.BaseTime();
}

webrtc::PacketResult SentPackets::result(std::int64_t sequence) const {
  const Sent& sent = at(sequence);
  webrtc::PacketResult result;
  result.sent_packet.send_time = webrtc::Timestamp::Millis(sent.timeUs / kMs);
  result.sent_packet.size = webrtc::DataSize::Bytes(sent.size);
  result.sent_packet.sequence_number = sequence;
  if (sent.probing) result.sent_packet.pacing_info = toPacing(probe_);
  return result;
}

}  // namespace rtcpub::sfu
