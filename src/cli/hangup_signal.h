#pragma once

#include <functional>
#include <thread>

namespace rtcpub::cli {

/// SIGHUP ends nothing: a publisher goes on when the terminal that started it goes away,
/// and a server is asked by it to read its certificate again. Runs on: a thread of its own.
class HangupSignal {
 public:
  /// Keeps the signal from every thread, which is to ignore it where nobody waits for it. First
  /// thing in main().
  static void block();

  /// Calls this for each that comes, on its own thread.
  explicit HangupSignal(std::function<void()> onHangup);
  ~HangupSignal();
  HangupSignal(const HangupSignal&) = delete;
  HangupSignal& operator=(const HangupSignal&) = delete;

 private:
  void wait();

  std::function<void()> onHangup_;
  int signals_;
  int wake_;
  std::thread thread_;
};

}  // namespace rtcpub::cli
