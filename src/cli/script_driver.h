#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "cli/drive_script.h"
#include "cli/line_splitter.h"
#include "cli/stop_signal.h"
#include "rtcpub/control.h"

namespace rtcpub::cli {

/// A script that drives, line by line as it comes; neutral between two lines that don't follow at
/// once. It stops the program at its end, or when a line can't be done.
/// Runs on: a thread of its own.
class ScriptDriver {
 public:
  /// Of a file, or - for standard input. Errors: kIo.
  static Result<int> open(const std::string& script);

  /// Closes `input` in the end.
  ScriptDriver(int input, DriverControl control, StopSignal& stop);
  ScriptDriver(const ScriptDriver&) = delete;
  ScriptDriver& operator=(const ScriptDriver&) = delete;
  ~ScriptDriver();

  /// Why it didn't come to its end. Any thread.
  [[nodiscard]] std::optional<Error> failure() const;

 private:
  struct Begun {
    ScriptStep step;
    Time since{};
  };

  void run(const std::stop_token& token);
  /// Reads what there is, and waits a moment for it.
  void read();
  void beginNext();
  void begin(const ScriptStep& step);
  /// Whether the step is done.
  bool goOn(const Begun& begun);
  bool drive(const Begun& begun);
  bool waitFor(bool reached, const Begun& begun, const char* what);
  void fail(const std::string& why);

  const int input_;
  DriverControl control_;
  StopSignal& stop_;
  LineSplitter lines_;
  bool ended_ = false;  ///< the input has
  int number_ = 0;      ///< of the newest line
  std::optional<Begun> begun_;
  mutable std::mutex mutex_;
  std::optional<Error> failure_;
  std::jthread thread_;  ///< the last member: it uses the others
};

}  // namespace rtcpub::cli
