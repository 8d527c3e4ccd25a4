#pragma once

#include <termios.h>

#include <atomic>
#include <functional>
#include <stop_token>

namespace rtcpub::cli {

/// Gives each key of a terminal at once and shows none, for as long as it lives: it is as it was
/// before from when a stop is requested on, so that even an end by force leaves it so. Keys that
/// send signals do so still, but for Ctrl-Z: who drives can't be put aside.
/// Any thread.
class KeyTerminal {
 public:
  /// `descriptor` is a terminal.
  KeyTerminal(int descriptor, const std::stop_token& stop);
  ~KeyTerminal() { restore(); }
  KeyTerminal(const KeyTerminal&) = delete;
  KeyTerminal& operator=(const KeyTerminal&) = delete;

 private:
  void restore();

  const int descriptor_;
  termios before_{};
  std::atomic<bool> changed_ = false;
  std::stop_callback<std::function<void()>> atStop_;
};

}  // namespace rtcpub::cli
