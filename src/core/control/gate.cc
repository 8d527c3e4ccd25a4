#include "core/control/gate.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/control/governor.h"
#include "core/control/lease_message.h"

namespace rtcpub::control {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr std::size_t kMaxWords = 200;
/// An old driver whom no server knows is gone when it has said nothing for so long.
constexpr std::chrono::seconds kMotionHolds{2};

Result<void> checkPeriod(const char* what, milliseconds value, milliseconds least,
                         milliseconds most) {
  if (value >= least && value <= most) return {};
  return fail(ErrorCode::kInvalidArgument, std::string("control: ") + what + " is " +
                                               std::to_string(value.count()) + " ms: it takes " +
                                               std::to_string(least.count()) + " to " +
                                               std::to_string(most.count()) + " ms");
}

std::size_t index(Verdict verdict) { return static_cast<std::size_t>(verdict); }

/// A tenth of the top speed is worth telling, and that all of it is back.
bool worthTelling(double before, double now) {
  return std::abs(before - now) >= 0.1 || (now == 1 && before != 1);
}

}  // namespace

Result<void> checkOptions(const ControlOptions& options) {
  if (auto checked = checkPeriod("life", options.life, kLeastLife, kMostLife); !checked) {
    return checked;
  }
  if (auto checked = checkPeriod("stop", options.stop, milliseconds(50), milliseconds(2000));
      !checked) {
    return checked;
  }
  if (auto checked = checkPeriod("warn", options.warn, milliseconds(20), options.stop); !checked) {
    return checked;
  }
  if (auto checked = checkPeriod("blind", options.blind, milliseconds(100), milliseconds(10'000));
      !checked) {
    return checked;
  }
  Axes axes;
  for (const auto& axis : options.speedAxes) axes[axis] = 0;
  return checkAxes(axes);
}

Gate::Gate(ControlOptions options) : options_(std::move(options)) {}

// --- What happens

void Gate::onClock(std::optional<ServerClock> clock) { clock_ = clock; }

void Gate::onLease(std::uint64_t lease, std::optional<Driver> driver, Time now) {
  onTime(now);
  if (lease == lease_) {
    if (lease != 0) driver_ = std::move(driver);  // a command was quicker than its name
    return;
  }
  if (lease < newestLease_ && lease != 0) return;
  if (lease == 0) driver.reset();
  changeDriver(lease, std::move(driver), now);
}

void Gate::onNewConnection(Time now) {
  onTime(now);
  clock_.reset();
  if (lease_ != 0 || driver_) changeDriver(0, std::nullopt, now);
  newestLease_ = 0;
  sequence_ = 0;
}

/// Each change passes through neutral. A lease that has ended stays known, with its last number:
/// late commands don't bring it back.
void Gate::changeDriver(std::uint64_t lease, std::optional<Driver> driver, Time now) {
  if (lease > newestLease_) {
    newestLease_ = lease;
    sequence_ = 0;
  }
  lease_ = lease;
  driver_ = std::move(driver);
  accepted_ = 0;
  refused_.reset();
  motion_.clear();
  motionAt_.reset();
  delay_.reset();
  delays_.clear();
  verdictsBefore_ = verdicts_;
  setFactor(1, now);
  events_.push_back(event(ControlEvent::Kind::kDriver, now));
  stopFor(driver_ || lease_ != 0 ? StopReason::kNewDriver : StopReason::kNobody, {}, now);
}

Verdict Gate::onCommand(const Arrival& arrival) {
  onTime(arrival.at);
  // Of a driver of whom the server's word is still on its way.
  if (arrival.command.lease > newestLease_)
    changeDriver(arrival.command.lease, std::nullopt, arrival.at);
  const Judgement judgement = judge(arrival);
  if (arrival.command.lease == lease_) {
    sequence_ = std::max(sequence_, arrival.command.sequence);
  }
  if (judgement.delay) {
    delay_ = judgement.delay;
    delays_.add(*judgement.delay, arrival.at);
  }
  note(arrival, judgement);
  if (judgement.verdict == Verdict::kAccepted) {
    accept(arrival, judgement);
    return judgement.verdict;
  }
  refused_ = judgement.verdict;
  if (judgement.verdict == Verdict::kBlind && (driven() || state_ == GateState::kStopped)) {
    stopFor(StopReason::kBlind, {}, arrival.at);
  }
  return judgement.verdict;
}

void Gate::onRefused(Verdict why, Time now) {
  onTime(now);
  ++verdicts_[index(why)];
  ControlEvent event = this->event(ControlEvent::Kind::kCommand, now);
  event.verdict = why;
  events_.push_back(std::move(event));
}

Verdict Gate::onMotion(const Motion& motion, Time now) {
  onTime(now);
  if (lease_ == 0 && !driver_) changeDriver(0, Driver{}, now);
  apply(motion, motion_);
  motionAt_ = now;
  Arrival arrival{.command = {.axes = motion_, .old = true}, .at = now};
  arrival.command.lease = 0;
  Judgement judgement{.age = microseconds(0)};
  judgement.verdict = lease_ == 0 ? judgeState(arrival, judgement) : Verdict::kOtherLease;
  note(arrival, judgement);
  if (judgement.verdict == Verdict::kAccepted) {
    accept(arrival, judgement);
  } else {
    refused_ = judgement.verdict;
  }
  return judgement.verdict;
}

void Gate::onTime(Time now) {
  if (motionAt_ && lease_ == 0 && now - *motionAt_ >= kMotionHolds) {
    changeDriver(0, std::nullopt, now);
  }
  if (!driven()) return;
  if (silent(now)) return stopFor(StopReason::kSilence, silenceDetail(), now);
  if (state_ == GateState::kDriven && now - *validAt_ >= options_.warn && !axes_.empty()) {
    enter(GateState::kWarned, StopReason::kNone, {}, now);
  }
}

/// Whether what is in force has ended. An old program says nothing while it is at rest.
bool Gate::silent(Time now) const {
  if (old_ && axes_.empty()) return false;
  return now - *validAt_ >= options_.stop;
}

std::string Gate::silenceDetail() const {
  if (!refused_) return "no command came";
  return "the commands that came were " + std::string(name(*refused_));
}

void Gate::onEmergency(std::uint64_t number, const std::string& by, Time now) {
  if (number > emergency_) latch(number, by, now);
}

void Gate::stop(const std::string& by, Time now) { latch(emergency_ + 1, by, now); }

void Gate::latch(std::uint64_t number, const std::string& by, Time now) {
  onTime(now);
  emergency_ = number;
  latched_ = true;
  latchedBy_ = forPeople(by, kMaxWords);
  stopFor(StopReason::kEmergency, latchedBy_, now);
}

void Gate::onClear(std::uint64_t number, Time now) {
  if (!latched_ || number < emergency_) return;
  onTime(now);
  latched_ = false;
  latchedBy_.clear();
  settle(now);
}

void Gate::setReady(bool ready, const std::string& why, Time now) {
  onTime(now);
  const std::string words = ready ? std::string() : forPeople(why, kMaxWords);
  if (ready == ready_ && words == notReadyWhy_) return;
  ready_ = ready;
  notReadyWhy_ = words;
  ControlEvent event = this->event(ControlEvent::Kind::kReady, now);
  event.detail = words;
  events_.push_back(std::move(event));
  if (!ready) return stopFor(StopReason::kNotReady, words, now);
  if (reason_ == StopReason::kNotReady) settle(now);
}

// --- How a command is judged

Gate::Judgement Gate::judge(const Arrival& arrival) const {
  const Command& command = arrival.command;
  Judgement judgement;
  if (command.lease != lease_ || lease_ == 0) {
    judgement.verdict = Verdict::kOtherLease;
  } else if (command.sequence <= sequence_) {
    judgement.verdict = Verdict::kOutOfOrder;
  } else {
    judgement.verdict = judgeAge(arrival, judgement);
  }
  if (judgement.verdict == Verdict::kAccepted) {
    judgement.verdict = judgeState(arrival, judgement);
  }
  return judgement;
}

/// By both sides' comparisons with the server's clock, which may be wrong by so much. What is
/// allowed for that is no more than the life again: a driver whose clock was compared over a link
/// that stalled knows the time to seconds.
Verdict Gate::judgeAge(const Arrival& arrival, Judgement& judgement) const {
  if (!clock_ || arrival.at - clock_->comparedAt > kClockHolds) return Verdict::kNoClock;
  const Command& command = arrival.command;
  const microseconds now = arrival.at.time_since_epoch();
  const microseconds age = now + clock_->offset - microseconds(command.givenUs);
  const microseconds bound = clock_->bound + microseconds(command.boundUs);
  judgement.age = age;
  judgement.bound = bound;
  const microseconds life = std::min(command.life, options_.life);
  const microseconds allowed = std::min(bound, life);
  if (age < -allowed) return Verdict::kFuture;
  if (age > life + allowed) return Verdict::kExpired;
  return Verdict::kAccepted;
}

/// An old program says nothing of what it saw: nobody can hold that against it.
Verdict Gate::judgePicture(const Arrival& arrival, Judgement& judgement) const {
  if (arrival.command.old) return Verdict::kAccepted;
  if (arrival.captured) {
    // Times are compared by clocks that are a little wrong.
    judgement.delay = std::max(microseconds(0), arrival.at - *arrival.captured);
  }
  const bool sees = judgement.delay && *judgement.delay <= options_.blind;
  return sees || options_.allowBlind ? Verdict::kAccepted : Verdict::kBlind;
}

Verdict Gate::judgeState(const Arrival& arrival, Judgement& judgement) const {
  const Verdict picture = judgePicture(arrival, judgement);  // its delay is told in any case
  if (latched_) return Verdict::kEmergency;
  if (!ready_) return Verdict::kNotReady;
  if (picture != Verdict::kAccepted) return picture;
  if (!driven() && !isNeutral(arrival.command.axes)) return Verdict::kNotNeutral;
  return Verdict::kAccepted;
}

// --- What follows

void Gate::note(const Arrival& arrival, const Judgement& judgement) {
  ++verdicts_[index(judgement.verdict)];
  ControlEvent event = this->event(ControlEvent::Kind::kCommand, arrival.at);
  event.verdict = judgement.verdict;
  event.lease = arrival.command.lease;
  event.sequence = arrival.command.sequence;
  event.axes = arrival.command.axes;
  if (judgement.age) event.given = microseconds(arrival.command.givenUs);
  event.age = judgement.age;
  event.bound = judgement.bound;
  event.delay = judgement.delay;
  events_.push_back(std::move(event));
}

void Gate::accept(const Arrival& arrival, const Judgement& judgement) {
  const Command& command = arrival.command;
  accepted_ = command.sequence;
  old_ = command.old;
  validAt_ = arrival.at;
  refused_.reset();
  setFactor(judgement.delay ? speedFactor(*judgement.delay) : 1.0, arrival.at);
  axes_.clear();
  for (const auto& [axis, value] : command.axes) {
    const bool fast = std::ranges::count(options_.speedAxes, axis) > 0;
    if (value != 0) axes_[axis] = fast ? capped(value, factor_) : value;
  }
  enter(GateState::kDriven, StopReason::kNone, {}, arrival.at);
}

void Gate::setFactor(double factor, Time now) {
  factor_ = factor;
  if (!worthTelling(toldFactor_, factor)) return;
  toldFactor_ = factor;
  events_.push_back(event(ControlEvent::Kind::kCap, now));
}

void Gate::stopFor(StopReason reason, const std::string& detail, Time now) {
  if (driven() && !axes_.empty()) ++stops_;
  axes_.clear();
  validAt_.reset();
  if (latched_) return enter(GateState::kEmergency, StopReason::kEmergency, latchedBy_, now);
  if (!ready_) return enter(GateState::kStopped, StopReason::kNotReady, notReadyWhy_, now);
  enter(reason == StopReason::kNobody ? GateState::kIdle : GateState::kStopped, reason, detail,
        now);
}

/// As if who drives, if anybody, had just come.
void Gate::settle(Time now) {
  const bool somebody = lease_ != 0 || driver_;
  stopFor(somebody ? StopReason::kNewDriver : StopReason::kNobody, {}, now);
}

void Gate::enter(GateState state, StopReason reason, const std::string& detail, Time now) {
  const bool same = state == state_ && reason == reason_;
  state_ = state;
  reason_ = reason;
  if (same) return;
  ControlEvent event = this->event(ControlEvent::Kind::kState, now);
  event.detail = detail;
  events_.push_back(std::move(event));
}

ControlEvent Gate::event(ControlEvent::Kind kind, Time now) const {
  ControlEvent event;
  event.kind = kind;
  event.time = now;
  event.state = state_;
  event.reason = reason_;
  event.driver = driver_;
  event.lease = lease_;
  event.factor = factor_;
  return event;
}

ControlOutput Gate::output(Time now) const {
  if (!driven()) return {.reason = reason_};
  if (silent(now)) return {.reason = StopReason::kSilence};
  if (axes_.empty()) return {.reason = StopReason::kNone};
  return {.axes = axes_,
          .neutral = false,
          .slowDown = now - *validAt_ >= options_.warn,
          .reason = StopReason::kNone,
          .until = *validAt_ + options_.stop};
}

std::optional<Time> Gate::deadline() const {
  std::optional<Time> due;
  if (motionAt_ && lease_ == 0) due = *motionAt_ + kMotionHolds;
  if (!driven() || (old_ && axes_.empty())) return due;
  const bool mayWarn = state_ == GateState::kDriven && !axes_.empty();
  const Time next = *validAt_ + (mayWarn ? options_.warn : options_.stop);
  return due ? std::min(*due, next) : next;
}

std::vector<ControlEvent> Gate::takeEvents() { return std::exchange(events_, {}); }

GateReport Gate::report() const {
  GateReport report{.state = state_, .reason = reason_, .lease = lease_, .sequence = accepted_};
  if (delay_) report.delayMs = std::chrono::duration<double, std::milli>(*delay_).count();
  report.factor = factor_;
  for (std::size_t i = 0; i < verdicts_.size(); ++i) {
    const auto count = verdicts_[i] - verdictsBefore_[i];
    if (count > 0) report.verdicts.emplace(name(static_cast<Verdict>(i)), count);
  }
  report.stops = stops_;
  report.emergency = emergency_;
  if (reason_ == StopReason::kEmergency) report.by = latchedBy_;
  if (reason_ == StopReason::kNotReady) report.by = notReadyWhy_;
  report.settings = options_;
  return report;
}

ControlStats Gate::stats(Time now) const {
  ControlStats stats{.state = state_, .reason = reason_, .driver = driver_, .factor = factor_};
  if (const auto delays = delays_.quantiles(now)) {
    stats.delayP50Ms = delays->p50Ms;
    stats.delayP99Ms = delays->p99Ms;
  }
  for (std::size_t i = 0; i < verdicts_.size(); ++i) {
    if (verdicts_[i] > 0) stats.verdicts.emplace(static_cast<Verdict>(i), verdicts_[i]);
  }
  stats.stops = stops_;
  return stats;
}

}  // namespace rtcpub::control
