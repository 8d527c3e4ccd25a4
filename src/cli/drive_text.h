#pragma once

#include <string>

#include "rtcpub/control.h"

namespace rtcpub::cli {

/// Who drives and where the gate stands, as one line of JSON.
std::string driveJson(const DriveState& state);

/// Likewise for the driver's terminal, with what is commanded: "you drive  steering -0.20 throttle
/// 0.50  loop delay 87 ms  80 % of top speed".
std::string driveStatus(const DriveState& state, const Axes& axes);

}  // namespace rtcpub::cli
