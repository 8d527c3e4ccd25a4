#pragma once

#include <chrono>
#include <thread>

namespace rtcpub::testing {

/// Waits until it is so, or 60 s.
template <class Condition>
bool eventually(Condition condition) {
  using std::chrono::steady_clock;
  for (const auto end = steady_clock::now() + std::chrono::seconds(60); steady_clock::now() < end;
       std::this_thread::sleep_for(std::chrono::milliseconds(5))) {
    if (condition()) return true;
  }
  return false;
}

}  // namespace rtcpub::testing
