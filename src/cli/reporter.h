#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "cli/output.h"
#include "rtcpub/state.h"
#include "rtcpub/stats.h"
#include "rtcpub/subscription.h"

namespace rtcpub::cli {

/// The status line of a terminal: "connected  30.0 fps  1980 kbit/s  RTT 0.4 ms  loss 0.0 %  2
/// viewers".
std::string statusLine(const Stats& stats);

/// A beat of one tick a second, without drift. Ticks that were missed, while the program or its
/// reader stood still, are left out: what would be told then is no news. Pure.
class Beat {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit Beat(Time start) : next_(start + kInterval) {}

  [[nodiscard]] Time next() const { return next_; }
  /// It is `now`, not before next(): whether the tick is still of use. Goes on to the next one.
  [[nodiscard]] bool take(Time now);

 private:
  static constexpr std::chrono::seconds kInterval{1};

  Time next_;
};

/// Tells once a second how things are: as JSON lines on standard output, or as one live line when
/// standard error is a terminal.
/// Runs on: a thread of its own.
class Reporter {
 public:
  Reporter(std::function<Stats()> stats, bool json, Output& output);
  ~Reporter();

  /// Tells it now, besides. Any thread.
  void tell();

 private:
  void run(const std::stop_token& stop, const std::function<void()>& tick);

  std::mutex mutex_;
  std::condition_variable_any wake_;
  bool asked_ = false;
  std::jthread thread_;
};

/// The line for a change of the number of viewers: like a command on standard input it begins with
/// ':' and has no tab, so no line of a message looks like it.
std::string viewersLine(int viewers);

/// Tells at once of each change of the number of viewers: by `reporter`, and by a line of its own
/// if there is an `output`. Runs on: a thread of its own.
class ViewersPrinter {
 public:
  ViewersPrinter(Subscription<int> viewers, Reporter& reporter, Output* output);

 private:
  std::jthread thread_;
};

/// Prints `success` when the server's answer is registered: the word that users of the old program
/// wait for. Runs on: a thread of its own.
class SuccessPrinter {
 public:
  SuccessPrinter(Subscription<StateChange> states, Output& output);

 private:
  std::jthread thread_;
};

}  // namespace rtcpub::cli
