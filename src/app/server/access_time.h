#pragma once

#include <chrono>

#include "core/access/admission.h"

namespace rtcpub {

/// Now, by both clocks.
inline AccessTime accessNow() {
  const auto unixTime = std::chrono::system_clock::now().time_since_epoch();
  return {monotonicNow(), std::chrono::floor<std::chrono::seconds>(unixTime).count()};
}

}  // namespace rtcpub
