#pragma once

#include <map>
#include <optional>

#include "conditions.h"
#include "random.h"

namespace netlab {

/// Packets on their way: delay, jitter, reordering and duplicates.
class Propagation {
 public:
  explicit Propagation(std::uint64_t seed)
      : jitter_(seed), reorder_(seed + 1), duplicate_(seed + 3) {}

  /// A packet that was sent at that moment; whether it will arrive twice.
  bool push(Packet packet, const Conditions& conditions, Time sent);
  /// The next packet that has arrived by now.
  [[nodiscard]] std::optional<Packet> pop(Time now);
  /// When the next one arrives.
  [[nodiscard]] std::optional<Time> next() const;

 private:
  Time jitter(const Conditions& conditions, Time sent);

  Random jitter_;
  Random reorder_;
  Random duplicate_;
  std::optional<Time> jitterDrawn_;  // when the one that holds was drawn
  Time jitterHeld_{};
  Time lastArrival_{};                    // of those that keep their order
  std::multimap<Time, Packet> underway_;  // by arrival; in the order of sending where that is equal
};

}  // namespace netlab
