#pragma once

#include <stop_token>
#include <thread>

namespace rtcpub::cli {

/// SIGINT and SIGTERM as a stop token. A second one ends the program at once.
/// Runs on: a thread of its own that waits for the signals.
class StopSignal {
 public:
  /// Keeps the signals from every thread, so that only the waiting one gets them. First thing in
  /// main().
  static void block();

  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  [[nodiscard]] std::stop_token token() const { return stop_.get_token(); }
  /// As if a signal had come.
  void request() { stop_.request_stop(); }

 private:
  void wait();

  std::stop_source stop_;
  int signals_;
  int wake_;
  std::thread thread_;
};

}  // namespace rtcpub::cli
