#include "cli/script_course.h"

#include <utility>

namespace rtcpub::cli {
namespace {

using Kind = ScriptStep::Kind;

bool goesByIt(const DriveState& state) {
  return !state.gated || state.gate == GateState::kDriven || state.gate == GateState::kWarned;
}

bool isStoppedForGood(const DriveState& state) {
  return state.emergency || (state.gated && state.gate == GateState::kEmergency);
}

std::string because(const std::string& detail) { return detail.empty() ? "" : ": " + detail; }

std::string wordsOf(StopReason reason) {
  switch (reason) {
    case StopReason::kNone:
      return "it was told to be neutral";
    case StopReason::kNobody:
      return "it knows of nobody who drives";
    case StopReason::kNewDriver:
      return "it has had no neutral command of its driver yet";
    case StopReason::kSilence:
      return "no command reached it in time";
    case StopReason::kBlind:
      return "its driver sees no picture, or one that is too old";
    case StopReason::kEmergency:
      return "the emergency stop was pressed";
    case StopReason::kNotReady:
      return "it is not ready";
  }
  return std::string(name(reason));
}

/// Why the robot doesn't go by what is commanded.
std::string standing(const DriveState& state) {
  if (isStoppedForGood(state)) {
    return "the robot is stopped by an emergency stop" +
           because(state.emergencyBy.empty() ? state.reasonDetail : state.emergencyBy);
  }
  return "the robot stands still: " + wordsOf(state.reason) + because(state.reasonDetail);
}

std::string lost(const DriveState& state) {
  if (!state.refused.empty()) return ": " + state.refused;
  if (!state.driver) return "";
  return ": " + (state.driver->name.empty() ? "somebody else" : state.driver->name) + " has it now";
}

/// What a line that doesn't drive waits for.
bool isReached(Kind kind, const DriveState& state) {
  switch (kind) {
    case Kind::kTake:  // who has it may end an emergency, too
      return state.mine && (goesByIt(state) || isStoppedForGood(state));
    case Kind::kRelease:
      return !state.mine;
    case Kind::kStop:
      return state.emergency && state.confirmed;
    case Kind::kClear:
      return !isStoppedForGood(state);
    case Kind::kDrive:
      break;
  }
  return true;
}

std::string unreached(Kind kind, const DriveState& state) {
  switch (kind) {
    case Kind::kTake:
      return state.mine ? "control was given, but " + standing(state) : "control wasn't given";
    case Kind::kRelease:
      return "control wasn't taken back";
    case Kind::kStop:
      return state.emergency ? "the server keeps the emergency stop, but no robot confirms it: "
                               "there is none in this channel, or one without a gate"
                             : "the emergency stop isn't known to the server";
    case Kind::kClear:
      return "the emergency stop wasn't ended";
    case Kind::kDrive:
      break;
  }
  return standing(state);
}

}  // namespace

void ScriptCourse::begin(const ScriptStep& step, int line) {
  step_ = Step{.what = step, .line = line};
}

ScriptCourse::Orders ScriptCourse::onTime(const DriveState& state, Time now) {
  Orders orders;
  if (failure_) return orders;
  listen(state, now);
  if (failure_) return orders;
  if (!step_) {
    moved_ = false;  // neutral comes in between
    endedAt_.reset();
  } else if (step_->what.kind == Kind::kDrive) {
    drive(state, now, orders);
  } else if (!heardOf_) {
    speak(state, now, orders);
  }
  return orders;
}

/// Whether the robot had stopped before the end of what it was told last.
void ScriptCourse::listen(const DriveState& state, Time now) {
  if (!heardOf_) return;
  if (state.mine && (isStoppedForGood(state) || !goesByIt(state))) {
    return fail(heardOf_->line, standing(state));
  }
  if (now >= heardOf_->until) heardOf_.reset();
}

void ScriptCourse::drive(const DriveState& state, Time now, Orders& orders) {
  const bool moves = !isNeutral(step_->what.axes);
  if (!state.mine) {
    const bool drove = step_->since || moved_;
    return fail(step_->line, drove ? "control was lost" + lost(state)
                                   : "it drives without having control" + because(state.refused));
  }
  if (!step_->since && !starts(state, now, moves)) return;
  const Time end = *step_->since + step_->what.length;
  if (const auto why = moves ? objection(state, now, end) : std::nullopt) {
    return fail(step_->line, *why);
  }
  orders.axes = step_->what.axes;
  if (now < end) return;
  if (moves) heardOf_ = Past{.line = step_->line, .until = end + kToHear};
  moved_ = moves;
  step_.reset();
  endedAt_ = end;
}

/// Why the robot doesn't move by what is commanded, if it doesn't. Until clocks have been compared
/// commands are refused for a moment, of which a robot without a gate says nothing.
std::optional<std::string> ScriptCourse::objection(const DriveState& state, Time now, Time end) {
  if (isStoppedForGood(state) || !goesByIt(state)) return standing(state);
  if (state.refused.empty()) {
    refusedAt_.reset();
    return std::nullopt;
  }
  if (!refusedAt_) refusedAt_ = now;
  if (now - *refusedAt_ < kAnswered && now < end) return std::nullopt;
  return state.refused;
}

/// Whether a line that drives begins; it may follow the one before without a gap.
bool ScriptCourse::starts(const DriveState& state, Time now, bool moves) {
  if (moves && !moved_ && !settled(state, now)) return false;
  step_->since = step_->said ? now : endedAt_.value_or(now);
  if (moves) heardOf_.reset();
  refusedAt_.reset();
  return true;
}

/// Whether the robot goes by what is commanded, which is neutral until then.
bool ScriptCourse::settled(const DriveState& state, Time now) {
  if (isStoppedForGood(state)) {
    fail(step_->line, standing(state));
    return false;
  }
  if (goesByIt(state) && state.refused.empty()) return true;
  if (!std::exchange(step_->said, true)) waitsSince_ = now;
  if (now - waitsSince_ > kPatience) {
    fail(step_->line, state.refused.empty() ? standing(state) : state.refused);
  }
  return false;
}

void ScriptCourse::speak(const DriveState& state, Time now, Orders& orders) {
  const Kind kind = step_->what.kind;
  if (!step_->since) step_->since = now;
  if (!step_->said && (state.connected || kind != Kind::kClear)) {
    // Whether there is anything to end the server has to say first; the rest it may be told late.
    if (kind != Kind::kClear || !isReached(kind, state)) orders.say = kind;
    step_->said = true;
    step_->since = now;
  } else if (state.connected && isReached(kind, state)) {
    step_.reset();
    moved_ = false;
    endedAt_.reset();
  } else {
    await(state, now);
  }
}

/// Gives up what won't come any more.
void ScriptCourse::await(const DriveState& state, Time now) {
  const Kind kind = step_->what.kind;
  const auto waited = now - *step_->since;
  const bool canBeRefused = kind == Kind::kClear || (kind == Kind::kTake && !state.mine);
  if (canBeRefused && waited > kAnswered && !state.refused.empty()) {
    return fail(step_->line, unreached(kind, state) + because(state.refused));
  }
  if (!state.emergency) waitsSince_ = now;
  if (kind == Kind::kStop && now - waitsSince_ > kToConfirm) {
    return fail(step_->line, unreached(kind, state));
  }
  if (waited <= kPatience) return;
  fail(step_->line, state.connected
                        ? unreached(kind, state)
                        : "the server has said nothing in 20 s" + because(state.refused));
}

void ScriptCourse::fail(int line, const std::string& why) {
  failure_ = "line " + std::to_string(line) + " of the script: " + why;
}

}  // namespace rtcpub::cli
