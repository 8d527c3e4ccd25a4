#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rtcpub/control.h"

/// SpiderCar's messages, by which old programs drive: `{"motion":{"key":"forward","value":5}}`.
namespace rtcpub::control {

/// One of them, as what it says of an axis.
struct Motion {
  std::string axis;  ///< kThrottle or kSteering
  double value = 0;  ///< -1 to 1

  friend bool operator==(const Motion&, const Motion&) = default;
};

/// Nothing when the text is no such message, as most aren't; values beyond 10 steps count as 10.
std::optional<Motion> parseMotion(std::string_view text);

/// Whether a program may take the text for such a message, understood here or not: whatever JSON of
/// which that can't be ruled out.
bool saysMotion(std::string_view text);

/// What `axes` are when it came.
void apply(const Motion& motion, Axes& axes);

/// The messages that tell an old program, which was told `before`, of `after`: none when nothing
/// has changed for it. Rounded to steps, but never to 0 what isn't.
std::vector<std::string> motionsOf(const Axes& before, const Axes& after);

/// The messages that stop it, whatever it was told.
std::vector<std::string> neutralMotions();

}  // namespace rtcpub::control
