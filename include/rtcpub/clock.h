#pragma once

#include <chrono>

namespace rtcpub {

/// A point of CLOCK_MONOTONIC, in microseconds. Every time in this API is one of these unless it
/// says so.
using Time = std::chrono::time_point<std::chrono::steady_clock, std::chrono::microseconds>;

/// The time now: what a camera driver, the frame stamp and every latency figure are measured with.
/// Any thread.
inline Time monotonicNow() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::steady_clock::now());
}

}  // namespace rtcpub
