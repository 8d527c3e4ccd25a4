#pragma once

#include <cstdint>
#include <optional>

#include "bottleneck.h"
#include "conditions.h"
#include "loss.h"
#include "propagation.h"
#include "random.h"

namespace netlab {

/// What became of the packets of one direction. All that came in, and the duplicates, are in one of
/// the others, or still underway.
struct Counters {
  std::uint64_t in = 0;
  std::uint64_t inBytes = 0;
  std::uint64_t out = 0;
  std::uint64_t outBytes = 0;
  std::uint64_t blocked = 0;  ///< by an outage or as UDP
  std::uint64_t queue = 0;    ///< did not fit into the queue
  std::uint64_t lost = 0;     ///< at random or in a burst
  std::uint64_t duplicated = 0;
};

/// One direction of a link: firewall, queue and rate, loss, way. Decides everything and does
/// nothing: the time is an argument and must not go back. The same packets at the same times with
/// the same seed fare the same.
class Link {
 public:
  explicit Link(std::uint64_t seed);

  [[nodiscard]] const Conditions& conditions() const { return conditions_; }
  /// The conditions after all that has happened until now: the rate may have walked.
  [[nodiscard]] const Conditions& conditionsAt(Time now);
  void change(const Conditions& conditions, Time now);

  void send(Packet packet, Time now);
  /// The next packet that has arrived by now.
  [[nodiscard]] std::optional<Packet> receive(Time now);
  /// When to call receive(), if nothing else happens before.
  [[nodiscard]] std::optional<Time> next() const;

  [[nodiscard]] const Counters& counters() const { return counters_; }
  /// How long a packet that comes now would wait in the queue.
  [[nodiscard]] Time queueWait(Time now) const { return bottleneck_.wait(now); }

 private:
  void advance(Time now);
  void leave(Packet packet, Time at);
  void walk();

  Conditions conditions_;
  Counters counters_;
  Loss loss_;
  Propagation propagation_;
  Random walkRandom_;
  Bottleneck bottleneck_;
  std::optional<Time> nextStep_;  // of the rate's walk
};

}  // namespace netlab
