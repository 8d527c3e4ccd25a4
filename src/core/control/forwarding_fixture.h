#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/control/forwarding.h"

/// What is forwarded, in virtual time, and what becomes of it as text.
namespace rtcpub::control::forwarding_test {

using namespace std::chrono_literals;
using Fate = Forwarding::Fate;

inline constexpr const char* kForward = R"({"motion":{"key":"forward","value":5}})";
inline constexpr const char* kLeft = R"({"motion":{"key":"left","value":3}})";
inline constexpr const char* kStop = R"({"motion":{"key":"forward","value":0}})";
inline constexpr const char* kStraight = R"({"motion":{"key":"left","value":0}})";
inline constexpr const char* kSpeed = R"({"speed":{"key":"maxSpeed","value":400}})";

/// What is put out, as text.
class Output final : public ForwardingOutput {
 public:
  void sendCommand(const Command& command) override { commands.push_back(command); }
  void sendMotion(const std::string& text, bool stops) override {
    said.push_back(text + (stops ? "!" : ""));
  }
  void passOn(std::uint64_t member, const StreamMessage& message, bool stops) override {
    said.push_back(std::to_string(member) + ": " + message.text + (stops ? "!" : ""));
  }
  void retract() override { ++retracted; }
  void sendReport(const GateReport& report) override { reports.push_back(report); }
  void refuse(std::uint64_t member, Refusal why) override {
    said.push_back(std::to_string(member) + " refused: " + std::string(code(why)));
  }
  void askFor(std::uint64_t member) override {
    said.push_back("may " + std::to_string(member) + "?");
  }
  void onSilent(std::uint64_t lease) override {
    said.push_back(std::to_string(lease) + " is silent");
  }
  [[nodiscard]] std::optional<std::int64_t> captured(std::uint64_t member,
                                                     std::uint32_t rtp) const override {
    if (rtp == 0) return std::nullopt;
    return static_cast<std::int64_t>(member) * 1000 + rtp;
  }

  std::vector<std::string> take() { return std::exchange(said, {}); }

  std::vector<Command> commands;
  std::vector<std::string> said;
  std::vector<GateReport> reports;
  int retracted = 0;
};

/// A robot of either kind, and member 7 that drives it.
class ForwardingTest : public ::testing::Test {
 protected:
  void SetUp() override { forwarding_.onOtherRobot(RobotKind::kGated, now_); }

  void drive(std::uint64_t member, std::uint64_t lease, bool implicit = false) {
    forwarding_.onStamp({.lease = lease, .driver = Driver{member, "Kim"}, .implicit = implicit},
                        now_);
  }
  void driveNobody() { forwarding_.onStamp({}, now_); }
  [[nodiscard]] Command command(std::uint64_t lease, Axes axes = {}) {
    return {.lease = lease,
            .sequence = ++sequence_,
            .givenUs = now_.time_since_epoch().count(),
            .axes = std::move(axes)};
  }
  void say(std::uint64_t member, const Command& command) {
    forwarding_.onCommand(member, format(command), now_);
  }
  Fate motion(std::uint64_t member, std::string_view text) {
    return forwarding_.onStream(member, {.text = std::string(text), .arrived = now_}, true, now_);
  }
  void pass(Time::duration time) {
    const Time end = now_ + time;
    while (forwarding_.deadline() && *forwarding_.deadline() <= end) {
      now_ = std::max(now_, *forwarding_.deadline());
      forwarding_.onTime(now_);
    }
    now_ = end;
  }
  [[nodiscard]] const ControlCounters& counters() const { return forwarding_.counters(); }

  Output output_;
  Forwarding forwarding_{output_};
  Time now_{1000s};
  std::uint64_t sequence_ = 0;
};

}  // namespace rtcpub::control::forwarding_test
