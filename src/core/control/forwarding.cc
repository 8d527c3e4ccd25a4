#include "core/control/forwarding.h"

#include <algorithm>
#include <utility>

#include "core/control/motion.h"

namespace rtcpub::control {

// --- Who drives what

void Forwarding::onOtherRobot(RobotKind kind, Time now) {
  stamp_ = {};
  sequence_ = 0;
  onRobot(kind, now);
}

void Forwarding::onRobot(RobotKind kind, Time now) {
  robot_ = kind;
  motion_.clear();
  lateReport_.reset();
  oldRobot_.emplace();
  (void)oldRobot_->onLease(stamp_.lease, now);
  if (emergency_) stopOldRobot(emergencyNumber_, now);
}

void Forwarding::onStamp(const DriveStamp& stamp, Time now) {
  const bool changed = stamp.lease != stamp_.lease;
  if (changed) endDrive(now);
  stamp_ = stamp;
  if (changed) {
    heardAt_ = now;
    saidSilent_ = false;
    afterEmergency_ = emergency_;
    sendMotions(oldRobot_->onLease(stamp.lease, now));
  }
  settleWaiting(now);
}

/// What an old robot was told last mustn't hold any longer.
void Forwarding::endDrive(Time now) {
  if (stamp_.lease == 0) return;
  stamp_ = {};
  motion_.clear();
  sequence_ = 0;
  (void)oldRobot_->onLease(0, now);
  sendNeutral();
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
    for (const auto& [text, at] : std::exchange(sender.waiting, {})) {
      if (takeMotion(text, at, now)) output_.passOn(member, text);
    }
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
  if (robot_ == RobotKind::kNone) {
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
    output_.sendMotion(text, motion && motion->value == 0);
  }
}

// --- Old programs

Forwarding::Fate Forwarding::onStream(std::uint64_t member, std::string_view text, bool mayAsk,
                                      Time arrived, Time now) {
  if (!saysMotion(text)) return Fate::kPass;
  if (robot_ == RobotKind::kNone) return Fate::kPass;  // it is nobody's
  if (drives(member)) return takeMotion(text, arrived, now) ? Fate::kPass : Fate::kTaken;
  if (!stamp_.driver && mayAsk) return wait(member, text, arrived, now);
  ++counters_.notDriver;
  return Fate::kRefused;
}

Forwarding::Fate Forwarding::wait(std::uint64_t member, std::string_view text, Time arrived,
                                  Time now) {
  auto& sender = senders_[member];
  while (!sender.waiting.empty() && now - sender.waiting.front().at > kMostWait) {
    sender.waiting.pop_front();
  }
  if (sender.waiting.size() >= kMostWaiting || !sender.commands.take(now, {})) {
    ++counters_.tooMany;
    return Fate::kTaken;
  }
  sender.waiting.push_back({std::string(text), arrived});
  if (sender.waiting.size() == 1) output_.askFor(member);
  return Fate::kTaken;
}

bool Forwarding::takeMotion(std::string_view text, Time arrived, Time now) {
  const auto motion = parseMotion(text);
  const bool stops = motion && motion->value == 0;
  if (!stops && now - arrived > kMostWait) {
    ++counters_.late;
    return false;
  }
  heardAt_ = now;
  if (motion) apply(*motion, motion_);
  if (robot_ == RobotKind::kOld) return mayPass(stops);
  if (!motion) {
    ++counters_.malformed;
  } else if (stamp_.implicit) {  // another one's commands say what it wants
    makeCommand(arrived);
  }
  return false;
}

/// To an old robot: after an emergency stop nothing moves before all was let go.
bool Forwarding::mayPass(bool stops) {
  if (!emergency_ && isNeutral(motion_)) afterEmergency_ = false;
  const bool may = stops || !afterEmergency_;
  ++(may ? counters_.forwarded : counters_.emergency);
  return may;
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

void Forwarding::onEmergency(bool latched, std::uint64_t number, Time now) {
  if (latched == std::exchange(emergency_, latched)) return;
  afterEmergency_ = true;
  emergencyNumber_ = number;
  if (!latched) return sendMotions(oldRobot_->onClear(number, now));
  stopOldRobot(number, now);
}

void Forwarding::stopOldRobot(std::uint64_t number, Time now) {
  (void)oldRobot_->onEmergency(number, now);
  sendNeutral();
}

/// Whatever it was told.
void Forwarding::sendNeutral() {
  if (robot_ != RobotKind::kOld) return;
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
