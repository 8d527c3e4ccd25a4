#pragma once

#include <chrono>
#include <optional>

#include "rtcpub/clock.h"

namespace rtcpub::sfu {

/// What the network thread did since the last one.
struct LoadSample {
  /// Each packet of the media waited at least so long before its turn: a queue that doesn't empty.
  std::chrono::microseconds lateness{};
  double busy = 0;        ///< the share of its time in which it worked, or would have
  double packetsOut = 0;  ///< a second
};

/// Decides when there is more to send than a core can, and how much may be sent then. It learns
/// what the core can from what it does: so it needs no figure of the machine. It gives way quickly
/// and takes back slowly, and the more slowly the more often that was wrong. Pure.
class LoadGovernor {
 public:
  /// A packet that waited for so long waits in a queue that doesn't empty by itself …
  static constexpr std::chrono::milliseconds kLate{25};
  /// … if the thread has hardly a pause, and that for so long. A single burst is over by then.
  static constexpr double kBusy = 0.9;
  static constexpr std::chrono::milliseconds kOnset{250};
  /// … or at once, if it waited for so long.
  static constexpr std::chrono::milliseconds kVeryLate{100};
  /// How much of what the core can is used then: the rest takes up what comes unevenly.
  static constexpr double kUsed = 0.75;
  /// What was left out shows by then.
  static constexpr std::chrono::milliseconds kEffect{400};
  /// When it was still too much, since packets were late for so long, there is less of it.
  static constexpr std::chrono::milliseconds kAgain{100};
  static constexpr double kCut = 0.85;
  /// Packets a second that are always sent: what is nothing can't be raised by steps.
  static constexpr double kLeastBudget = 20;
  /// There is room for more when nothing waits and the thread has pauses, and that for so long.
  static constexpr double kCalm = 0.7;
  static constexpr std::chrono::milliseconds kRise{2000};
  static constexpr std::chrono::milliseconds kMostRise{30000};
  static constexpr double kStep = 1.1;
  /// More is tried, too, when it is less busy than kBusy and nothing is late for so long: a server
  /// that has much to do, but keeps up, is never calm.
  static constexpr std::chrono::milliseconds kQuietRise{30000};
  /// While the thread hardly works: what it can was taken for far less than it is.
  static constexpr double kIdle = 0.4;
  static constexpr double kIdleStep = 2;
  static constexpr std::chrono::milliseconds kIdleRise{1000};
  /// At first so much of what is wanted is sent at least: where many join at once, the thread sends
  /// little and could send much.
  static constexpr double kLeastAtFirst = 0.5;

  /// Some ten times a second.
  void onSample(const LoadSample& sample, Time now);
  /// How many packets of media a second would be sent if nothing were left out: it is over when
  /// they have fitted, and nothing was late, for kRise. Once a second or more often, and at once
  /// when it begins.
  void onDemand(double packets, Time now);

  [[nodiscard]] bool overloaded() const { return budget_.has_value(); }
  /// Since when it is.
  [[nodiscard]] Time since() const { return since_; }
  /// How many packets of media a second may be sent; nothing: all of them.
  [[nodiscard]] std::optional<double> budget() const { return budget_; }

 private:
  [[nodiscard]] double usable(const LoadSample& sample) const;
  void begin(const LoadSample& sample, Time now);
  void cut(const LoadSample& sample, Time now);
  [[nodiscard]] bool mayRaise(const LoadSample& sample, Time now) const;
  void raise(const LoadSample& sample, Time now);

  std::optional<double> budget_;
  Time since_{};
  std::optional<Time> lateSince_;
  std::optional<Time> calmSince_;
  std::optional<Time> quietSince_;
  std::optional<Time> fitsSince_;
  Time changedAt_{};
  bool raised_ = false;  ///< the last change was a rise
  bool fresh_ = false;   ///< it has just begun, and the demand isn't known yet
  std::chrono::milliseconds rise_{kRise};
};

}  // namespace rtcpub::sfu
