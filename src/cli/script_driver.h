#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "cli/drive_script.h"
#include "cli/line_splitter.h"
#include "cli/script_course.h"
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
  void run(const std::stop_token& token);
  /// Does what is to be done now; begins lines that follow.
  void go();
  void follow(const ScriptCourse::Orders& orders);
  /// Takes the next line of what has come. False: there is none yet, or any more.
  bool beginNext();
  /// False: it is none, or empty.
  bool begin(std::string_view line);
  /// Reads what there is, for which it waits so long. False: nothing.
  bool read(int waitMs);
  void fail(const std::string& why);

  const int input_;
  DriverControl control_;
  StopSignal& stop_;
  LineSplitter lines_;
  bool ended_ = false;  ///< the input has
  int number_ = 0;      ///< of the newest line
  ScriptCourse course_;
  mutable std::mutex mutex_;
  std::optional<Error> failure_;
  std::jthread thread_;  ///< the last member: it uses the others
};

}  // namespace rtcpub::cli
