#pragma once

#include <deque>
#include <optional>

#include "conditions.h"

namespace netlab {

/// A queue with drop-tail before a transmitter of limited rate.
class Bottleneck {
 public:
  /// A packet whose last bit has been sent, and when that was.
  struct Departure {
    Packet packet;
    Time at;
  };

  /// Takes over rate, hold and the queue's limits from now on; what has left until then must have
  /// been popped.
  void shape(const Conditions& conditions, Time now);
  /// False: the queue is full and the packet is dropped. A packet is always taken when none waits.
  [[nodiscard]] bool push(Packet packet, Time now);
  /// The next packet that has left by now.
  [[nodiscard]] std::optional<Departure> pop(Time now);
  /// When the next packet leaves; nullopt: none, unless something changes.
  [[nodiscard]] std::optional<Time> next() const { return headLeaves_; }
  /// How long a packet that comes now would wait, at the link's rate (while it stalls, too); 0
  /// without a limit of the rate.
  [[nodiscard]] Time wait(Time now) const;

 private:
  /// bit/s at which the head is sent now: 0 while the link stalls, infinite without a limit.
  [[nodiscard]] double speed() const;
  [[nodiscard]] double headBitsLeft(Time now) const;
  void sendHead(double bitsLeft, Time now);
  [[nodiscard]] bool isFull(std::size_t size, Time now) const;

  double rate_ = 0;  // bit/s; 0: unlimited
  bool hold_ = false;
  Time queueTime_{};
  std::size_t queueBytes_ = 0;

  std::deque<Packet> queue_;  // the head is being sent
  std::size_t bytes_ = 0;     // of all in the queue
  double headBits_ = 0;       // of the head, that were left at headSince_
  Time headSince_{};
  std::optional<Time> headLeaves_;
};

}  // namespace netlab
