#include "sfu/router/sender_clocks.h"

#include <algorithm>

#include "sfu/router/media.h"

namespace rtcpub::sfu {
namespace {

std::int64_t microseconds(std::uint64_t ntp) {
  const auto seconds = static_cast<std::int64_t>(ntp >> 32);
  const auto fraction = static_cast<std::int64_t>((ntp & 0xFFFFFFFFU) * 1'000'000 >> 32);
  return seconds * 1'000'000 + fraction;
}

}  // namespace

void SenderClocks::onReport(std::uint32_t ssrc, std::uint64_t ntp, std::uint32_t timestamp,
                            Time now) {
  std::erase_if(reports_, [ssrc](const Report& one) { return one.ssrc == ssrc; });
  if (ntp == 0) return;
  if (reports_.size() == kMaxStreams) reports_.pop_front();
  reports_.push_back({.ssrc = ssrc, .ntp = ntp, .timestamp = timestamp, .at = now});
}

std::optional<std::int64_t> SenderClocks::ntpUs(std::uint32_t ssrc, std::uint32_t timestamp,
                                                Time now) const {
  const auto report = std::find_if(reports_.begin(), reports_.end(),
                                   [ssrc](const Report& one) { return one.ssrc == ssrc; });
  if (report == reports_.end() || now - report->at > kMemory) return std::nullopt;
  const std::int64_t ticks = static_cast<std::int32_t>(timestamp - report->timestamp);
  return microseconds(report->ntp) + ticks * 1'000'000 / kVideoClockRate;
}

}  // namespace rtcpub::sfu
