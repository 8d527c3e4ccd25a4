#include "core/control/old_robot.h"

#include <algorithm>
#include <utility>

#include "core/control/motion.h"

namespace rtcpub::control {

OldRobot::OldRobot() : gate_(ControlOptions{.allowBlind = true}) {}

OldRobot::Messages OldRobot::onCommand(const Command& command, Time now) {
  gate_.onClock(ServerClock{.comparedAt = now});
  (void)gate_.onCommand({.command = command, .at = now});
  return told(now);
}

OldRobot::Messages OldRobot::onLease(std::uint64_t lease, Time now) {
  gate_.onLease(lease, std::nullopt, now);
  return told(now);
}

OldRobot::Messages OldRobot::onEmergency(Time now) {
  gate_.stop({}, now);
  return told(now);
}

OldRobot::Messages OldRobot::onClear(Time now) {
  gate_.clear(now);
  return told(now);
}

std::optional<Time> OldRobot::deadline() const {
  auto due = gate_.deadline();
  if (isNeutral(told_)) return due;
  return std::min(due.value_or(Time::max()), toldAt_ + kRepeat);
}

OldRobot::Messages OldRobot::onTime(Time now) {
  gate_.onTime(now);
  return told(now);
}

OldRobot::Messages OldRobot::told(Time now) {
  (void)gate_.takeEvents();
  auto axes = gate_.output(now).axes;
  auto messages = motionsOf(told_, axes);
  if (messages.empty() && !isNeutral(axes) && now >= toldAt_ + kRepeat) {
    messages = motionsOf({}, axes);
  }
  if (!messages.empty()) toldAt_ = now;
  told_ = std::move(axes);
  return messages;
}

}  // namespace rtcpub::control
