#pragma once

#include <chrono>
#include <functional>

namespace rtcpub {

/// How long to wait before the next attempt: from a quarter of a second, longer each time, to ten
/// seconds; a little at random, so that those who lost the same server don't come back all at once.
/// Pure.
class Backoff {
 public:
  /// `random` gives numbers from 0 to below 1.
  explicit Backoff(std::function<double()> random) : random_(std::move(random)) {}

  /// No shorter than `atLeast`, at which others may have been told to come back, too.
  [[nodiscard]] std::chrono::milliseconds next(std::chrono::milliseconds atLeast = {});
  /// An attempt went well: the next wait is short again.
  void reset() { mean_ = kFirst; }

 private:
  static constexpr std::chrono::duration<double, std::milli> kFirst{250};

  std::function<double()> random_;
  std::chrono::duration<double, std::milli> mean_ = kFirst;
};

}  // namespace rtcpub
