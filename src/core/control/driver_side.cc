#include "core/control/driver_side.h"

#include <algorithm>
#include <variant>

namespace rtcpub::control {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLeastHold{20};
constexpr milliseconds kMostHold{10'000};
constexpr std::size_t kMaxWords = 200;

constexpr const char* kNoLeases =
    "this server has no leases, so nobody can take control by it: use rtcpub's server, of this "
    "version";
constexpr const char* kNoClock =
    "commands wait: this machine's clock hasn't been compared with the server's yet";
constexpr const char* kLapsed =
    "the program that drives stood still for longer than its commands hold: give neutral first";
constexpr const char* kNoConnection = "there is no connection to the server";

bool moves(GateState state) { return state == GateState::kDriven || state == GateState::kWarned; }

}  // namespace

// --- What its user wants

void DriverSide::request(bool takeOver) {
  if (state_.mine) return;
  state_.refused = leases_ ? "" : kNoLeases;
  request_ = LeaseRequest{.takeOver = takeOver};
  state_.waiting = true;
  if (leaseChannel_) say(*request_);
}

void DriverSide::endRequest() {
  request_.reset();
  state_.waiting = false;
}

void DriverSide::release(Time now) {
  endRequest();
  state_.refused.clear();
  released_ = state_.mine;
  inForce_.reset();
  changed_ = state_.mine;  // neutral goes first, on its own channel
  sentAt_ = std::min(sentAt_.value_or(now), now - kRepeatInterval);
  if (leaseChannel_) say(LeaseRelease{});
}

void DriverSide::answer(bool give) {
  if (!state_.answer || !state_.asking) return;
  if (leaseChannel_) say(LeaseReply{.to = state_.asking->id, .give = give});
}

void DriverSide::command(Axes axes, const CommandOptions& options, Time given) {
  if (!state_.mine || released_) return;
  std::erase_if(axes, [](const auto& axis) { return axis.second == 0; });
  lapseIfDue(given);
  if (lapsed_ && !axes.empty()) return;
  if (std::exchange(lapsed_, false) && state_.refused == kLapsed) state_.refused.clear();
  changed_ = changed_ || !inForce_ || inForce_->axes != axes;
  inForce_ = InForce{.axes = std::move(axes),
                     .until = given + std::clamp(options.hold, kLeastHold, kMostHold),
                     .saw = options.saw};
}

void DriverSide::emergencyStop(const std::string& why, Time now) {
  emergency_ = EmergencyStop{.why = why};
  inForce_.reset();
  changed_ = state_.mine;
  sentAt_ = std::min(sentAt_.value_or(now), now - kRepeatInterval);
  if (leaseChannel_) say(*emergency_);
}

void DriverSide::clear() {
  emergency_.reset();
  state_.refused = leaseChannel_ ? "" : kNoConnection;
  if (leaseChannel_) say(EmergencyClear{});
}

// --- What happens

void DriverSide::onServer(bool hasLeases) {
  leases_ = hasLeases;
  if (!hasLeases && request_) state_.refused = kNoLeases;
  if (hasLeases && state_.refused == kNoLeases) state_.refused.clear();
}

void DriverSide::onLeaseChannel(bool open) {
  if (leaseChannel_ == open) return;
  leaseChannel_ = open;
  if (open) return sayWhatIsWanted();
  const bool drove = state_.mine;
  loseLease();
  picture_.reset();
  life_ = kUsualLife;
  state_ = DriveState{.waiting = request_.has_value(),
                      .emergency = state_.emergency,
                      .emergencyBy = state_.emergencyBy,
                      .refused = drove ? kNoConnection : state_.refused};
}

void DriverSide::onCommandChannel(bool open) {
  commandChannel_ = open;
  changed_ = changed_ || (open && state_.mine);
}

void DriverSide::sayWhatIsWanted() {
  if (state_.refused == kNoConnection) state_.refused.clear();
  if (emergency_) say(*emergency_);
  if (request_) say(*request_);
}

void DriverSide::onLeaseMessage(const LeaseMessageToClient& message, Time now) {
  if (const auto* const drive = std::get_if<DriveNotice>(&message)) return onDrive(*drive, now);
  if (const auto* const refused = std::get_if<LeaseRefused>(&message)) {
    endRequest();
    state_.refused = refused->message.empty() ? refused->code : refused->message;
  }
}

void DriverSide::onDrive(const DriveNotice& notice, Time now) {
  if (!notice.mine || notice.lease != lease_) loseLease();
  state_.connected = true;
  if (notice.mine && !state_.mine) {
    lease_ = notice.lease;
    endRequest();
    standStill();
    state_.refused.clear();
    sentAt_ = now - kRepeatInterval;
    changed_ = true;
  }
  state_.driver = notice.driver;
  state_.mine = notice.mine;
  state_.asking = notice.asking;
  state_.answer = notice.mine && notice.asking;
  state_.gated = notice.gated;
  state_.emergency = notice.emergency.has_value();
  state_.confirmed = notice.emergency && notice.emergency->confirmed;
  state_.emergencyBy.clear();
  if (!notice.emergency) return;
  emergency_.reset();
  const auto& [by, why, confirmed] = *notice.emergency;
  state_.emergencyBy = by + (by.empty() || why.empty() ? "" : ": ") + why;
}

/// What the robot does it does by another one's commands.
void DriverSide::standStill() {
  if (!moves(state_.gate)) return;
  state_.gate = GateState::kStopped;
  state_.reason = StopReason::kNewDriver;
}

void DriverSide::loseLease() {
  state_.mine = false;
  lease_ = 0;
  sequence_ = 0;
  begun_ = false;
  released_ = false;
  inForce_.reset();
  if (std::exchange(lapsed_, false)) state_.refused.clear();
  changed_ = false;
}

void DriverSide::onReport(const GateReport& report) {
  state_.gate = report.state;
  state_.reason = report.reason;
  state_.reasonDetail = forPeople(report.by, kMaxWords);
  state_.delayMs = report.delayMs;
  state_.factor = report.factor;
  state_.verdicts = report.verdicts;
  life_ = report.settings.life;
  if (!state_.mine || !moves(report.state)) return;
  if (report.lease != lease_) return standStill();
  begun_ = true;
}

// --- What follows

/// A lease begins so, since the first of the commands may be lost. `sequence_` is the one to give.
bool DriverSide::atRestByItself() const {
  if (begun_) return false;
  return state_.gated || sequence_ <= kNeutralAtFirst;
}

/// A command that isn't given anew in its time is its user's no more.
void DriverSide::lapseIfDue(Time now) {
  if (!inForce_ || now < inForce_->until) return;
  if (!inForce_->axes.empty()) {
    lapsed_ = true;
    state_.refused = kLapsed;
  }
  inForce_.reset();
}

std::optional<Time> DriverSide::deadline() const {
  if (!canCommand()) return std::nullopt;
  if (!sentAt_) return Time{};
  return *sentAt_ + (changed_ ? kLeastInterval : kRepeatInterval);
}

std::optional<Command> DriverSide::due(Time now, const std::optional<Clock>& clock) {
  const auto when = deadline();
  if (!when || now < *when) return std::nullopt;
  sentAt_ = now;
  changed_ = false;
  if (!clock) {
    state_.refused = kNoClock;
    return std::nullopt;
  }
  if (state_.refused == kNoClock) state_.refused.clear();
  lapseIfDue(now);
  Command command{.lease = lease_,
                  .sequence = ++sequence_,
                  .givenUs = now.time_since_epoch().count() + clock->offsetUs,
                  .boundUs = clock->boundUs,
                  .life = life_};
  command.sawRtp = inForce_ && inForce_->saw ? inForce_->saw : picture_;
  if (inForce_ && !atRestByItself()) command.axes = inForce_->axes;
  return command;
}

void DriverSide::say(const LeaseMessageToServer& message) { texts_.push_back(format(message)); }

}  // namespace rtcpub::control
