#include "cli/gamepad.h"

#include <fcntl.h>
#include <linux/input.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>

#include "cli/output.h"
#include "rtcpub/log.h"

namespace rtcpub::cli {
namespace {

constexpr std::string_view kAny = "any";
constexpr std::chrono::seconds kLookAgain{1};
constexpr std::size_t kLongestQuote = 80;

/// A gamepad's or joystick's first button.
bool hasPadButtons(int descriptor) {
  std::array<unsigned char, (KEY_CNT + 7) / 8> keys{};
  if (ioctl(descriptor, EVIOCGBIT(EV_KEY, keys.size()), keys.data()) < 0) return false;
  const auto has = [&keys](unsigned key) { return (keys.at(key / 8) >> (key % 8) & 1) != 0; };
  return has(BTN_GAMEPAD) || has(BTN_JOYSTICK);
}

std::vector<std::string> eventDevices() {
  std::vector<std::string> paths;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/dev/input", error)) {
    if (entry.path().filename().string().starts_with("event")) paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace

Result<void> checkGamepad(const std::string& device) {
  std::error_code unknown;
  if (device == kAny || device.starts_with("/dev/input/") ||
      std::filesystem::exists(device, unknown)) {
    return {};
  }
  return tl::unexpected(
      Error{ErrorCode::kNotFound, "there is no gamepad '" + escaped(device, kLongestQuote) +
                                      "': write any, or a device, as /dev/input/event5"});
}

std::vector<DriveWish> Gamepad::read(Time now) {
  std::vector<DriveWish> wishes;
  if (descriptor_ < 0) look(now);
  std::array<input_event, 64> events{};
  while (descriptor_ >= 0) {
    const auto size = ::read(descriptor_, events.data(), sizeof events);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) break;
    if (size <= 0) {  // it was unplugged
      close();
      break;
    }
    take(std::span(events).first(static_cast<std::size_t>(size) / sizeof(input_event)), wishes);
  }
  return wishes;
}

void Gamepad::take(std::span<const input_event> events, std::vector<DriveWish>& wishes) {
  for (const auto& event : events) {
    if (event.type == EV_SYN && event.code == SYN_DROPPED) readRanges();  // some were lost
    const auto wish = pad_->onEvent(event.type, event.code, event.value);
    if (wish) wishes.push_back(*wish);
  }
}

void Gamepad::look(Time now) {
  if (looked_ && now - *looked_ < kLookAgain) return;
  looked_ = now;
  if (device_ != kAny) {
    (void)open(device_);
    return;
  }
  const auto paths = eventDevices();
  (void)std::any_of(paths.begin(), paths.end(), [this](const auto& path) { return open(path); });
}

bool Gamepad::open(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) {
    const int error = errno;
    std::string trouble = "gamepad " + path + ": " + std::generic_category().message(error);
    if (error == EACCES) trouble += ": add this user to the group 'input'";
    if (error == ENOENT) trouble += ": it is waited for";
    if (device_ != kAny && trouble != trouble_) complain(trouble);
    trouble_ = std::move(trouble);
    return false;
  }
  if (device_ == kAny && !hasPadButtons(descriptor)) {
    ::close(descriptor);
    return false;
  }
  trouble_.clear();
  descriptor_ = descriptor;
  pad_.emplace();
  readRanges();
  return true;
}

void Gamepad::close() {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
  pad_.reset();
}

/// A recording that is played has none: then as the kernel's drivers for common gamepads say.
void Gamepad::readRanges() {
  static constexpr std::array<std::uint16_t, 6> kUsual{ABS_X, ABS_Y, ABS_RX, ABS_RY, ABS_Z, ABS_RZ};
  bool any = false;
  for (std::uint16_t code = 0; code < ABS_CNT; ++code) {
    input_absinfo info{};
    if (ioctl(descriptor_, EVIOCGABS(code), &info) < 0) continue;
    pad_->setRange(code, {.least = info.minimum, .most = info.maximum, .value = info.value});
    any = any || info.maximum > info.minimum;
  }
  if (any) return;
  for (const auto code : kUsual) {
    const bool trigger = code == ABS_Z || code == ABS_RZ;
    pad_->setRange(code, trigger ? PadAxes::Range{.least = 0, .most = 255}
                                 : PadAxes::Range{.least = -32768, .most = 32767});
  }
}

}  // namespace rtcpub::cli
