#include "sfu/router/repairs.h"

#include <algorithm>

namespace rtcpub::sfu {
namespace {

constexpr std::chrono::milliseconds kWindow{300};
/// So few are repeated in any case.
constexpr std::size_t kFew = 20;
/// Sequence numbers further apart than that have another meaning soon.
constexpr std::uint16_t kFar = 0x4000;

/// In sequence numbers, which wrap (RFC 1982).
bool isBefore(std::uint16_t a, std::uint16_t b) {
  return a != b && static_cast<std::uint16_t>(b - a) < 0x8000;
}

/// More than are missing at once.
constexpr std::size_t kMaxSpareGaps = 64;
/// More pictures than come while one of them is repaired.
constexpr std::size_t kMaxBegins = 64;

/// Drops the oldest ones that are too many, or whose numbers are too far back.
template <class Kept, class NumberOf>
void dropOld(std::deque<Kept>& kept, std::size_t most, std::uint16_t number, NumberOf numberOf) {
  while (!kept.empty() && (kept.size() > most ||
                           static_cast<std::uint16_t>(number - numberOf(kept.front())) > kFar)) {
    kept.pop_front();
  }
}

/// Whether no frame of the lowest layer can have been hit by what is missing between the two.
bool onlyUpperLayersBetween(const Repairs::Packet& before, const Repairs::Packet& after) {
  if (!before.layered || !after.layered) return false;
  const auto& [first, firstStarts] = *before.layered;
  const auto& [next, nextStarts] = *after.layered;
  if (!first.lowestFrames || !next.lowestFrames) return false;
  const bool beforeIsWhole = first.id != 0 || before.endsFrame;
  const bool begun = next.id == 0 && nextStarts;  // and counted
  const auto between = static_cast<std::uint8_t>(*next.lowestFrames - *first.lowestFrames);
  return beforeIsWhole && between == (begun ? 1 : 0);
}

}  // namespace

void Repairs::onReceived(const Packet& packet, Time now) {
  const auto number = packet.sequenceNumber;
  std::erase_if(missing_,
                [number](const auto& missing) { return missing.sequenceNumber == number; });
  count({.at = now, .missing = 0, .received = 1});
  if (!newest_ || isBefore(newest_->sequenceNumber, number)) onNewest(packet);
  if (packet.startsKeyFrame) onKeyFrame(number);
}

void Repairs::onNewest(const Packet& packet) {
  const auto number = packet.sequenceNumber;
  if (newest_) {
    const Gap gap{.first = static_cast<std::uint16_t>(newest_->sequenceNumber + 1),
                  .last = static_cast<std::uint16_t>(number - 1)};
    if (gap.first != number && onlyUpperLayersBetween(*newest_, packet)) spare_.push_back(gap);
    dropOld(spare_, kMaxSpareGaps, number, [](const Gap& kept) { return kept.first; });
    if (newest_->timestamp != packet.timestamp) begins_.push_back(gap.first);
    dropOld(begins_, kMaxBegins, number, [](std::uint16_t kept) { return kept; });
  }
  newest_ = packet;
  if (start_ && static_cast<std::uint16_t>(number - *start_) > kFar) start_.reset();
}

std::uint16_t Repairs::beginOf(std::uint16_t sequenceNumber) const {
  const auto found = std::find_if(
      begins_.rbegin(), begins_.rend(),
      [sequenceNumber](std::uint16_t begin) { return !isBefore(sequenceNumber, begin); });
  return found == begins_.rend() ? sequenceNumber : *found;
}

void Repairs::onKeyFrame(std::uint16_t sequenceNumber) {
  waitsSince_.reset();
  // Its first packets may be among the missing ones, whichever of them is repeated first.
  const auto start = beginOf(sequenceNumber);
  if (start_ && !isBefore(*start_, start)) return;
  start_ = start;
  std::erase_if(missing_,
                [this](const auto& missing) { return isOfNoUse(missing.sequenceNumber); });
  window_.clear();
  missingInWindow_ = 0;
  receivedInWindow_ = 0;
}

std::vector<std::uint16_t> Repairs::onMissing(std::span<const std::uint16_t> packets, Time now) {
  // The key frame can't have begun to come yet.
  if (waitsSince_ && now - *waitsSince_ < rtt_) return {};
  std::vector<std::uint16_t> wanted;
  for (const auto number : packets) {
    if (isOfNoUse(number)) continue;
    wanted.push_back(number);
    const bool known = std::any_of(missing_.begin(), missing_.end(), [number](const auto& missing) {
      return missing.sequenceNumber == number;
    });
    if (!known) missing_.push_back({number, now, isSpare(number)});
  }
  count({.at = now, .missing = wanted.size(), .received = 0});
  return worthIt() ? wanted : std::vector<std::uint16_t>();
}

bool Repairs::givesUp(Time now) {
  const bool again = waitsSince_ && now - *waitsSince_ > std::max(kOverdue, 2 * rtt_);
  if (!again && worthIt() && !overdue(now)) return false;
  beginAnew();
  waitsSince_ = now;
  return true;
}

bool Repairs::isOfNoUse(std::uint16_t sequenceNumber) const {
  return start_ && isBefore(sequenceNumber, *start_);
}

bool Repairs::isSpare(std::uint16_t sequenceNumber) const {
  return std::any_of(spare_.begin(), spare_.end(), [sequenceNumber](const Gap& gap) {
    return !isBefore(sequenceNumber, gap.first) && !isBefore(gap.last, sequenceNumber);
  });
}

bool Repairs::worthIt() const {
  // At the rate at which packets arrive the missing ones take missing / received windows.
  return missingInWindow_ <= kFew || missingInWindow_ * kWindow <= receivedInWindow_ * kKeyFrame;
}

bool Repairs::overdue(Time now) {
  const auto isLate = [since = now - std::max(kOverdue, 3 * rtt_)](const Missing& missing) {
    return missing.since < since;
  };
  std::erase_if(missing_, [&](const auto& missing) { return missing.spare && isLate(missing); });
  return std::any_of(missing_.begin(), missing_.end(), isLate);
}

void Repairs::count(const Event& event) {
  window_.push_back(event);
  missingInWindow_ += event.missing;
  receivedInWindow_ += event.received;
  while (window_.front().at + kWindow <= event.at) {
    missingInWindow_ -= window_.front().missing;
    receivedInWindow_ -= window_.front().received;
    window_.pop_front();
  }
}

void Repairs::beginAnew() {
  missing_.clear();
  window_.clear();
  missingInWindow_ = 0;
  receivedInWindow_ = 0;
}

}  // namespace rtcpub::sfu
