#pragma once

#include <chrono>
#include <cstdint>

#include "core/access/admission.h"

namespace rtcpub {

/// Now, by both clocks.
inline AccessTime accessNow() {
  return {monotonicNow(),
          std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now())};
}

inline std::int64_t unixSecondsNow() {
  return std::chrono::floor<std::chrono::seconds>(accessNow().unixTime.time_since_epoch()).count();
}

}  // namespace rtcpub
