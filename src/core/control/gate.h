#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/control/command.h"
#include "core/control/loop_delay.h"
#include "core/control/motion.h"
#include "core/control/report.h"
#include "rtcpub/clock.h"
#include "rtcpub/control.h"
#include "rtcpub/result.h"

namespace rtcpub::control {

/// Errors: kInvalidArgument, for people: which one, and what it may be.
Result<void> checkOptions(const ControlOptions& options);

/// The server's clock, as a robot knows it.
struct ServerClock {
  std::chrono::microseconds offset{};  ///< the server's minus this machine's
  std::chrono::microseconds bound{};   ///< by how much that may be wrong, drift and all
  Time comparedAt{};                   ///< when it was known last
};

/// A command that has arrived.
struct Arrival {
  Command command;
  Time at{};
  /// When the picture was taken that its driver saw, by this machine's clock; nothing: there was
  /// none, or it isn't known when.
  std::optional<Time> captured{};
};

/// The last thing that a command passes: lets through what is fresh, in order, of the one who
/// drives, and given on a picture that isn't too old; for all else it gives neutral. What it was
/// told before a stop never moves anything again: first there must be a neutral command.
///
/// Pure: events and the time go in, output() and events() come out. The time never goes back.
class Gate {
 public:
  /// Older than that, the server's clock isn't known any more.
  static constexpr std::chrono::seconds kClockHolds{60};

  /// The options are such as checkOptions() takes.
  explicit Gate(ControlOptions options);

  // --- What happens

  /// What the server's clock shows; nothing: it isn't known, or not any more.
  void onClock(std::optional<ServerClock> clock);
  /// Who drives, as the server says; 0: nobody. A lease that is older than one that is known
  /// already says nothing.
  void onLease(std::uint64_t lease, std::optional<Driver> driver, Time now);
  /// Another connection to a server: what was said by the one before counts no more.
  void onNewConnection(Time now);
  /// A command came.
  Verdict onCommand(const Arrival& arrival);
  /// Something came that is none, or that nobody had to send: counted as that.
  void onRefused(Verdict why, Time now);
  /// An old program's message came that no server has made a command of: there are none but old
  /// drivers then, and all count as one.
  Verdict onMotion(const Motion& motion, Time now);
  /// At deadline(), or whenever.
  void onTime(Time now);
  /// The emergency stop of this number; one that it has taken already changes nothing.
  void onEmergency(std::uint64_t number, const std::string& by, Time now);
  /// Somebody here stops it: the next number.
  void stop(const std::string& by, Time now);
  /// Ends the emergency stop, if it is this number's, or an older one's.
  void onClear(std::uint64_t number, Time now);
  void clear(Time now) { onClear(emergency_, now); }
  void setReady(bool ready, const std::string& why, Time now);

  // --- What follows

  /// What holds at this time.
  [[nodiscard]] ControlOutput output(Time now) const;
  /// When onTime() is due.
  [[nodiscard]] std::optional<Time> deadline() const;
  /// What has happened since the last call, in order.
  [[nodiscard]] std::vector<ControlEvent> takeEvents();
  [[nodiscard]] GateReport report() const;
  [[nodiscard]] ControlStats stats(Time now) const;

 private:
  struct Judgement {
    Verdict verdict = Verdict::kAccepted;
    std::optional<std::chrono::microseconds> age{};
    std::optional<std::chrono::microseconds> bound{};
    std::optional<std::chrono::microseconds> delay{};
  };

  [[nodiscard]] Judgement judge(const Arrival& arrival) const;
  [[nodiscard]] Verdict judgeAge(const Arrival& arrival, Judgement& judgement) const;
  [[nodiscard]] Verdict judgePicture(const Arrival& arrival, Judgement& judgement) const;
  [[nodiscard]] Verdict judgeState(const Arrival& arrival, Judgement& judgement) const;
  [[nodiscard]] bool driven() const {
    return state_ == GateState::kDriven || state_ == GateState::kWarned;
  }
  [[nodiscard]] bool silent(Time now) const;
  void note(const Arrival& arrival, const Judgement& judgement);
  void accept(const Arrival& arrival, const Judgement& judgement);
  void setFactor(double factor, Time now);
  void changeDriver(std::uint64_t lease, std::optional<Driver> driver, Time now);
  void latch(std::uint64_t number, const std::string& by, Time now);
  /// Neutral from now on.
  void stopFor(StopReason reason, const std::string& detail, Time now);
  /// Neutral it is already, for what holds now.
  void settle(Time now);
  void enter(GateState state, StopReason reason, const std::string& detail, Time now);
  [[nodiscard]] std::string silenceDetail() const;
  [[nodiscard]] ControlEvent event(ControlEvent::Kind kind, Time now) const;

  const ControlOptions options_;
  std::optional<ServerClock> clock_;
  std::optional<Driver> driver_;
  std::uint64_t lease_ = 0;         ///< 0: nobody's, or an old driver's whom no server knows
  std::uint64_t newestLease_ = 0;   ///< of this connection, in force or ended
  std::uint64_t sequence_ = 0;      ///< the newest that came in that lease, whatever its verdict
  std::uint64_t accepted_ = 0;      ///< the newest that was accepted
  std::optional<Time> validAt_{};   ///< when it came
  Axes axes_;                       ///< in force; capped
  Axes motion_;                     ///< what an old driver has said so far
  std::optional<Time> motionAt_{};  ///< when
  double factor_ = 1;
  double toldFactor_ = 1;
  LoopDelay delays_;
  std::optional<std::chrono::microseconds> delay_{};
  std::string notReadyWhy_;
  std::uint64_t emergency_ = 0;  ///< the number of the newest
  std::string latchedBy_;
  std::array<std::uint64_t, kVerdicts> verdicts_{};        ///< since the start
  std::array<std::uint64_t, kVerdicts> verdictsBefore_{};  ///< when the lease began
  std::uint64_t stops_ = 0;
  std::vector<ControlEvent> events_;
  GateState state_ = GateState::kIdle;
  StopReason reason_ = StopReason::kNobody;
  std::optional<Verdict> refused_{};  ///< what the last one since `validAt_` met
  bool old_ = false;                  ///< what is in force is an old program's
  bool ready_ = true;
  bool latched_ = false;
};

}  // namespace rtcpub::control
