#include "propagation.h"

#include <algorithm>
#include <utility>

namespace netlab {

bool Propagation::push(Packet packet, const Conditions& conditions, Time sent) {
  auto arrival = std::max(sent + conditions.delay + jitter(conditions, sent), lastArrival_);
  if (reorder_.happens(conditions.reorder)) {
    arrival += conditions.reorderBy;
  } else {
    lastArrival_ = arrival;
  }
  const bool twice = duplicate_.happens(conditions.duplicate);
  if (twice) underway_.emplace(arrival, packet);
  underway_.emplace(arrival, std::move(packet));
  return twice;
}

std::optional<Packet> Propagation::pop(Time now) {
  if (underway_.empty() || underway_.begin()->first > now) return std::nullopt;
  return std::move(underway_.extract(underway_.begin()).mapped());
}

std::optional<Time> Propagation::next() const {
  return underway_.empty() ? std::nullopt : std::optional(underway_.begin()->first);
}

Time Propagation::jitter(const Conditions& conditions, Time sent) {
  if (conditions.jitterMost == Time{}) return Time{};
  const bool held = jitterDrawn_ && sent < *jitterDrawn_ + conditions.jitterStep;
  if (!held) {
    const double range = inSeconds(conditions.jitterMost - conditions.jitterLeast);
    jitterHeld_ = conditions.jitterLeast + seconds(range * jitter_.next());
    jitterDrawn_ = sent;
  }
  return jitterHeld_;
}

}  // namespace netlab
