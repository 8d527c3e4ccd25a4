#pragma once

#include <chrono>
#include <optional>
#include <stop_token>
#include <thread>

namespace rtcpub::cli {

/// SIGINT and SIGTERM as a stop token. A second one ends the program at once, and so does the time,
/// told on standard error and by exit code 1, when the program doesn't end by itself.
/// Runs on: a thread of its own that waits for the signals.
class StopSignal {
 public:
  /// Keeps the signals from every thread, so that only the waiting one gets them. First thing in
  /// main().
  static void block();

  /// `patience`: how long the program may take to end; without it, for ever. It counts from the
  /// signal to the end of this object.
  explicit StopSignal(std::optional<std::chrono::milliseconds> patience = {});
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  [[nodiscard]] std::stop_token token() const { return stop_.get_token(); }
  /// As if a signal had come.
  void request() { stop_.request_stop(); }

 private:
  void wait();

  const std::optional<std::chrono::milliseconds> patience_;
  std::stop_source stop_;
  int signals_;
  int wake_;
  std::thread thread_;
};

/// How long a server may take to end: those who started it wait for 2 s, say.
inline constexpr std::chrono::milliseconds kServerPatience{1800};

}  // namespace rtcpub::cli
