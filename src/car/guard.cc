#include "car/guard.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <thread>
#include <utility>

#include "car/process.h"
#include "car/report_lines.h"
#include "core/car/peer_watch.h"
#include "core/car/power_switch.h"

namespace rtcpub::car {
namespace {

using std::chrono::milliseconds;

/// It ends when the writer does. In a process group of its own: a signal to the writer's, as a
/// terminal's, doesn't stop both.
void leaveTheOthers() {
  setpgid(0, 0);
  prctl(PR_SET_NAME, "rtcpub-guard");
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGTSTP, SIGTTOU}) {
    std::signal(number, SIG_IGN);
  }
  // Whoever feeds the writer shall see that nobody reads any more when that is gone.
  const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
  dup2(nothing, STDIN_FILENO);
  close(nothing);
}

class Guard {
 public:
  Guard(Equipment& equipment, Shared& shared, const Descriptor& writer)
      : equipment_(equipment),
        shared_(shared),
        writer_(writer),
        made_(makeMotors(equipment, Role::kGuard)) {}

  /// Until the writer has ended.
  void run() {
    while (true) {
      const bool gone = endsWithin(writer_, PeerWatch::kTick);
      const Time now = monotonicNow();
      const auto until = movesUntil(shared_);
      const auto finding = watch_.look(now, shared_.writerBeat.load(), until.has_value(), until);
      if (shared_.ended.load()) return;
      if (gone) {
        takeOver("writer-killed", "the process that drives the motors was killed");
        return;
      }
      if (finding != PeerWatch::Finding::kAlive && finding != PeerWatch::Finding::kLate) {
        takeOver("writer-stopped", "the process that drives the motors stood still, and was ended");
        return;
      }
      keepMotors(now);
      shared_.guardBeat = monotonicNow().time_since_epoch().count();
    }
  }

 private:
  /// After the writer has prepared them they are only brought to neutral here, which they are at:
  /// so all that takeOver() needs is in memory, and known to work.
  void keepMotors(Time now) {
    if (!shared_.prepared.load()) {
      shared_.guardReady = false;
      tryAt_ = now;
      return;
    }
    if (now < tryAt_) return;
    const bool wasReady = shared_.guardReady.load();
    const auto reached = wasReady ? made_.motors->check() : made_.motors->prepare();
    shared_.guardReady = reached.has_value();
    if (reached.has_value() || wasReady) why_.clear();
    if (!reached && reached.error().message != why_) {
      why_ = reached.error().message;
      complainRaw("the guard of the motors can't reach them: " + why_);
    }
    tryAt_ = now + (reached ? kCheck : kRetry);
  }

  void takeOver(const std::string& reason, const std::string& why) {
    kill(writer_);
    const bool gone = endsWithin(writer_, milliseconds(0));
    bool neutral = stopMotors(reason);
    if (!gone) {  // the kernel still works for it: what it had begun may have come after ours
      (void)endsWithin(writer_, kRetry);
      neutral = stopMotors(reason);
    }
    cutPower(neutral);
    say(Readiness{.ready = false, .why = why});
    complainRaw(why + (neutral ? "; the motors are at neutral"
                               : "; THE MOTORS CAN'T BE REACHED: cut their power"));
    if (neutral) (void)made_.motors->release();
  }

  /// Tried for less time than it takes until somebody starts another pair.
  bool stopMotors(const std::string& reason) {
    constexpr int kTries = 8;
    for (int tries = 0; tries < kTries; ++tries) {
      const Position neutral{.reason = reason};
      if (made_.motors->write(neutral)) {
        say(Written{.reason = reason, .at = monotonicNow()});
        return true;
      }
      cutPower(false);
      (void)made_.motors->prepare();
      std::this_thread::sleep_for(milliseconds(40));
    }
    return false;
  }

  /// At once where neutral can't be written; else when it has been for a while.
  void cutPower(bool neutral) {
    if (neutral) std::this_thread::sleep_for(kHold);
    if (equipment_.power) (void)equipment_.power->set(false);
  }

  Equipment& equipment_;
  Shared& shared_;
  const Descriptor& writer_;
  const OpenMotors made_;
  PeerWatch watch_;
  Time tryAt_{};
  std::string why_;
};

}  // namespace

void runGuard(Equipment& equipment, Shared& shared, const Descriptor& writer) {
  leaveTheOthers();
  (void)lockMemory();  // if it isn't permitted the writer has said so
  (void)makeRealTime();
  {
    Guard guard(equipment, shared, writer);
    guard.run();
  }
  _exit(0);
}

}  // namespace rtcpub::car
