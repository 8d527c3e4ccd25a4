#include "core/car/helm.h"

#include <algorithm>
#include <cmath>

namespace rtcpub::car {
namespace {

bool isNeutral(const Drive& drive) { return drive.steering == 0 && drive.throttle == 0; }

/// `value`, no further from 0 than `most`.
double within(double value, double most) { return std::clamp(value, -most, most); }

}  // namespace

void Helm::onDrive(const Drive& drive, Time now) {
  if (drive.until <= now) {
    if (drive_) stop("expired");
    return;
  }
  hear(now);
  if (isNeutral(drive)) wantsNeutral_ = false;
  if (wantsNeutral_) {
    settle("not-neutral");
    return;
  }
  if (!drive_) movedAt_ = now;
  drive_ = drive;
  allowed_ = true;
  onTime(now);
}

void Helm::onNeutral(const Neutral& neutral, Time now) {
  hear(now);
  wantsNeutral_ = false;
  settle(neutral.reason);
  allowed_ = neutral.reason.empty();
}

void Helm::hear(Time now) {
  lineAt_ = now;
  heard_ = true;
}

Metric Helm::onMaxSpeed(const MaxSpeed& speed) {
  if (const auto possible = possibleMaxSpeed(options_.pwm, speed.pulse)) {
    maxSpeed_ = *possible;
    share_ = throttleShare(options_.pwm, speed.pulse);
  }
  return confirmation({maxSpeed_});
}

void Helm::stop(std::string_view reason) {
  wantsNeutral_ = true;
  settle(reason);
}

void Helm::settle(std::string_view reason) {
  drive_.reset();
  allowed_ = false;
  ramping_ = false;
  position_ = {.steering = 0, .throttle = 0, .neutral = true, .reason = std::string(reason)};
}

void Helm::onTime(Time now) {
  if (drive_ && now >= drive_->until) {
    stop("expired");
  } else if (heard_ && now - lineAt_ >= kSilence) {
    heard_ = false;
    stop("silence");
  } else if (drive_) {
    moveThrottle(now);
  }
}

void Helm::moveThrottle(Time now) {
  const double passed = std::chrono::duration<double>(now - movedAt_).count();
  movedAt_ = now;
  const double before = position_.throttle;
  const double wanted = drive_->throttle * share_;
  double throttle = wanted;
  if (drive_->slowDown) {
    throttle = within(wanted, std::max(0.0, std::abs(before) - kSlowDown * passed));
  } else if (options_.ramp > 0) {
    const double from = before * wanted > 0 ? std::abs(before) : 0;
    throttle = within(wanted, from + options_.ramp * passed);
  }
  ramping_ = drive_->slowDown ? throttle != 0 : throttle != wanted;
  position_ = {.steering = drive_->steering,
               .throttle = throttle,
               .neutral = throttle == 0 && drive_->steering == 0,
               .reason = {}};
}

std::optional<Time> Helm::until() const {
  if (!drive_ || position_.neutral) return std::nullopt;
  return std::min(drive_->until, lineAt_ + kSilence);
}

std::optional<Time> Helm::deadline() const {
  if (!drive_) return heard_ ? std::optional(lineAt_ + kSilence) : std::nullopt;
  const Time end = std::min(drive_->until, lineAt_ + kSilence);
  return ramping_ ? std::min(end, movedAt_ + kStep) : end;
}

}  // namespace rtcpub::car
