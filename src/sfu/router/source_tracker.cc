#include "sfu/router/source_tracker.h"

#include <algorithm>

namespace rtcpub::sfu {
namespace {

// RFC 3550 appendix A.1, with room for late retransmissions.
constexpr int kMaxDropout = 3000;
constexpr int kMaxMisorder = 2048;

}  // namespace

void SourceTracker::reset(std::uint32_t announcedSsrc) {
  announced_ = announcedSsrc;
  followed_.reset();
  confirming_.reset();
}

std::optional<SourceTracker::Place> SourceTracker::place(std::uint32_t ssrc,
                                                         std::uint16_t sequenceNumber, Time now) {
  if (followed_ != ssrc) {
    if (!takesOver(ssrc, now)) return std::nullopt;
    lastHeard_ = now;
    return restart(ssrc, sequenceNumber);
  }
  lastHeard_ = now;
  const auto newest = static_cast<std::uint16_t>(newest_);
  const auto distance = static_cast<std::int16_t>(sequenceNumber - newest);
  if (distance > kMaxDropout || distance < -kMaxMisorder) {
    if (!isRestart(sequenceNumber)) return std::nullopt;
    return restart(ssrc, sequenceNumber);
  }
  confirming_.reset();
  const std::int64_t sequence = newest_ + distance;
  newest_ = std::max(newest_, sequence);
  return Place{.sequence = sequence, .restarted = false};
}

bool SourceTracker::takesOver(std::uint32_t ssrc, Time now) const {
  return !followed_ || (announced_ != 0 && ssrc == announced_) || now - lastHeard_ > kSilence;
}

bool SourceTracker::isRestart(std::uint16_t sequenceNumber) {
  const bool confirmed = confirming_ == sequenceNumber;
  confirming_ = static_cast<std::uint16_t>(sequenceNumber + 1);
  return confirmed;
}

SourceTracker::Place SourceTracker::restart(std::uint32_t ssrc, std::uint16_t sequenceNumber) {
  followed_ = ssrc;
  confirming_.reset();
  // Two rounds on, so that late packets of either stream keep apart.
  newest_ = ((newest_ >> 16) + 2) << 16 | sequenceNumber;
  return {.sequence = newest_, .restarted = true};
}

}  // namespace rtcpub::sfu
