#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/control/lease_message.h"
#include "core/control/report.h"
#include "rtcpub/clock.h"

namespace rtcpub::control {

/// Something that a robot is told until it says that it has heard it.
struct EmergencyOrder {
  LeaseMessageToClient message;  ///< StopOrder or ClearOrder
  bool first = false;            ///< for the first time: on the reliable channel, too
  friend bool operator==(const EmergencyOrder&, const EmergencyOrder&) = default;
};

/// The emergency stop of one channel. The latch is the robot's; the server has it stopped, and
/// remembers that for a robot that comes anew. Stops have numbers, each higher than all before, the
/// robot's own among them: what is said of an older one changes nothing any more. Pure.
///
/// Functions return what the robot is to be told now.
class Emergency {
 public:
  /// Until the robot has heard it, it is told each:
  static constexpr std::chrono::milliseconds kRepeat{50};
  /// For how long it is told that a stop has ended: it stands still meanwhile.
  static constexpr std::chrono::seconds kClearFor{5};
  /// So many stops a robot may have had at its own side. What it says beyond that is believed of it
  /// alone: one that says the highest number there is would leave none for those after it.
  static constexpr std::uint64_t kMostOwn = 1'000'000;

  using Orders = std::vector<EmergencyOrder>;

  /// Somebody presses it.
  [[nodiscard]] Orders press(const std::string& by, const std::string& why, Time now);
  /// Somebody ends it who may.
  [[nodiscard]] Orders clear(Time now);
  /// What the robot's gate says of itself. It may have stopped, or gone on, by itself.
  [[nodiscard]] Orders onReport(const GateReport& report, Time now);
  /// Another one publishes; whether it has a gate, onRobot() says. It may have taken higher numbers
  /// elsewhere: its reports tell, and it is told anew then.
  void onOtherRobot();
  /// It can be told things: another one, or the same by another connection.
  [[nodiscard]] Orders onRobot(Time now);
  /// There is none, or none that has a gate.
  void onNoRobot();

  /// When onTime() is due.
  [[nodiscard]] std::optional<Time> deadline() const;
  [[nodiscard]] Orders onTime(Time now);

  /// As members are told; nothing: there is none.
  [[nodiscard]] const std::optional<DriveNotice::Emergency>& status() const { return status_; }
  /// The number of the newest stop, pressed here or told of by a robot; 0: there was none.
  [[nodiscard]] std::uint64_t number() const { return number_; }

 private:
  void begin(std::string by, std::string why);
  [[nodiscard]] std::uint64_t next();
  void onStopped(const GateReport& report);
  void onReleased();
  /// Whether there is something to tell the robot.
  [[nodiscard]] bool owes() const;
  Orders say(Time now);

  std::optional<DriveNotice::Emergency> status_;
  std::uint64_t number_ = 0;
  std::uint64_t numberBefore_ = 0;  ///< the highest when this one began to publish
  std::uint64_t begun_ = 0;         ///< the first number of this stop: pressing again adds others
  std::uint64_t cleared_ = 0;       ///< the highest number when it was cleared here last
  std::optional<Time> clearing_;    ///< until then the robot is told that it was
  bool robot_ = false;              ///< there is one with a gate
  std::uint64_t heard_ = 0;         ///< the highest that this one says that it has taken
  std::uint64_t stood_ = 0;         ///< … while it said that it stood
  bool first_ = true;               ///< what is to be said now wasn't said before
  Time saidAt_{};
};

}  // namespace rtcpub::control
