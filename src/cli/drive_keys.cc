#include "cli/drive_keys.h"

namespace rtcpub::cli {
namespace {

constexpr char kEscape = '\x1B';

std::optional<DriveWish> wishOf(char key) {
  switch (key) {
    case 't':
      return DriveWish::kTake;
    case 'T':
      return DriveWish::kTakeOver;
    case 'r':
      return DriveWish::kRelease;
    case 'y':
      return DriveWish::kGive;
    case 'n':
      return DriveWish::kKeep;
    case 'x':
      return DriveWish::kEmergency;
    case 'X':
      return DriveWish::kClear;
    default:
      return std::nullopt;
  }
}

}  // namespace

std::vector<DriveWish> DriveKeys::feed(std::string_view bytes, Time now) {
  std::vector<DriveWish> wishes;
  for (const char byte : bytes) {
    if (byte == kEscape) {
      escape_ = byte;
    } else if (escape_.size() == 1 && (byte == '[' || byte == 'O')) {
      escape_ += byte;
    } else if (escape_.size() == 2) {
      // Parameters go before the byte that ends the sequence (ECMA-48 section 5.4).
      if (byte >= '@' && byte <= '~') {
        takeArrow(byte, now);
        escape_.clear();
      }
    } else {
      escape_.clear();
      take(byte, now, wishes);
    }
  }
  return wishes;
}

void DriveKeys::take(char key, Time now, std::vector<DriveWish>& wishes) {
  static constexpr std::string_view kLeft = "qaz";
  static constexpr std::string_view kRight = "edc";
  static constexpr std::string_view kForward = "qwe";
  static constexpr std::string_view kBack = "zsc";
  const auto is = [](std::string_view keys, char one) { return keys.find(one) != keys.npos; };
  if (const auto wish = wishOf(key)) {
    hold({}, now);
    wishes.push_back(*wish);
    return;
  }
  const char low = key >= 'A' && key <= 'Z' ? static_cast<char>(key - 'A' + 'a') : key;
  // Any other key lets go: so does one that is pressed in fright.
  hold({.steering = (is(kRight, low) ? 1.0 : 0.0) - (is(kLeft, low) ? 1.0 : 0.0),
        .throttle = (is(kForward, low) ? top_ : 0.0) - (is(kBack, low) ? top_ : 0.0)},
       now);
}

void DriveKeys::takeArrow(char last, Time now) {
  hold({.steering = (last == 'C' ? 1.0 : 0.0) - (last == 'D' ? 1.0 : 0.0),
        .throttle = (last == 'A' ? top_ : 0.0) - (last == 'B' ? top_ : 0.0)},
       now);
}

void DriveKeys::hold(Direction direction, Time now) {
  held_ = direction;
  until_.reset();
  if (direction.steering != 0 || direction.throttle != 0) until_ = now + kHold;
}

Axes DriveKeys::axes(Time now) const {
  if (!until_ || now >= *until_) return {};
  Axes axes;
  if (held_.steering != 0) axes[kSteering] = held_.steering;
  if (held_.throttle != 0) axes[kThrottle] = held_.throttle;
  return axes;
}

}  // namespace rtcpub::cli
