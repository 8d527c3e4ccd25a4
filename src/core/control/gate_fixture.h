#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/control/gate.h"

/// A gate in virtual time, whose server's clock is ahead by an hour, and a driver that gives good
/// commands.
namespace rtcpub::control::gate_test {

using namespace std::chrono_literals;
using std::chrono::microseconds;

inline constexpr std::chrono::microseconds kOffset = 1h;

inline Axes throttle(double value) { return {{kThrottle, value}}; }

class Robot {
 public:
  explicit Robot(ControlOptions options = {}) : gate(std::move(options)) {
    compareClocks();
    gate.onLease(1, Driver{.id = 5, .name = "Kim"}, now);
  }

  void compareClocks() {
    gate.onClock(ServerClock{.offset = kOffset, .bound = 1ms, .comparedAt = now});
  }

  /// Given now on a picture of 50 ms ago, arriving now.
  [[nodiscard]] Arrival arrival(Axes axes) {
    return {.command = {.lease = 1,
                        .sequence = ++sequence,
                        .givenUs = (now.time_since_epoch() + kOffset).count(),
                        .axes = std::move(axes)},
            .at = now,
            .captured = now - 50ms};
  }
  Verdict command(Axes axes) { return gate.onCommand(arrival(std::move(axes))); }

  /// Neutral, then this, with 20 ms between.
  void drive(Axes axes) {
    (void)command({});
    pass(20ms);
    (void)command(std::move(axes));
  }

  void pass(microseconds time) {
    const Time until = now + time;
    while (gate.deadline() && *gate.deadline() <= until) {
      now = std::max(now, *gate.deadline());
      gate.onTime(now);
    }
    now = until;
  }

  [[nodiscard]] ControlOutput output() const { return gate.output(now); }
  [[nodiscard]] double speed() const {
    const auto axes = gate.output(now).axes;
    const auto at = axes.find(kThrottle);
    return at == axes.end() ? 0 : at->second;
  }

  /// "driver Kim", "stopped new-driver", "driven", "cap 0.50", "ready", "not ready: …".
  [[nodiscard]] std::vector<std::string> events() {
    std::vector<std::string> texts;
    for (const auto& event : gate.takeEvents()) {
      if (event.kind != ControlEvent::Kind::kCommand) texts.push_back(textOf(event));
    }
    return texts;
  }

  Time now{1000s};
  std::uint64_t sequence = 0;
  Gate gate;

 private:
  static std::string textOf(const ControlEvent& event) {
    switch (event.kind) {
      case ControlEvent::Kind::kDriver:
        return "driver " + (event.driver ? event.driver->name : "nobody");
      case ControlEvent::Kind::kCap:
        return "cap " + std::to_string(event.factor).substr(0, 4);
      case ControlEvent::Kind::kReady:
        return event.detail.empty() ? "ready" : "not ready: " + event.detail;
      default:
        return std::string(name(event.state)) +
               (event.reason == StopReason::kNone ? "" : " " + std::string(name(event.reason))) +
               (event.detail.empty() ? "" : ": " + event.detail);
    }
  }
};

}  // namespace rtcpub::control::gate_test
