#include "cli/hand_driver.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "cli/drive_text.h"
#include "cli/setting_names.h"
#include "rtcpub/log.h"

namespace rtcpub::cli {
namespace {

using std::chrono::milliseconds;

/// How often the command in force is renewed: a driver that hangs stops the robot.
constexpr int kTickMs = 20;
/// For how long a command holds without that.
constexpr milliseconds kHold{200};

}  // namespace

HandDriver::HandDriver(DriverControl control, const Options& options, StopSignal& stop)
    : control_(std::move(control)),
      top_(options.top),
      hasKeys_(options.keys),
      keys_(options.top),
      stop_(stop) {
  if (options.gamepad) gamepad_.emplace(*options.gamepad);
  thread_ = std::jthread([this](const std::stop_token& token) { run(token); });
}

void HandDriver::run(const std::stop_token& token) {
  control_.request();
  while (!token.stop_requested() && !stop_.token().stop_requested()) {
    if (!readKeys()) {
      stop_.request();
      break;
    }
    const Time now = monotonicNow();
    if (gamepad_) {
      for (const auto wish : gamepad_->read(now)) grant(wish);
    }
    const auto [axes, hold] = command(now);
    (void)control_.command(axes, {.hold = hold, .saw = {}});  // of axes within their limits
    show(axes);
  }
  control_.release();
}

HandDriver::Command HandDriver::command(Time now) const {
  if (auto axes = keys_.axes(now); !axes.empty()) {
    return {std::move(axes), std::chrono::ceil<milliseconds>(*keys_.until() - now)};
  }
  return {gamepad_ ? gamepad_->axes(top_) : Axes(), kHold};
}

bool HandDriver::readKeys() {
  // A negative descriptor is none: then this only waits.
  pollfd waited{.fd = hasKeys_ ? STDIN_FILENO : -1, .events = POLLIN, .revents = 0};
  if (poll(&waited, 1, kTickMs) <= 0) return true;
  std::array<char, 256> bytes{};
  const auto size = read(STDIN_FILENO, bytes.data(), bytes.size());
  if (size <= 0) return false;
  const std::string_view typed(bytes.data(), static_cast<std::size_t>(size));
  for (const auto wish : keys_.feed(typed, monotonicNow())) grant(wish);
  return true;
}

void HandDriver::grant(DriveWish wish) {
  switch (wish) {
    case DriveWish::kTake:
      return control_.request();
    case DriveWish::kTakeOver:
      return control_.takeOver();
    case DriveWish::kRelease:
      return control_.release();
    case DriveWish::kGive:
      return control_.answer(true);
    case DriveWish::kKeep:
      return control_.answer(false);
    case DriveWish::kEmergency:
      return control_.emergencyStop("pressed by the driver");
    case DriveWish::kClear:
      return control_.clear();
  }
}

/// In one line, which whatever else is printed takes the place of.
void HandDriver::show(const Axes& axes) {
  if (isatty(STDERR_FILENO) == 0) return;
  auto line = escaped(inOptions(driveStatus(control_.state(), axes)));
  if (gamepad_ && !gamepad_->present()) line += "  no gamepad";
  if (line == shown_) return;
  const std::string text = "\r\033[K" + line + "\r";
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
  shown_ = std::move(line);
}

}  // namespace rtcpub::cli
