#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <tl/expected.hpp>

#include "packet.h"

namespace netlab {

/// Gilbert and Elliott's model: two states, which may change after each packet. Probabilities.
struct BurstLoss {
  double toBad = 0;  ///< 0: off
  double toGood = 0;
  double lossInBad = 1;
  double lossInGood = 0;
};

/// The rate wanders: every `step` it is multiplied or divided by up to `factor`.
struct RateWalk {
  double least = 0;  ///< bit/s
  double most = 0;   ///< bit/s; 0: no walk
  Time step{};
  double factor = 1.35;
  bool operator==(const RateWalk&) const = default;
};

/// What one direction of a link does to packets, in the order in which they meet it.
struct Conditions {
  bool down = false;        ///< an outage: everything is lost
  bool udpBlocked = false;  ///< a firewall that lets only the rest through
  std::size_t largest = 0;  ///< bytes of an IP packet; larger ones vanish, nobody is told; 0: none

  double rate = 0;             ///< bit/s of IP packets; 0: unlimited
  RateWalk walk;               ///< moves `rate`
  Time queueTime{};            ///< the longest wait in the queue, at `rate`; 0: not limited
  std::size_t queueBytes = 0;  ///< the most bytes that wait; 0: not limited
  bool hold = false;           ///< the link stalls and the queue fills, as in an LTE hand-over

  double loss = 0;  ///< probability, each packet for itself
  BurstLoss burst;

  Time delay{};
  Time jitterLeast{};  ///< on top of `delay`, uniform; the order is kept
  Time jitterMost{};
  Time jitterStep{};  ///< for how long one drawn jitter holds; 0: for one packet
  double reorder =
      0;  ///< probability that a packet leaves later by `reorderBy` and others overtake it
  Time reorderBy{};
  double duplicate = 0;  ///< probability that a packet arrives twice
};

/// These conditions with settings applied, KEY=VALUE each; the README of this folder lists them.
/// All or none is applied: the error says which word is wrong.
[[nodiscard]] tl::expected<Conditions, std::string> withSettings(
    Conditions conditions, std::span<const std::string> settings);

}  // namespace netlab
