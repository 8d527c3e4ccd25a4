#include "core/control/emergency.h"

#include <algorithm>
#include <utility>

namespace rtcpub::control {

Emergency::Orders Emergency::press(const std::string& by, const std::string& why, Time now) {
  if (!status_) {
    begin(by, why);
    return say(now);
  }
  if (!robot_ || heard_ < number_) return {};  // it is being told, or there is nobody to tell
  // It stands, as far as is known here; but it may have gone on meanwhile.
  number_ = next();
  return onTime(now);
}

void Emergency::begin(std::string by, std::string why) {
  number_ = next();
  begun_ = number_;
  clearing_.reset();
  status_ = DriveNotice::Emergency{.by = std::move(by), .why = std::move(why)};
}

std::uint64_t Emergency::next() {
  first_ = true;
  return std::min(number_ + 1, kMaxNumber);
}

Emergency::Orders Emergency::clear(Time now) {
  if (!status_) return {};
  status_.reset();
  cleared_ = number_;
  if (!robot_) return {};
  clearing_ = now + kClearFor;
  first_ = true;
  return say(now);
}

Emergency::Orders Emergency::onReport(const GateReport& report, Time now) {
  if (!robot_) return {};
  heard_ = std::min(report.emergency, kMaxNumber);
  number_ = std::max(number_, heard_);
  if (report.state == GateState::kEmergency) {
    onStopped(report);
  } else {
    onReleased();
  }
  return onTime(now);
}

void Emergency::onStopped(const GateReport& report) {
  stood_ = heard_;
  if (status_) {
    status_->confirmed = heard_ >= begun_;
  } else if (!clearing_ || heard_ > cleared_) {  // it has stopped by itself
    begun_ = heard_;
    clearing_.reset();
    status_ = DriveNotice::Emergency{
        .by = {}, .why = forPeople(report.by, kMaxWhyBytes), .confirmed = true};
  }
}

void Emergency::onReleased() {
  if (status_ && stood_ >= number_) {
    status_.reset();  // it goes on by itself
  } else if (status_) {
    status_->confirmed = false;
    // That number was the robot's own, for a stop of which nothing is known here: ours was taken
    // for that one, and may have come after its end.
    if (heard_ >= number_) number_ = next();
  }
  if (heard_ >= cleared_) clearing_.reset();
}

void Emergency::onOtherRobot() {
  onNoRobot();
  clearing_.reset();  // that was the one before's
  numberBefore_ = std::min(number_, numberBefore_ + kMostOwn);
  number_ = numberBefore_;
  begun_ = std::min(begun_, number_);
}

Emergency::Orders Emergency::onRobot(Time now) {
  onNoRobot();
  robot_ = true;
  return owes() ? say(now) : Orders{};
}

void Emergency::onNoRobot() {
  robot_ = false;
  heard_ = 0;
  stood_ = 0;
  first_ = true;
  if (status_) status_->confirmed = false;
}

std::optional<Time> Emergency::deadline() const {
  if (!owes()) return std::nullopt;
  return saidAt_ + kRepeat;
}

Emergency::Orders Emergency::onTime(Time now) {
  if (clearing_ && *clearing_ <= now) clearing_.reset();
  if (!owes() || now < saidAt_ + kRepeat) return {};
  return say(now);
}

bool Emergency::owes() const { return robot_ && (clearing_ || (status_ && heard_ < number_)); }

Emergency::Orders Emergency::say(Time now) {
  if (!robot_) return {};
  saidAt_ = now;
  const bool first = std::exchange(first_, false);
  if (!status_) return {{ClearOrder{cleared_}, first}};
  return {{StopOrder{.number = number_, .by = status_->by, .why = status_->why}, first}};
}

}  // namespace rtcpub::control
