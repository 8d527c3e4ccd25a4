// What a viewer saw: from the timestamps that it got back to when the publisher took the picture.
#include "sfu/router/producer.h"

namespace rtcpub::sfu {

void Producer::noteOrigin(Consumer& consumer, const SourcePacket& packet, Time now) const {
  const auto ssrc = source_.followed();
  const auto outgoing = consumer.stream.timestampOf(packet.timestamp);
  if (!ssrc || !outgoing) return;
  consumer.origins.begin({.ssrc = *ssrc, .timestamp = packet.timestamp}, *outgoing, now);
}

void Producer::forgetOrigins() {
  clocks_.clear();
  for (auto& consumer : consumers_) consumer.origins.clear();
}

std::optional<std::int64_t> Producer::capturedNtpUs(MemberId viewer, std::uint32_t timestamp,
                                                    Time now) const {
  const auto* consumer = find(viewer);
  if (consumer == nullptr) return std::nullopt;
  const auto origin = consumer->origins.find(timestamp, consumer->stream.newestTimestamp(), now);
  return origin ? clocks_.ntpUs(origin->ssrc, origin->timestamp, now) : std::nullopt;
}

void Producer::onSenderReport(const SenderReport& report, Time now) {
  clocks_.onReport(report.ssrc, report.ntp, report.rtpTimestamp, now);
  if (source_.followed() != report.ssrc) return;  // a simulcast layer's that nobody gets
  for (const auto& consumer : consumers_) {
    if (!consumer.ready) continue;
    const auto timestamp = consumer.stream.timestampOf(report.rtpTimestamp);
    if (!timestamp) continue;
    output_.sendSenderReport(consumer.id, {.ssrc = consumer.stream.section().ssrc,
                                           .ntp = report.ntp,
                                           .rtpTimestamp = *timestamp,
                                           .packets = consumer.stream.packets(),
                                           .octets = consumer.stream.octets()});
  }
}

}  // namespace rtcpub::sfu
