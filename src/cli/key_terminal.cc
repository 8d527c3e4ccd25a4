#include "cli/key_terminal.h"

#include <unistd.h>

namespace rtcpub::cli {
namespace {

termios changed(int descriptor, termios& before, std::atomic<bool>& isChanged) {
  if (tcgetattr(descriptor, &before) != 0) return before;
  termios keys = before;
  keys.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  keys.c_cc[VMIN] = 1;
  keys.c_cc[VTIME] = 0;
  keys.c_cc[VSUSP] = _POSIX_VDISABLE;
  isChanged = true;
  return keys;
}

}  // namespace

KeyTerminal::KeyTerminal(int descriptor, const std::stop_token& stop)
    : descriptor_(descriptor), atStop_(stop, [this] { restore(); }) {
  if (stop.stop_requested()) return;
  const termios keys = changed(descriptor_, before_, changed_);
  if (changed_) tcsetattr(descriptor_, TCSADRAIN, &keys);
  if (stop.stop_requested()) restore();
}

void KeyTerminal::restore() {
  if (changed_.exchange(false)) tcsetattr(descriptor_, TCSADRAIN, &before_);
}

}  // namespace rtcpub::cli
