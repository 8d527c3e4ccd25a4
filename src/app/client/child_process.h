#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "rtcpub/result.h"

namespace rtcpub {

/// A program that is written to and read from, by lines. Runs on: its output may be read on another
/// thread than the rest.
class ChildProcess {
 public:
  /// Starts it, by PATH, without what systemd told this process alone. Errors: kNotFound, kIo.
  static Result<ChildProcess> start(const std::vector<std::string>& command);

  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&&) = delete;
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  /// Kills it if it still runs.
  ~ChildProcess();

  enum class Written {
    kYes,
    kNoRoom,  ///< it doesn't read
    kEnded,   ///< nobody will read it
  };
  /// A line with its end, whole or not at all, without waiting. SIGPIPE has to be blocked or
  /// ignored.
  [[nodiscard]] Written write(std::string_view line) const;
  /// What it has said since, of which it waits so long for the first byte. False: it, and whoever
  /// has its output, is gone.
  bool read(std::string& text, std::chrono::milliseconds wait) const;
  /// It sees the end of its input.
  void closeInput();
  /// Waits for its end; when that doesn't come in time it is killed. "has ended with exit code 1",
  /// "was killed by signal 9".
  std::string end(std::chrono::milliseconds patience);

 private:
  ChildProcess(pid_t process, int input, int output)
      : process_(process), input_(input), output_(output) {}

  pid_t process_;
  int input_;
  int output_;
};

}  // namespace rtcpub
