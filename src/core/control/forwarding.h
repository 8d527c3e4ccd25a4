#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/control/command.h"
#include "core/control/lease.h"
#include "core/control/old_robot.h"
#include "core/control/report.h"
#include "core/limits/rate_limit.h"
#include "rtcpub/clock.h"
#include "rtcpub/data_channel.h"

namespace rtcpub::control {

/// What a robot is, as far as control goes.
enum class RobotKind : std::uint8_t {
  kNone,     ///< nobody publishes
  kUnknown,  ///< its channels may still be to open: nothing that moves goes to it yet
  kOld,      ///< it takes `motion` messages, and has no gate
  kGated,    ///< commands go to its gate
};

/// Commands since the beginning.
struct ControlCounters {
  std::uint64_t forwarded = 0;
  // Those that went no further:
  std::uint64_t notDriver = 0;  ///< their sender doesn't drive, or not by this lease
  std::uint64_t tooMany = 0;    ///< more than one member may send
  std::uint64_t malformed = 0;  ///< they can't be read
  std::uint64_t emergency = 0;  ///< an old robot's that was stopped, before its driver let go
  std::uint64_t late = 0;       ///< an old program's, which lay here for too long
  std::uint64_t noRobot = 0;    ///< there was nobody to take them, or it isn't known how
  friend bool operator==(const ControlCounters&, const ControlCounters&) = default;
};

/// What a viewer said on `stream`, as it came.
struct StreamMessage {
  std::string text;
  bool binary = false;
  DataChannelOptions options{};  ///< of its channel
  Time arrived{};                ///< at this machine, which may have stood still since
};

/// Whether the text is for who drives alone: it may move a robot, or say how fast it moves.
/// Whatever a robot's program might take for such a message.
bool isForDrivers(std::string_view text);

/// What follows of it, to be done at once.
class ForwardingOutput {
 public:
  virtual ~ForwardingOutput() = default;
  /// To the gate.
  virtual void sendCommand(const Command& command) = 0;
  /// To an old robot, on `stream`. `stops`: it must come, however late.
  virtual void sendMotion(const std::string& text, bool stops) = 0;
  /// Likewise, what a member said.
  virtual void passOn(std::uint64_t member, const StreamMessage& message, bool stops) = 0;
  /// What isForDrivers() and waits for the robot on `stream` goes no further, whoever said it.
  virtual void retract() = 0;
  /// To all who watch.
  virtual void sendReport(const GateReport& report) = 0;
  /// An old program's messages go no further.
  virtual void refuse(std::uint64_t member, Refusal why) = 0;
  /// One wants to drive: whoever grants leases answers by onStamp() or onRefused().
  virtual void askFor(std::uint64_t member) = 0;
  /// Whoever drives by this lease is silent.
  virtual void onSilent(std::uint64_t lease) = 0;
  /// When the picture was taken that this member saw under this RTP timestamp, by the robot's NTP
  /// clock.
  [[nodiscard]] virtual std::optional<std::int64_t> captured(std::uint64_t member,
                                                             std::uint32_t rtp) const = 0;
};

/// Which commands of one channel go on to its robot, and as what: new drivers' and old programs',
/// for robots with a gate and without. Pure, over its output.
class Forwarding {
 public:
  /// The most commands of one member: so many in half a second.
  static constexpr std::size_t kBurst = 60;
  static constexpr std::chrono::milliseconds kBurstTime{500};
  /// Who drives and says nothing for so long drives no more.
  static constexpr std::chrono::seconds kSilence{2};
  /// What an old program says first waits until it is known who drives: so many messages …
  static constexpr std::size_t kMostWaiting = 8;
  /// … for so long: what is older moves nothing any more.
  static constexpr std::chrono::milliseconds kMostWait{200};
  /// Reports in a tenth of a second; of more the newest counts.
  static constexpr std::size_t kReports = 6;
  static constexpr std::chrono::milliseconds kReportTime{100};

  /// `output` outlives this.
  explicit Forwarding(ForwardingOutput& output) : output_(output) {}

  /// Another one publishes from now on, or nobody: nobody drives it before it is said.
  void onOtherRobot(RobotKind kind, Time now);
  /// The same one, by another connection, or it is away.
  void onRobot(RobotKind kind, Time now);
  /// It turns out what the one is that publishes.
  void onGate();
  void onNoGate();
  [[nodiscard]] RobotKind robot() const { return robot_; }

  /// Who drives from now on.
  void onStamp(const DriveStamp& stamp, Time now);
  [[nodiscard]] const DriveStamp& stamp() const { return stamp_; }
  /// One of whom askFor() was told doesn't drive.
  void onRefused(std::uint64_t member, Refusal why);
  /// It is here no more.
  void onGone(std::uint64_t member, Time now);

  /// What came on `rtcpub.control` from a member that isn't the robot.
  void onCommand(std::uint64_t member, std::string_view text, Time now);
  /// … and from the robot.
  void onReport(std::string_view text, Time now);

  enum class Fate : std::uint8_t {
    kPass,     ///< it goes its way, as all messages do
    kTaken,    ///< it was seen to here, if only to wait
    kRefused,  ///< it goes nowhere: its sender doesn't drive
  };
  /// What isForDrivers() and came on `stream` from a viewer that may speak there. `mayAsk`: it may
  /// drive, and doesn't know of leases.
  [[nodiscard]] Fate onStream(std::uint64_t member, StreamMessage message, bool mayAsk, Time now);

  /// An emergency stop is in force, or no more.
  void onEmergency(bool latched, Time now);

  [[nodiscard]] std::optional<Time> deadline() const;
  void onTime(Time now);
  [[nodiscard]] const ControlCounters& counters() const { return counters_; }

 private:
  struct Sender {
    RateLimit commands{kBurst, kBurstTime};
    std::deque<StreamMessage> waiting;
  };

  [[nodiscard]] bool drives(std::uint64_t member) const {
    return stamp_.driver && stamp_.driver->id == member;
  }
  void endDrive(Time now);
  void settleWaiting(Time now);
  void sendFirst();
  void sendNeutral();
  void sendMotions(const OldRobot::Messages& messages);
  void wait(std::uint64_t member, StreamMessage message, Time now);
  /// Of whoever drives.
  void takeMotion(std::uint64_t member, const StreamMessage& message, Time now);
  [[nodiscard]] bool mayCome(std::uint64_t member, const StreamMessage& message, Time now);
  void passOn(std::uint64_t member, const StreamMessage& message, bool stops);
  void makeCommand(Time arrived);
  [[nodiscard]] std::optional<Time> silentAt() const;
  void report(std::string_view text);

  ForwardingOutput& output_;
  RobotKind robot_ = RobotKind::kNone;
  std::optional<OldRobot> oldRobot_{std::in_place};
  DriveStamp stamp_;
  std::map<std::uint64_t, Sender> senders_;
  Time heardAt_{};              ///< who drives, or since when it does
  bool saidSilent_ = false;     ///< of this lease
  Axes motion_;                 ///< what an old driver's messages come to
  bool unread_ = false;         ///< … and others, which the robot may have understood
  std::uint64_t sequence_ = 0;  ///< of the last command that was made of them
  bool emergency_ = false;      ///< in force
  bool mustLetGo_ = false;      ///< an old robot was stopped: its old driver must say neutral first
  bool toldToMove_ = false;     ///< an old robot here, whose path may have gone since
  RateLimit reports_{kReports, kReportTime};
  std::optional<std::string> lateReport_;
  ControlCounters counters_;
};

}  // namespace rtcpub::control
