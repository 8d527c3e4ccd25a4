#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "cli/drive_script.h"
#include "rtcpub/clock.h"
#include "rtcpub/control.h"

namespace rtcpub::cli {

/// Takes a driver through the lines of a script: what is to be said and commanded now, and whether
/// robot and server have done what the line says, or why they won't.
///
/// A line is done by their word, not by ours: `take` when the robot goes by what its driver
/// commands, `stop` when the robot confirms it. A line that moves something begins when the robot
/// is ready to go by it, and fails when the robot stops before its end. One that moves nothing only
/// takes its time. Lines that move and follow each other at once have no gap between them.
///
/// Pure, one thread: onTime() with the newest state, every few milliseconds; the time never goes
/// back.
class ScriptCourse {
 public:
  /// Longer than a driver may take who is asked.
  static constexpr std::chrono::milliseconds kPatience{20'000};
  /// For a robot to confirm that it stands.
  static constexpr std::chrono::milliseconds kToConfirm{5000};
  /// A refusal that is shown may be of an earlier request for so long, or over by itself.
  static constexpr std::chrono::milliseconds kAnswered{500};
  /// So long after a line that moved something a robot may still say that it had stopped.
  static constexpr std::chrono::milliseconds kToHear{200};

  /// What is to be done now.
  struct Orders {
    std::optional<ScriptStep::Kind> say{};  ///< but kDrive
    Axes axes{};                            ///< empty: neutral

    friend bool operator==(const Orders&, const Orders&) = default;
  };

  /// Whether the next line may begin.
  [[nodiscard]] bool takesStep() const { return !step_ && !failure_; }
  void begin(const ScriptStep& step, int line);
  Orders onTime(const DriveState& state, Time now);
  /// Nothing is to be done, or waited for, any more.
  [[nodiscard]] bool done() const { return !step_ && !heardOf_; }
  /// Why a line can't be done: "line 3 of the script: …". Nothing is done after that.
  [[nodiscard]] const std::optional<std::string>& failure() const { return failure_; }

 private:
  struct Step {
    ScriptStep what;
    int line = 0;
    std::optional<Time> since{};  ///< it began; nothing: it waits until it may
    bool said = false;            ///< its word; of one that moves something: it had to wait
  };
  /// A line that moved something and is over.
  struct Past {
    int line = 0;
    Time until{};  ///< so long what is said may be of it
  };

  void drive(const DriveState& state, Time now, Orders& orders);
  [[nodiscard]] bool starts(const DriveState& state, Time now, bool moves);
  std::optional<std::string> objection(const DriveState& state, Time now, Time end);
  [[nodiscard]] bool settled(const DriveState& state, Time now);
  void speak(const DriveState& state, Time now, Orders& orders);
  void await(const DriveState& state, Time now);
  void listen(const DriveState& state, Time now);
  void fail(int line, const std::string& why);

  std::optional<Step> step_;
  std::optional<Past> heardOf_;
  std::optional<Time> refusedAt_;  ///< what moves, since then
  std::optional<Time> endedAt_;    ///< the line before ended, as long as the next follows at once
  Time waitsSince_{};              ///< the line, for what it needs to begin
  bool moved_ = false;             ///< by the line before, which the next may follow without a gap
  std::optional<std::string> failure_;
};

}  // namespace rtcpub::cli
