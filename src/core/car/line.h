#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "rtcpub/clock.h"
#include "rtcpub/result.h"

/// The lines between a gate and the program that drives motors: one JSON object each.
namespace rtcpub::car {

/// The longest line, in bytes without its end: what is longer isn't read.
inline constexpr std::size_t kMaxLineBytes = 4096;

// --- What the gate says

/// `{"axes":{"steering":0.1,"throttle":0.2},"slow_down":false,"until":µs}`
struct Drive {
  double steering = 0;  ///< -1 to 1
  double throttle = 0;  ///< -1 to 1
  bool slowDown = false;
  Time until{};  ///< then neutral
  friend bool operator==(const Drive&, const Drive&) = default;
};
/// `{"neutral":true,"reason":"silence"}`
struct Neutral {
  std::string reason;  ///< empty: the driver says so
  friend bool operator==(const Neutral&, const Neutral&) = default;
};
/// `{"max_speed":400}`
struct MaxSpeed {
  int pulse = 0;
  friend bool operator==(const MaxSpeed&, const MaxSpeed&) = default;
};
/// `{"ir":{"key":"detectTime","value":1639.25}}`: a lap sensor that isn't on a pin here.
struct Lap {
  double seconds = 0;
  friend bool operator==(const Lap&, const Lap&) = default;
};
using Order = std::variant<Drive, Neutral, MaxSpeed, Lap>;

/// Members that it doesn't know are ignored, and so are axes. Errors: kProtocol, for all that is
/// none of these, and for numbers out of their range.
Result<Order> parseOrder(std::string_view line);
std::string format(const MaxSpeed& order);

/// What a viewer says on `stream`: `{"speed":{"key":"maxSpeed","value":400}}`; a value that is no
/// pulse counts as the nearest. Nothing: it is something else.
std::optional<MaxSpeed> parseSpeedMessage(std::string_view text);

// --- What the program says

/// `{"car":{…}}`: what is written to the motors now.
struct Written {
  double steering = 0;  ///< -1 to 1
  double throttle = 0;  ///< -1 to 1
  bool neutral = true;
  std::string reason;  ///< why it is neutral; empty: the driver says so
  Time at{};           ///< after it was written
  friend bool operator==(const Written&, const Written&) = default;
};
/// `{"ready":true}`, `{"ready":false,"why":"…"}`
struct Readiness {
  bool ready = false;
  std::string why;
  friend bool operator==(const Readiness&, const Readiness&) = default;
};
/// `{"metric":{…}}`: a message for the data channel of that name.
struct Metric {
  std::string message;
  friend bool operator==(const Metric&, const Metric&) = default;
};
using Report = std::variant<Written, Readiness, Metric>;

/// Errors: kProtocol.
Result<Report> parseReport(std::string_view line);
std::string format(const Report& report);

/// `maxSpeed` as it holds, to be confirmed to viewers.
Metric confirmation(const MaxSpeed& speed);
/// A lap, for viewers.
Metric messageOf(const Lap& lap);

/// The line for a program of one's own: `{"steering":0.1,"throttle":0.2,"neutral":false,
/// "reason":"","hold_ms":180}`. By `hold` it needs no clock of ours: so long after it was read it
/// is neutral, unless another line has come. 0 for neutral.
std::string commandLine(double steering, double throttle, bool neutral, std::string_view reason,
                        std::chrono::milliseconds hold);

}  // namespace rtcpub::car
