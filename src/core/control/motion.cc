#include "core/control/motion.h"

#include <algorithm>
#include <cmath>

#include "core/control/loose_json.h"
#include "core/text/json_members.h"

namespace rtcpub::control {
namespace {

using json::Json;
using json::member;
using json::stringMember;

/// Far more than one takes.
constexpr std::size_t kMaxMotionBytes = 256;
constexpr double kSteps = 10;

double valueOf(const Axes& axes, const char* axis) {
  const auto at = axes.find(axis);
  return at == axes.end() ? 0 : at->second;
}

/// What moves still moves.
int stepsOf(double value) {
  const int steps = static_cast<int>(std::lround(std::abs(value) * kSteps));
  return value != 0 ? std::clamp(steps, 1, static_cast<int>(kSteps)) : 0;
}

std::string message(const char* key, int steps) {
  return Json{{"motion", {{"key", key}, {"value", steps}}}}.dump();
}

std::string message(const char* positive, const char* negative, double value) {
  return message(value < 0 ? negative : positive, stepsOf(value));
}

bool looksAlike(double a, double b) {
  return stepsOf(a) == stepsOf(b) && (std::signbit(a) == std::signbit(b) || a == 0 || b == 0);
}

}  // namespace

std::optional<Motion> parseMotion(std::string_view text) {
  if (text.size() > kMaxMotionBytes) return std::nullopt;
  const Json object = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) return std::nullopt;
  const Json* const motion = member(object, "motion");
  if (motion == nullptr || !motion->is_object()) return std::nullopt;
  const std::string* const key = stringMember(*motion, "key");
  const Json* const value = member(*motion, "value");
  if (key == nullptr || value == nullptr || !value->is_number()) return std::nullopt;
  const double steps = value->get<double>();
  if (!(steps >= 0)) return std::nullopt;
  const double share = std::min(steps, kSteps) / kSteps;
  if (*key == "forward") return Motion{kThrottle, share};
  if (*key == "back") return Motion{kThrottle, -share};
  if (*key == "right") return Motion{kSteering, share};
  if (*key == "left") return Motion{kSteering, -share};
  return std::nullopt;
}

bool saysMotion(std::string_view text) { return mayHaveMember(text, "motion"); }

void apply(const Motion& motion, Axes& axes) {
  if (motion.value == 0) {
    axes.erase(motion.axis);
  } else {
    axes[motion.axis] = motion.value;
  }
}

std::vector<std::string> motionsOf(const Axes& before, const Axes& after) {
  std::vector<std::string> messages;
  const double throttle = valueOf(after, kThrottle);
  const double steering = valueOf(after, kSteering);
  if (!looksAlike(throttle, valueOf(before, kThrottle))) {
    messages.push_back(message("forward", "back", throttle));
  }
  if (!looksAlike(steering, valueOf(before, kSteering))) {
    messages.push_back(message("right", "left", steering));
  }
  return messages;
}

std::vector<std::string> neutralMotions() { return {message("forward", 0), message("left", 0)}; }

}  // namespace rtcpub::control
