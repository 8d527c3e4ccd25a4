#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <span>

#include "rtcpub/clock.h"

namespace rtcpub::peer {

/// What became of one packet, as transport-wide feedback says it.
struct PacketOutcome {
  Time sent{};
  /// On the receiver's clock; nothing if it was lost.
  std::optional<Time> received;
  int bytes = 0;
};

/// Watches what a path does to packets: how long they queue, how many are lost, and whether the
/// path has suddenly become much narrower. libwebrtc notices the latter late where queues are
/// short: within a frame they are full, delay grows no further, and loss lowers its estimate in
/// small steps.
///
/// Pure: times are arguments.
class PathWatch {
 public:
  /// What counts is so young.
  static constexpr std::chrono::milliseconds kWindow{250};

  /// Takes a report. Returns what the path carried, in kbit/s, if it carries far less than is sent:
  /// much is lost, and what arrives had to wait. Once for each fall.
  std::optional<int> onFeedback(std::span<const PacketOutcome> outcomes);

  /// How much longer than the shortest of the last seconds packets take now at least.
  [[nodiscard]] std::chrono::microseconds queueing() const;
  /// The fraction that is lost now, 0 to 1.
  [[nodiscard]] double loss() const;

 private:
  using Delay = std::chrono::microseconds;

  void take(const PacketOutcome& outcome);
  void noteBase(Delay delay, Time sent);
  [[nodiscard]] std::optional<int> carriedKbps() const;

  std::deque<PacketOutcome> window_;
  Time ignoredBefore_{};  ///< packets sent before were part of a fall that is known
  // The shortest delay of this period and the last one.
  std::optional<Delay> base_;
  std::optional<Delay> baseBefore_;
  Time periodBegan_{};
};

}  // namespace rtcpub::peer
