#include "core/car/line.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "core/car/pulses.h"
#include "core/text/json_members.h"
#include "rtcpub/control.h"

namespace rtcpub::car {
namespace {

using json::Json;
using json::member;
using json::stringMember;

constexpr double kAny = std::numeric_limits<double>::max();
constexpr std::size_t kMaxReasonBytes = 200;
/// Four decimals are finer than any motor.
constexpr double kSteps = 10'000;

tl::unexpected<Error> refuse(const std::string& what) { return fail(ErrorCode::kProtocol, what); }

/// Nothing where it isn't such an object.
std::optional<Json> readObject(std::string_view line) {
  if (line.size() > kMaxLineBytes) return std::nullopt;
  auto object = Json::parse(line, nullptr, false);
  if (!object.is_object()) return std::nullopt;
  return object;
}

std::string textMember(const Json& object, const char* name) {
  const std::string* const text = stringMember(object, name);
  return text == nullptr ? "" : text->substr(0, kMaxReasonBytes);
}

std::optional<Time> timeMember(const Json& object, const char* name) {
  const auto number = json::countMember(object, name);
  if (!number) return std::nullopt;
  return Time(std::chrono::microseconds(*number));
}

/// 0 where it isn't named; nothing where it is no number from -1 to 1.
std::optional<double> axis(const Json& axes, const char* name) {
  if (!axes.contains(name)) return 0.0;
  return json::numberMember(axes, name, -1, 1);
}

Result<Order> readDrive(const Json& object, const Json& axes) {
  if (!axes.is_object()) return refuse("axes is no object");
  const auto steering = axis(axes, kSteering);
  const auto throttle = axis(axes, kThrottle);
  if (!steering || !throttle) return refuse("an axis is no number from -1 to 1");
  const auto until = timeMember(object, "until");
  if (!until) return refuse("until is no time in microseconds");
  return Drive{.steering = *steering,
               .throttle = *throttle,
               .slowDown = json::flagMember(object, "slow_down"),
               .until = *until};
}

/// The value of `{"key":KEY,"value":…}`.
std::optional<double> keyedValue(const Json& object, std::string_view key) {
  if (!object.is_object()) return std::nullopt;
  const std::string* const name = stringMember(object, "key");
  if (name == nullptr || *name != key) return std::nullopt;
  return json::numberMember(object, "value", -kAny, kAny);
}

std::optional<MaxSpeed> asMaxSpeed(std::optional<double> value) {
  if (!value || *value < 0 || *value >= kPulseSteps) return std::nullopt;
  return MaxSpeed{static_cast<int>(std::lround(*value))};
}

double rounded(double value) {
  const double steps = std::round(value * kSteps);
  return steps == 0 ? 0.0 : steps / kSteps;  // never -0
}

Json position(double steering, double throttle, bool neutral, std::string_view reason) {
  Json object;
  object["steering"] = rounded(steering);
  object["throttle"] = rounded(throttle);
  object["neutral"] = neutral;
  object["reason"] = reason;
  return object;
}

/// What isn't UTF-8 is replaced: it may be the name of a device.
std::string text(const Json& object) {
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string named(const char* name, Json value) {
  Json object;
  object[name] = std::move(value);
  return text(object);
}

Metric keyed(const char* name, const char* key, Json value) {
  Json inner;
  inner["key"] = key;
  inner["value"] = std::move(value);
  return {named(name, std::move(inner))};
}

std::string formatWritten(const Written& written) {
  Json object = position(written.steering, written.throttle, written.neutral, written.reason);
  object["at"] = written.at.time_since_epoch().count();
  return named("car", std::move(object));
}

std::string formatReadiness(const Readiness& readiness) {
  Json object;
  object["ready"] = readiness.ready;
  if (!readiness.ready) object["why"] = readiness.why;
  return text(object);
}

std::string formatMetric(const Metric& metric) { return R"({"metric":)" + metric.message + "}"; }

Result<Report> readWritten(const Json& car) {
  const auto steering = axis(car, "steering");
  const auto throttle = axis(car, "throttle");
  const auto at = timeMember(car, "at");
  if (!steering || !throttle || !at) return refuse("car lacks something");
  return Written{.steering = *steering,
                 .throttle = *throttle,
                 .neutral = json::flagMember(car, "neutral"),
                 .reason = textMember(car, "reason"),
                 .at = *at};
}

}  // namespace

Result<Order> parseOrder(std::string_view line) {
  const auto object = readObject(line);
  if (!object) return refuse("it is no object of JSON of 4096 bytes at most");
  if (json::flagMember(*object, "neutral")) return Neutral{textMember(*object, "reason")};
  if (const Json* const axes = member(*object, "axes")) return readDrive(*object, *axes);
  if (object->contains("max_speed")) {
    if (const auto speed = asMaxSpeed(json::numberMember(*object, "max_speed", -kAny, kAny)))
      return *speed;
    return refuse("max_speed is no pulse from 0 to 4095");
  }
  if (const Json* const sensor = member(*object, "ir")) {
    if (const auto seconds = keyedValue(*sensor, "detectTime")) return Lap{*seconds};
    return refuse("ir has no detectTime");
  }
  return refuse("it has no axes, neutral, max_speed or ir");
}

std::string format(const MaxSpeed& order) { return named("max_speed", order.pulse); }

std::optional<MaxSpeed> parseSpeedMessage(std::string_view text) {
  const auto object = readObject(text);
  const Json* const speed = object ? member(*object, "speed") : nullptr;
  if (speed == nullptr) return std::nullopt;
  const auto value = keyedValue(*speed, "maxSpeed");
  if (!value) return std::nullopt;
  return asMaxSpeed(std::clamp(*value, 0.0, kPulseSteps - 1.0));
}

Result<Report> parseReport(std::string_view line) {
  const auto object = readObject(line);
  if (!object) return refuse("it is no object of JSON of 4096 bytes at most");
  if (const Json* const car = member(*object, "car"); car != nullptr && car->is_object()) {
    return readWritten(*car);
  }
  if (object->contains("ready")) {
    return Readiness{.ready = json::flagMember(*object, "ready"),
                     .why = textMember(*object, "why")};
  }
  if (const Json* const metric = member(*object, "metric"); metric != nullptr) {
    return Metric{text(*metric)};
  }
  return refuse("it has no car, ready or metric");
}

std::string format(const Report& report) {
  if (const auto* written = std::get_if<Written>(&report)) return formatWritten(*written);
  if (const auto* readiness = std::get_if<Readiness>(&report)) return formatReadiness(*readiness);
  return formatMetric(std::get<Metric>(report));
}

Metric confirmation(const MaxSpeed& speed) { return keyed("speed", "maxSpeed", speed.pulse); }

Metric messageOf(const Lap& lap) { return keyed("ir", "detectTime", lap.seconds); }

std::string commandLine(double steering, double throttle, bool neutral, std::string_view reason,
                        std::chrono::milliseconds hold) {
  Json object = position(steering, throttle, neutral, reason);
  object["hold_ms"] = hold.count();
  return text(object);
}

}  // namespace rtcpub::car
