#include "sfu/channel_control.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "core/data/delivery.h"
#include "core/data/label.h"
#include "core/text/text.h"
#include "log/log.h"
#include "sfu/channel.h"
#include "sfu/member.h"
#include "sfu/transport/network.h"

namespace rtcpub::sfu {
namespace {

using control::LeaseMessageToClient;
using control::RobotKind;
using std::chrono::milliseconds;

/// The next report or order says more than one that is late.
constexpr milliseconds kReportLife{100};
/// What moves an old robot is told anew as often.
constexpr milliseconds kMotionLife = control::OldRobot::kRepeat;

/// What moves doesn't wait, whatever its sender's channel says.
DataChannelOptions moving(const DataChannelOptions& options) {
  return delivery::stricter(options,
                            {.maxPacketLifeTimeMs = static_cast<int>(kMotionLife.count())});
}

void send(Member& to, std::string_view label, const DataChannelOptions& options,
          std::string_view data) {
  to.transport().sendData({.label = label,
                           .options = options,
                           .data = data,
                           .since = monotonicNow(),
                           .sender = kServer});
}

/// Never behind another one.
void sendNow(Member& to, std::string_view data, milliseconds life) {
  send(to, kControlLabel, {.ordered = false, .maxPacketLifeTimeMs = static_cast<int>(life.count())},
       data);
}

void sendReliably(Member& to, std::string_view label, std::string_view data) {
  send(to, label, {}, data);
}

RobotKind kindOf(const Member& publisher) {
  if (publisher.transport().hasOpened(kControlLabel)) return RobotKind::kGated;
  return publisher.transport().hadTimeToOpen() ? RobotKind::kOld : RobotKind::kUnknown;
}

std::string nameOf(const Member& member) {
  const std::string& name = member.nameForPeople();
  return name.empty() ? "member " + std::to_string(member.id())
                      : control::forPeople(name, control::kMaxNameBytes);
}

}  // namespace

ChannelControl::ChannelControl(Channel& channel, Network& network)
    : channel_(channel),
      forwarding_(*this),
      wakeUp_([&network](Time::duration delay,
                         std::function<void()> task) { network.postAfter(delay, std::move(task)); },
              [this] { onDue(); }) {}

// --- Who is there

void ChannelControl::onSeated(Member& publisher, Time now) {
  const RobotKind kind = kindOf(publisher);
  if (std::exchange(robot_, publisher.id()) == publisher.id()) {
    forwarding_.onRobot(kind, now);
    emergency_.onNoRobot();
  } else {
    forwarding_.onOtherRobot(kind, now);
    emergency_.onOtherRobot();
  }
  if (kind == RobotKind::kGated) order(emergency_.onRobot(now), now);
  settle(now);
}

void ChannelControl::onUnseated(Time now) {
  forwarding_.onRobot(RobotKind::kNone, now);
  emergency_.onNoRobot();
  settle(now);
}

void ChannelControl::onGone(MemberId member, Time now) {
  if (!channel_.hasMember(member)) limits_.erase(member);
  forwarding_.onGone(member, now);
  settle(now);
}

void ChannelControl::onOpened(Member& member, std::string_view label, Time now) {
  if (label == kLeaseLabel) tell(member, notice());
  if (label != kControlLabel || channel_.publisher() != &member) return;
  forwarding_.onGate();
  order(emergency_.onRobot(now), now);
  settle(now);
}

void ChannelControl::onHadTimeToOpen(const Member& member, Time now) {
  if (channel_.publisher() != &member || kindOf(member) != RobotKind::kOld) return;
  forwarding_.onNoGate();
  settle(now);
}

// --- The hub's word

void ChannelControl::onStamp(const control::DriveStamp& stamp, Time now) {
  if (stamp.lease != forwarding_.stamp().lease) ++leaseChanges_;
  forwarding_.onStamp(stamp, now);
  settle(now);
}

void ChannelControl::onRefused(Member& member, control::Refusal why, bool implicitly) {
  if (implicitly) return forwarding_.onRefused(member.id(), why);
  sendReliably(member, kLeaseLabel,
               format(LeaseMessageToClient(
                   control::LeaseRefused{.code = std::string(control::code(why)),
                                         .message = std::string(control::sentence(why))})));
}

// --- Messages

void ChannelControl::onMessage(Member& from, const DataView& message, Time now) {
  if (message.label == kControlLabel) {
    onControlMessage(from, message, now);
  } else if (message.label == kLeaseLabel && from.views()) {
    onLeaseMessage(from, message.data, now);
  }
  settle(now);
}

void ChannelControl::onControlMessage(Member& from, const DataView& message, Time now) {
  if (from.views()) {
    forwarding_.onCommand(from.id(), message.data, now);
  } else if (channel_.publisher() == &from) {
    forwarding_.onReport(message.data, now);
  }
}

/// Stops have a limit of their own: nobody is kept from stopping by what else it said.
void ChannelControl::onLeaseMessage(Member& from, std::string_view text, Time now) {
  auto& limits = limits_[from.id()];
  const bool stops = text.find("estop") != std::string_view::npos;
  if (!(stops ? limits.stops : limits.messages).take(now, {})) return;
  const auto message = control::parseLeaseMessageToServer(text);
  if (!message) return;
  if (const auto* stop = std::get_if<control::EmergencyStop>(&*message)) {
    press(from, stop->why, now);
  } else if (std::holds_alternative<control::EmergencyClear>(*message)) {
    clear(from, now);
  } else {
    channel_.events().lease(from.id(), *message);
  }
}

void ChannelControl::press(const Member& from, const std::string& why, Time now) {
  const bool first = !emergency_.status();
  order(emergency_.press(nameOf(from), why, now), now);
  if (first) {
    log().warn("member {} on {}: presses the emergency stop, {}", from.id(), channel_.id(),
               text::quote(why, control::kMaxWhyBytes));
  }
}

void ChannelControl::clear(Member& from, Time now) {
  if (!from.rights().has(Right::kAdmin)) {
    return onRefused(from, control::Refusal::kNotAdmin, false);
  }
  if (emergency_.status()) {
    log().info("member {} on {}: ends the emergency stop", from.id(), channel_.id());
  }
  order(emergency_.clear(now), now);
}

bool ChannelControl::takes(Member& from, const DataView& message, Time now) {
  using Fate = control::Forwarding::Fate;
  if (!control::isForDrivers(message.data)) return false;
  const bool mayDrive = from.rights().has(Right::kDrive);
  const bool mayAsk = mayDrive && !from.transport().hasOpened(kLeaseLabel);
  const Fate fate = forwarding_.onStream(from.id(),
                                         {.text = std::string(message.data),
                                          .binary = message.binary,
                                          .options = message.options,
                                          .arrived = message.since},
                                         mayAsk, now);
  if (fate == Fate::kRefused) {
    channel_.refuseDrive(from,
                         mayDrive ? control::Refusal::kNotDriver : control::Refusal::kNoRight);
  }
  settle(now);
  return fate != Fate::kPass;
}

// --- What is decided, said

void ChannelControl::sendCommand(const control::Command& command) {
  if (Member* const robot = channel_.publisher()) {
    sendNow(*robot, control::format(command), command.life);
  }
}

void ChannelControl::sendMotion(const std::string& text, bool stops) {
  Member* const robot = channel_.publisher();
  if (robot == nullptr) return;
  if (stops) return sendReliably(*robot, kMotionLabel, text);
  send(*robot, kMotionLabel, moving({}), text);
}

void ChannelControl::passOn(std::uint64_t member, const control::StreamMessage& message,
                            bool stops) {
  Member* const robot = channel_.publisher();
  if (robot == nullptr) return;
  const DataChannelOptions options = stops ? DataChannelOptions{} : moving(message.options);
  robot->transport().sendData({.label = kMotionLabel,
                               .options = options,
                               .data = message.text,
                               .binary = message.binary,
                               .since = stops ? monotonicNow() : message.arrived,
                               .sender = member});
}

void ChannelControl::retract() {
  Member* const robot = channel_.publisher();
  if (robot == nullptr) return;
  const auto dropped = robot->transport().dropData([](const DataMessage& message) {
    return message.label == kMotionLabel && control::isForDrivers(message.data);
  });
  if (dropped > 0) retracted_ = true;
}

void ChannelControl::sendReport(const control::GateReport& report) {
  const Time now = monotonicNow();
  order(emergency_.onReport(report, now), now);
  const std::string text = control::format(report);
  for (const auto& [id, member] : channel_.members()) {
    if (member->views() && member->transport().hasOpened(kControlLabel)) {
      sendNow(*member, text, kReportLife);
    }
  }
}

void ChannelControl::order(const control::Emergency::Orders& orders, Time /*now*/) {
  Member* const robot = channel_.publisher();
  if (robot == nullptr) return;
  for (const auto& [message, first] : orders) {
    const std::string text = format(message);
    if (first && robot->transport().hasOpened(kLeaseLabel)) sendReliably(*robot, kLeaseLabel, text);
    sendNow(*robot, text, control::Emergency::kRepeat);
  }
}

void ChannelControl::refuse(std::uint64_t member, control::Refusal why) {
  if (Member* const found = channel_.find(member)) channel_.refuseDrive(*found, why);
}

void ChannelControl::askFor(std::uint64_t member) { channel_.events().drives(member); }

void ChannelControl::onSilent(std::uint64_t lease) {
  channel_.events().silent(channel_.id(), lease);
}

std::optional<std::int64_t> ChannelControl::captured(std::uint64_t member,
                                                     std::uint32_t rtp) const {
  return channel_.capturedNtpUs(member, rtp);
}

// --- Who is told

void ChannelControl::settle(Time now) {
  settleEmergency(now);
  auto current = notice();
  if (current != told_) {
    told_ = std::move(current);
    for (const auto& [id, member] : channel_.members()) tell(*member, told_);
  }
  const auto due = std::min(emergency_.deadline().value_or(Time::max()),
                            forwarding_.deadline().value_or(Time::max()));
  if (due != Time::max()) wakeUp_.set(due, now);
  if (!std::exchange(retracted_, false)) return;
  for (const auto& [id, member] : channel_.members()) {
    if (member->views()) member->transport().resumeData();  // there is room
  }
}

void ChannelControl::settleEmergency(Time now) {
  const bool latched = emergency_.status().has_value();
  if (latched == std::exchange(latched_, latched)) return;
  if (latched) ++emergencyStops_;
  log().info("{}: {}", channel_.id(),
             latched ? "the emergency stop is in force" : "the emergency stop has ended");
  forwarding_.onEmergency(latched, now);
  channel_.events().emergency(channel_.id(), latched);
}

control::DriveNotice ChannelControl::notice() const {
  const auto& stamp = forwarding_.stamp();
  return {.lease = stamp.lease,
          .driver = stamp.driver,
          .asking = stamp.asking,
          .gated = forwarding_.robot() == RobotKind::kGated,
          .emergency = emergency_.status()};
}

void ChannelControl::tell(Member& member, control::DriveNotice notice) const {
  if (!member.transport().hasOpened(kLeaseLabel)) return;
  notice.mine = notice.driver && notice.driver->id == member.id();
  sendReliably(member, kLeaseLabel, format(LeaseMessageToClient(std::move(notice))));
}

void ChannelControl::onDue() {
  const Time now = monotonicNow();
  order(emergency_.onTime(now), now);
  forwarding_.onTime(now);
  settle(now);
}

ControlTotals ChannelControl::totals() const {
  const auto& counters = forwarding_.counters();
  return {.forwarded = counters.forwarded,
          .notDriver = counters.notDriver,
          .tooMany = counters.tooMany,
          .malformed = counters.malformed,
          .emergency = counters.emergency,
          .late = counters.late,
          .noRobot = counters.noRobot,
          .leaseChanges = leaseChanges_,
          .emergencyStops = emergencyStops_};
}

}  // namespace rtcpub::sfu
