#include "car/writer.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "car/process.h"
#include "car/report_lines.h"
#include "log/log.h"

namespace rtcpub::car {
namespace {

using std::chrono::milliseconds;

/// What moves is written again so often, in case that a pulse was lost.
constexpr milliseconds kRefresh{50};
/// A sensor that sees the same car twice.
constexpr milliseconds kLeastLap{500};
constexpr milliseconds kBetweenWarnings{10'000};
/// How long nothing is said of what takes its time at the start: the guard, a program of one's own.
constexpr milliseconds kStarts{2000};

std::int64_t microseconds(Time time) { return time.time_since_epoch().count(); }

}  // namespace

Writer::Writer(Parts parts)
    : parts_(parts),
      made_(makeMotors(parts.equipment, Role::kWriter)),
      helm_({.pwm = pwmOf(parts.equipment.uri), .ramp = parts.ramp}) {}

Result<void> Writer::run(const std::stop_token& stop) {
  const Descriptor stopped(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  const std::stop_callback wake(stop, [&] { eventfd_write(stopped.get(), 1); });
  notice_.tell("READY=1");
  while (true) {
    const Time now = monotonicNow();
    helm_.onTime(now);
    if (const auto why = lostGuard(now)) {
      kill(parts_.guard);
      const auto halted = stopMotors("guard-lost");
      return fail(ErrorCode::kIo,
                  *why + "; " +
                      (halted ? "the motors are at neutral, and the one that drives them ends"
                              : "and " + halted.error().message));
    }
    keepMotors(now);
    drive(now);
    power(now);
    beat(now);
    if (stop.stop_requested() || over_) break;
    wait(stopped.get());
  }
  notice_.tell("STOPPING=1");
  return stopMotors(over_ ? "input-ended" : "stopping");
}

/// Until something comes or is due; what has come is taken.
void Writer::wait(int stopped) {
  std::vector<pollfd> waited{{.fd = stopped, .events = POLLIN, .revents = 0},
                             {.fd = parts_.guard.get(), .events = POLLIN, .revents = 0}};
  for (const int descriptor : parts_.input.descriptors()) {
    waited.push_back({.fd = descriptor, .events = POLLIN, .revents = 0});
  }
  if (parts_.sensor != nullptr) {
    waited.push_back({.fd = parts_.sensor->descriptor(), .events = POLLIN, .revents = 0});
  }
  const Time now = monotonicNow();
  const Time due =
      std::min(helm_.deadline().value_or(now + PeerWatch::kTick), now + PeerWatch::kTick);
  const auto left = std::chrono::nanoseconds(std::max(due, now) - now);
  const timespec timeout{.tv_sec = 0, .tv_nsec = left.count()};
  if (ppoll(waited.data(), waited.size(), &timeout, nullptr) <= 0) return;
  const Time then = monotonicNow();
  helm_.onTime(then);
  for (std::size_t at = 2; at < waited.size(); ++at) {
    if (waited[at].revents == 0) continue;
    const bool lap = parts_.sensor != nullptr && waited[at].fd == parts_.sensor->descriptor();
    lap ? takeLap(then) : takeInput(waited[at].fd, then);
  }
}

void Writer::takeInput(int descriptor, Time now) {
  const auto event = parts_.input.take(descriptor);
  if (event == Input::Event::kLines) {
    while (const auto line = parts_.input.next()) takeLine(*line, now);
  } else if (event == Input::Event::kEnded) {
    helm_.stop("input-ended");
  } else if (event == Input::Event::kOver) {
    over_ = true;
  }
}

void Writer::takeLine(std::string_view line, Time now) {
  const auto order = parseOrder(line);
  if (!order) {
    if (now < warnAt_) return;
    warnAt_ = now + kBetweenWarnings;
    log().warn("a line was left out: {}: '{}'", order.error().message, line.substr(0, 100));
  } else if (const auto* drive = std::get_if<Drive>(&*order)) {
    helm_.onDrive(*drive, now);
  } else if (const auto* neutral = std::get_if<Neutral>(&*order)) {
    helm_.onNeutral(*neutral, now);
  } else if (const auto* speed = std::get_if<MaxSpeed>(&*order)) {
    takeMaxSpeed(*speed, now);
  } else {
    say(messageOf(std::get<Lap>(*order)));
  }
}

void Writer::takeMaxSpeed(const MaxSpeed& speed, Time now) {
  say(helm_.onMaxSpeed(speed));
  const auto pwm = pwmOf(parts_.equipment.uri);
  if (possibleMaxSpeed(pwm, speed.pulse) || now < warnSpeedAt_) return;
  warnSpeedAt_ = now + kBetweenWarnings;
  const auto [least, most] = possibleMaxSpeeds(pwm);
  log().warn(
      "the top speed stays as it is: maxSpeed {} would leave none. It is the pulse of full "
      "throttle "
      "in 4096ths of the period: {} to {} for these motors",
      speed.pulse, least, most);
}

void Writer::takeLap(Time now) {
  if (!parts_.sensor->take()) return;
  if (lapAt_ && now - *lapAt_ < kLeastLap) return;
  lapAt_ = now;
  const auto ms = std::chrono::floor<milliseconds>(now.time_since_epoch());
  say(messageOf({std::chrono::duration<double>(ms).count()}));
}

/// Why the motors have to stop, if the guard isn't there.
std::optional<std::string> Writer::lostGuard(Time now) {
  if (endsWithin(parts_.guard, milliseconds(0))) {
    return "the process that watches over the motors was killed";
  }
  const bool moves = written_ && !written_->neutral;
  const auto finding = watch_.look(now, parts_.shared.guardBeat.load(), moves);
  if (finding == PeerWatch::Finding::kLate && !helm_.position().neutral) helm_.stop("guard-late");
  if (finding != PeerWatch::Finding::kSilent) return std::nullopt;
  return "the process that watches over the motors stood still, and was ended";
}

void Writer::keepMotors(Time now) {
  if (now >= tryAt_) {
    if (!prepared_) {
      prepare(now);
    } else if (const auto there = made_.motors->check(); !there) {
      failed(there.error(), now);
    } else {
      tryAt_ = now + kCheck;
    }
  }
  if (!prepared_) return;
  const auto awaited = made_.motors->awaited();
  awaits_ = awaited.has_value();
  const bool complete = parts_.shared.guardReady.load() && !awaits_;
  if (complete || saidReady_ || now - preparedAt_ >= kStarts) {
    updateReady(awaited.value_or("the guard of the motors can't reach them"));
  }
}

void Writer::prepare(Time now) {
  const auto prepared = made_.motors->prepare();
  if (!prepared) {
    failed(prepared.error(), now);
    return;
  }
  prepared_ = true;
  preparedAt_ = now;
  parts_.shared.prepared = true;
  tryAt_ = now + kCheck;
  written_.reset();
}

/// Says it when it has changed. Whoever drives then has to begin anew.
void Writer::updateReady(const std::string& why) {
  const bool ready = prepared_ && parts_.shared.guardReady.load() && !awaits_;
  if (ready != ready_) helm_.stop(ready ? "starting" : "not-ready");
  ready_ = ready;
  if (ready == saidReady_ && (ready || why == why_)) return;
  saidReady_ = ready;
  why_ = ready ? "" : why;
  say(Readiness{.ready = ready, .why = why_});
  notice_.tell(ready ? "STATUS=The motors are ready" : "STATUS=Not ready: " + why_);
  if (!ready) log().warn("the motors are not ready: {}", why_);
}

/// They may be in any state: what can be done is to cut their power, if a pin does.
void Writer::failed(const Error& error, Time now) {
  prepared_ = false;
  parts_.shared.prepared = false;
  parts_.shared.movesUntil = 0;
  tryAt_ = now + kRetry;
  helm_.stop("not-ready");
  power_.cut();
  updateReady(error.message);
}

void Writer::drive(Time now) {
  if (!prepared_) return;
  const bool may = ready_ || helm_.position().neutral;
  const Position position = may ? helm_.position() : Position{.reason = "not-ready"};
  if (position == written_ && now < writeAt_) return;
  if (auto written = write(position, ready_ ? helm_.until() : std::nullopt, now); !written) {
    failed(written.error(), now);
  }
}

Result<void> Writer::write(Position position, std::optional<Time> until, Time now) {
  position.until = until;
  if (until) parts_.shared.movesUntil = microseconds(*until);
  if (auto written = made_.motors->write(position); !written) return written;
  if (!until) parts_.shared.movesUntil = 0;
  writeAt_ = now + (position.neutral ? kCheck : kRefresh);
  if (position == written_) return {};
  written_ = position;
  say(Written{.steering = position.steering,
              .throttle = position.throttle,
              .neutral = position.neutral,
              .reason = position.reason,
              .at = monotonicNow()});
  return {};
}

void Writer::power(Time now) {
  const bool on = power_.onTime(ready_ && helm_.allowed(), now);
  if (on == powered_ || parts_.equipment.power == nullptr) return;
  if (parts_.equipment.power->set(on)) powered_ = on;
}

/// The motor first, then the steering; they get that for a while; then no pulse, and no power.
Result<void> Writer::stopMotors(const std::string& reason) {
  helm_.stop(reason);
  Result<void> stopped;
  if (prepared_) stopped = write(helm_.position(), std::nullopt, monotonicNow());
  parts_.shared.prepared = false;  // the guard doesn't touch them any more, but to stop them
  if (prepared_ && stopped) {
    const Time end = monotonicNow() + kHold;
    for (Time now = monotonicNow(); now < end; now = monotonicNow()) {
      beat(now);
      poll(nullptr, 0, static_cast<int>(PeerWatch::kTick.count()));
    }
    stopped = made_.motors->release();
  }
  if (parts_.equipment.power != nullptr) (void)parts_.equipment.power->set(false);
  parts_.shared.ended = true;
  if (stopped) return {};
  return fail(stopped.error().code, "the motors could not be stopped: " + stopped.error().message);
}

void Writer::beat(Time now) {
  parts_.shared.writerBeat = microseconds(now);
  notice_.alive(now);
}

}  // namespace rtcpub::car
