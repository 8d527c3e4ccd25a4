#include "core/control/forwarding.h"

#include <algorithm>
#include <utility>

#include "core/control/loose_json.h"
#include "core/control/motion.h"

namespace rtcpub::control {

bool isForDrivers(std::string_view text) {
  return saysMotion(text) || mayHaveMember(text, "speed");
}

// --- Who drives what

void Forwarding::onOtherRobot(RobotKind kind, Time now) {
  stamp_ = {};
  sequence_ = 0;
  onRobot(kind, now);
}

void Forwarding::onRobot(RobotKind kind, Time now) {
  robot_ = kind;
  motion_.clear();
  unread_ = false;
  if (stamp_.driver) mustLetGo_ = true;
  lateReport_.reset();
  oldRobot_.emplace();
  (void)oldRobot_->onLease(stamp_.lease, now);
  if (emergency_) (void)oldRobot_->onEmergency(now);
  sendFirst();
}

void Forwarding::onGate() {
  if (robot_ == RobotKind::kOld) output_.retract();
  robot_ = RobotKind::kGated;
}

void Forwarding::onNoGate() {
  if (robot_ != RobotKind::kUnknown) return;
  robot_ = RobotKind::kOld;
  sendFirst();
}

/// Whoever it is may move by what it was told before its path went: nobody could stop it then. That
/// doesn't wait until it is known what it is.
void Forwarding::sendFirst() {
  const bool old = robot_ == RobotKind::kOld;
  const bool mayMove = toldToMove_ && (old || robot_ == RobotKind::kUnknown);
  if (mayMove || (old && emergency_)) sendNeutral();
}

void Forwarding::onStamp(const DriveStamp& stamp, Time now) {
  const bool changed = stamp.lease != stamp_.lease;
  if (changed) endDrive(now);
  stamp_ = stamp;
  if (changed) {
    heardAt_ = now;
    saidSilent_ = false;
    sendMotions(oldRobot_->onLease(stamp.lease, now));
  }
  settleWaiting(now);
}

/// What an old robot was told last mustn't hold any longer.
void Forwarding::endDrive(Time now) {
  if (stamp_.lease == 0) return;
  stamp_ = {};
  motion_.clear();
  unread_ = false;
  sequence_ = 0;
  output_.retract();
  (void)oldRobot_->onLease(0, now);
  if (robot_ == RobotKind::kOld) sendNeutral();
}

void Forwarding::onRefused(std::uint64_t member, Refusal why) {
  const auto sender = senders_.find(member);
  if (sender == senders_.end() || sender->second.waiting.empty()) return;
  counters_.notDriver += sender->second.waiting.size();
  sender->second.waiting.clear();
  output_.refuse(member, why);
}

void Forwarding::onGone(std::uint64_t member, Time now) {
  senders_.erase(member);
  if (drives(member)) endDrive(now);
}

/// It is known now who drives.
void Forwarding::settleWaiting(Time now) {
  if (!stamp_.driver) return;
  for (auto& [member, sender] : senders_) {
    if (!drives(member)) {
      onRefused(member, Refusal::kNotDriver);
      continue;
    }
    for (const auto& message : std::exchange(sender.waiting, {})) takeMotion(member, message, now);
  }
}

// --- Commands

void Forwarding::onCommand(std::uint64_t member, std::string_view text, Time now) {
  auto& sender = senders_[member];
  if (!sender.commands.take(now, {})) {
    ++counters_.tooMany;
    return;
  }
  auto command = parseCommand(text);
  if (!command) {
    ++counters_.malformed;
    return;
  }
  if (!drives(member) || stamp_.implicit || command->lease != stamp_.lease) {
    ++counters_.notDriver;
    return;
  }
  heardAt_ = now;
  if (robot_ == RobotKind::kNone || robot_ == RobotKind::kUnknown) {
    ++counters_.noRobot;
    return;
  }
  // Of these its word is not enough.
  command->old = false;
  command->sawNtpUs.reset();
  if (command->sawRtp) command->sawNtpUs = output_.captured(member, *command->sawRtp);
  command->sawRtp.reset();
  ++counters_.forwarded;
  if (robot_ == RobotKind::kGated) {
    output_.sendCommand(*command);
  } else {
    sendMotions(oldRobot_->onCommand(*command, now));
  }
}

void Forwarding::sendMotions(const OldRobot::Messages& messages) {
  if (robot_ != RobotKind::kOld) return;
  for (const auto& text : messages) {
    const auto motion = parseMotion(text);
    const bool stops = motion && motion->value == 0;
    if (!stops) toldToMove_ = true;
    output_.sendMotion(text, stops);
  }
}

// --- Old programs

Forwarding::Fate Forwarding::onStream(std::uint64_t member, StreamMessage message, bool mayAsk,
                                      Time now) {
  if (robot_ == RobotKind::kNone) return Fate::kPass;  // it is nobody's
  const bool nobodyDrives = !stamp_.driver;
  if (!saysMotion(message.text)) {
    if (nobodyDrives || drives(member)) return Fate::kPass;
  } else if (drives(member)) {
    if (mayCome(member, message, now)) takeMotion(member, message, now);
    return Fate::kTaken;
  } else if (nobodyDrives && mayAsk) {
    wait(member, std::move(message), now);
    return Fate::kTaken;
  }
  ++counters_.notDriver;
  return Fate::kRefused;
}

/// Of too many the newest wait: what stops is never lost behind what moves.
void Forwarding::wait(std::uint64_t member, StreamMessage message, Time now) {
  auto& sender = senders_[member];
  auto& waiting = sender.waiting;
  while (!waiting.empty() && now - waiting.front().arrived > kMostWait) waiting.pop_front();
  const auto motion = parseMotion(message.text);
  const bool stops = motion && motion->value == 0 && !waiting.empty();
  if (!stops && !sender.commands.take(now, {})) {
    ++counters_.tooMany;
    return;
  }
  if (waiting.size() >= kMostWaiting) {
    ++counters_.tooMany;
    waiting.pop_front();
  }
  waiting.push_back(std::move(message));
  if (waiting.size() == 1) output_.askFor(member);
}

void Forwarding::takeMotion(std::uint64_t member, const StreamMessage& message, Time now) {
  const auto motion = parseMotion(message.text);
  const bool stops = motion && motion->value == 0;
  if (!stops && now - message.arrived > kMostWait) {
    ++counters_.late;
    return;
  }
  heardAt_ = now;
  if (motion) apply(*motion, motion_);
  if (motion && isNeutral(motion_) && !emergency_) mustLetGo_ = false;
  if (robot_ == RobotKind::kUnknown) {
    if (!stops) mustLetGo_ = true;
    ++counters_.noRobot;
  } else if (robot_ == RobotKind::kOld) {
    passOn(member, message, stops);
  } else if (!motion) {
    ++counters_.malformed;
  } else if (stamp_.implicit) {  // another one's commands say what it wants
    makeCommand(message.arrived);
  }
}

/// As many as of commands. What stops something isn't counted.
bool Forwarding::mayCome(std::uint64_t member, const StreamMessage& message, Time now) {
  const auto motion = parseMotion(message.text);
  const bool stops = motion && motion->value == 0;
  if (stops && (unread_ || motion_.contains(motion->axis))) return true;
  if (senders_[member].commands.take(now, {})) return true;
  ++counters_.tooMany;
  return false;
}

/// To an old robot: once it was stopped nothing moves before all was let go.
void Forwarding::passOn(std::uint64_t member, const StreamMessage& message, bool stops) {
  if (!stops && mustLetGo_) {
    ++counters_.emergency;
    return;
  }
  ++counters_.forwarded;
  if (!stops) toldToMove_ = true;
  if (!parseMotion(message.text)) unread_ = true;
  output_.passOn(member, message, stops);
}

void Forwarding::makeCommand(Time arrived) {
  ++counters_.forwarded;
  output_.sendCommand({.lease = stamp_.lease,
                       .sequence = ++sequence_,
                       .givenUs = arrived.time_since_epoch().count(),
                       .axes = motion_,
                       .old = true});
}

// --- Reports and the emergency stop

void Forwarding::onReport(std::string_view text, Time now) {
  if (reports_.take(now, {})) {
    lateReport_.reset();
    report(text);
  } else if (text.size() <= kMaxTextBytes) {
    lateReport_ = std::string(text);
  }
}

void Forwarding::report(std::string_view text) {
  const auto report = parseReport(text);
  if (!report) return;
  onGate();
  output_.sendReport(*report);
}

void Forwarding::onEmergency(bool latched, Time now) {
  if (latched == std::exchange(emergency_, latched)) return;
  mustLetGo_ = true;
  if (!latched) return sendMotions(oldRobot_->onClear(now));
  output_.retract();
  (void)oldRobot_->onEmergency(now);
  if (robot_ == RobotKind::kOld) sendNeutral();
}

/// Whatever it was told.
void Forwarding::sendNeutral() {
  for (const auto& text : neutralMotions()) output_.sendMotion(text, true);
}

// --- Time

/// An old driver of an old robot says nothing while it drives straight on.
std::optional<Time> Forwarding::silentAt() const {
  if (!stamp_.driver || saidSilent_) return std::nullopt;
  if (stamp_.implicit && robot_ == RobotKind::kOld && !isNeutral(motion_)) return std::nullopt;
  return heardAt_ + kSilence;
}

std::optional<Time> Forwarding::deadline() const {
  auto due = silentAt();
  const auto sooner = [&due](std::optional<Time> other) {
    if (other) due = std::min(due.value_or(Time::max()), *other);
  };
  if (lateReport_) sooner(reports_.next(Time::min()));
  if (robot_ == RobotKind::kOld) sooner(oldRobot_->deadline());
  return due;
}

void Forwarding::onTime(Time now) {
  if (lateReport_ && reports_.take(now, {})) report(*std::exchange(lateReport_, std::nullopt));
  if (robot_ == RobotKind::kOld) sendMotions(oldRobot_->onTime(now));
  const auto silent = silentAt();
  if (!silent || *silent > now) return;
  saidSilent_ = true;
  output_.onSilent(stamp_.lease);
}

}  // namespace rtcpub::control
