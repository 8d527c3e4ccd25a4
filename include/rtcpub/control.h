#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rtcpub/clock.h"
#include "rtcpub/export.h"
#include "rtcpub/result.h"
#include "rtcpub/subscription.h"
#include "rtcpub/video_frame.h"

/// Control that can't run away (docs/control.md). A driver's commands reach the robot's gate, which
/// lets pass what is fresh, in order and of the one who drives, and gives neutral for all else.
namespace rtcpub {

/// What a driver wants of each axis, -1 to 1, by the axis's name: "steering" (1: right),
/// "throttle" (1: forward), … An axis that isn't named is at 0, and all at 0 are neutral: nothing
/// moves.
using Axes = std::map<std::string, double, std::less<>>;

/// The most axes that a command has.
inline constexpr std::size_t kMaxAxes = 32;
/// How long an axis's name may be: so many of `A-Z a-z 0-9 _ . -`.
inline constexpr std::size_t kMaxAxisName = 32;
inline constexpr const char* kSteering = "steering";  ///< a car's axis; 1: right
inline constexpr const char* kThrottle = "throttle";  ///< a car's axis; 1: forward

/// Whether nothing moves by these.
[[nodiscard]] RTCPUB_EXPORT bool isNeutral(const Axes& axes);

/// What the gate goes by. The robot's owner sets it; drivers are told.
struct ControlOptions {
  /// A command is dropped that is older, and by as much as clocks may be wrong, too, at most the
  /// life again. A driver may ask for less. 20 ms to 1 s.
  std::chrono::milliseconds life{150};
  /// So long after the last valid command: whatever moves slows down. 20 ms to `stop`.
  std::chrono::milliseconds warn{100};
  /// So long after the last valid command: neutral. 50 ms to 2 s.
  std::chrono::milliseconds stop{200};
  /// The longest loop delay by which may be driven: from when the picture was taken that the driver
  /// saw, to when the command arrives that was given on it. 100 ms to 10 s.
  std::chrono::milliseconds blind{600};
  /// Whether commands pass that saw no picture, or one that is older than `blind`.
  bool allowBlind = false;
  /// The axes that make the robot fast: at loop delays above 200 ms they are capped at
  /// 200 ms / delay.
  std::vector<std::string> speedAxes{kThrottle};
  /// The data channel on which old programs send SpiderCar's `motion` messages. They pass the gate,
  /// too, by the server that says who drives, or where none does, from there; what the gate lets
  /// pass comes out there, as such messages. Empty: none.
  std::string motionLabel = "stream";

  friend bool operator==(const ControlOptions&, const ControlOptions&) = default;
};

/// What became of a command.
enum class Verdict : std::uint8_t {
  kAccepted,    ///< in force from now on
  kExpired,     ///< older than its life
  kOutOfOrder,  ///< a newer one came before it, or it came twice
  kOtherLease,  ///< whoever gave it doesn't drive, or not any more
  kFuture,      ///< given later than now: some clock is wrong
  kNotNeutral,  ///< after a stop, and there was no neutral command yet
  kEmergency,   ///< the emergency stop is latched
  kBlind,       ///< the driver saw no picture, or one that was too old
  kNotReady,    ///< the robot isn't: Control::setReady()
  kNoClock,     ///< its age isn't known: clocks haven't been compared, or not lately
  kMalformed,   ///< it can't be read, or has an axis that is no number from -1 to 1
};
/// How many verdicts there are.
inline constexpr int kVerdicts = static_cast<int>(Verdict::kMalformed) + 1;

/// "accepted", "expired", "out-of-order", …
[[nodiscard]] RTCPUB_EXPORT std::string_view name(Verdict verdict);

/// Where the gate stands.
enum class GateState : std::uint8_t {
  kIdle,       ///< nobody drives
  kStopped,    ///< somebody may, once there was a neutral command
  kDriven,     ///< the commands in force are the driver's
  kWarned,     ///< likewise, but none has come for `warn`: slow down
  kEmergency,  ///< stopped until somebody clears it
};

/// "idle", "stopped", "driven", "warned", "emergency".
[[nodiscard]] RTCPUB_EXPORT std::string_view name(GateState state);

/// Why the gate gives neutral.
enum class StopReason : std::uint8_t {
  kNone,       ///< it doesn't
  kNobody,     ///< nobody drives
  kNewDriver,  ///< one who has just come, and has given no neutral command yet
  kSilence,    ///< no valid command for `stop`
  kBlind,      ///< the driver's picture is too old, or there is none
  kEmergency,  ///< somebody pressed the emergency stop
  kNotReady,   ///< the robot isn't
};

/// "", "nobody", "new-driver", "silence", "blind", "emergency", "not-ready".
[[nodiscard]] RTCPUB_EXPORT std::string_view name(StopReason reason);

/// Who drives.
struct Driver {
  std::uint64_t id = 0;  ///< a member of the channel, as the server counts
  std::string name{};    ///< for people; empty: nobody said

  friend bool operator==(const Driver&, const Driver&) = default;
};

/// What holds at a robot at one moment: what its motors are to do.
struct ControlOutput {
  Axes axes{};                              ///< capped; empty when neutral
  bool neutral = true;                      ///< nothing moves
  bool slowDown = false;                    ///< commands are missing: ramp down
  StopReason reason = StopReason::kNobody;  ///< why it is neutral; kNone: the driver says so
  /// Until when it holds; then neutral. It is what a program that drives motors goes by when
  /// nothing comes any more. Nothing: neutral holds for ever.
  std::optional<Time> until{};

  friend bool operator==(const ControlOutput&, const ControlOutput&) = default;
};

/// One line of JSON, without the line's end, as a program that drives motors reads it: `rtcpub
/// car`, or one's own; the form is in docs/control.md.
[[nodiscard]] RTCPUB_EXPORT std::string toJson(const ControlOutput& output);

/// Something that happened at the gate.
struct ControlEvent {
  /// What happened.
  enum class Kind : std::uint8_t {
    kCommand,   ///< came, and met its `verdict`; in journal() only
    kDriver,    ///< another one drives, or nobody
    kState,     ///< `state` and `reason` are new
    kCap,       ///< `factor` is new: a tenth less or more, or back at 1
    kReady,     ///< Control::setReady()
    kRealtime,  ///< whether the gate's thread runs with real-time priority: `detail`
  };
  Kind kind = Kind::kState;                 ///< what
  Time time{};                              ///< when
  Verdict verdict = Verdict::kAccepted;     ///< kCommand
  GateState state = GateState::kIdle;       ///< from then on
  StopReason reason = StopReason::kNobody;  ///< of that state
  std::optional<Driver> driver{};           ///< from then on
  std::uint64_t lease = 0;                  ///< kCommand: the command's; else the one in force
  std::uint64_t sequence = 0;               ///< kCommand: its number
  Axes axes{};                              ///< kCommand: as they were given
  std::optional<std::chrono::microseconds> given{};  ///< kCommand: when, by the server's clock
  std::optional<std::chrono::microseconds> age{};    ///< kCommand: since then, by this machine's
  std::optional<std::chrono::microseconds> bound{};  ///< kCommand: `age` is wrong by no more
  std::optional<std::chrono::microseconds> delay{};  ///< kCommand: loop delay
  double factor = 1;     ///< what the governor leaves of the top speed, 0 to 1
  std::string detail{};  ///< for people: who stopped it and why

  friend bool operator==(const ControlEvent&, const ControlEvent&) = default;
};

/// One line of JSON, without the line's end; the form is in docs/control.md.
[[nodiscard]] RTCPUB_EXPORT std::string toJson(const ControlEvent& event);

/// Figures of a gate.
struct ControlStats {
  GateState state = GateState::kIdle;           ///< now
  StopReason reason = StopReason::kNobody;      ///< why it is neutral, if it is
  std::optional<Driver> driver{};               ///< who drives; nothing: nobody
  std::optional<double> delayP50Ms{};           ///< loop delay over the last 10 s
  std::optional<double> delayP99Ms{};           ///< likewise
  double factor = 1;                            ///< of the last command
  std::map<Verdict, std::uint64_t> verdicts{};  ///< since the start; those that there were
  std::uint64_t stops = 0;  ///< since the start: how often what moved was stopped
  bool realtime = false;    ///< whether the gate's thread has real-time priority

  friend bool operator==(const ControlStats&, const ControlStats&) = default;
};

/// A robot's gate: Publisher::addControl() makes it. It runs on a thread of its own, whatever else
/// is stuck. A cheap handle that may be copied and stays valid when the publisher is gone; then it
/// is neutral for ever. Any thread.
class RTCPUB_EXPORT Control {
 public:
  class Impl;
  /// For the library: publishers make them.
  explicit Control(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

  /// What holds now. A loop that asks this as often as it likes, and never remembers the answer for
  /// longer than `until`, can't run away.
  [[nodiscard]] ControlOutput output() const;
  /// The newest output only, whenever it has changed and with each command that is accepted. One
  /// that was read is to be thrown away when its `until` has passed.
  [[nodiscard]] Subscription<ControlOutput> outputs();
  /// What happens, but for single commands.
  [[nodiscard]] Subscription<ControlEvent> events();
  /// All that happens, commands too, in order.
  [[nodiscard]] Subscription<ControlEvent> journal();
  /// Figures of now.
  [[nodiscard]] ControlStats stats() const;

  /// The emergency stop: latched, whatever anybody says, until clear(), or somebody with the right
  /// `admin` clears it. `why` is for people.
  void stop(const std::string& why);
  /// The emergency stop ends. Nothing moves before there was a neutral command.
  void clear();
  /// Whether the robot can do what it is told, and if not, why. It begins as ready. While it isn't
  /// the gate gives neutral; afterwards nothing moves before there was a neutral command.
  void setReady(bool ready, const std::string& why = {});

 private:
  std::shared_ptr<Impl> impl_;
};

/// Who drives, as a member of the channel is told, and where the robot's gate stands.
struct DriveState {
  /// The server has said so; else nothing of this is known yet, or any more.
  bool connected = false;
  std::optional<Driver> driver{};           ///< nobody
  bool mine = false;                        ///< I do
  bool waiting = false;                     ///< I have asked for it, and nobody has answered yet
  std::optional<Driver> asking{};           ///< who asks the driver to let go
  bool answer = false;                      ///< and that is me: DriverControl::answer()
  bool gated = false;                       ///< the robot has a gate
  bool emergency = false;                   ///< somebody pressed the emergency stop
  bool confirmed = false;                   ///< and the robot says that it stands still
  std::string emergencyBy{};                ///< for people: who, and why
  GateState gate = GateState::kIdle;        ///< as the robot said last
  StopReason reason = StopReason::kNobody;  ///< likewise
  std::string reasonDetail{};               ///< likewise: who stopped it, or why it isn't ready
  std::optional<double> delayMs{};          ///< likewise: the last command's loop delay
  double factor = 1;                        ///< likewise: what is left of the top speed
  std::map<std::string, std::uint64_t> verdicts{};  ///< likewise: of the commands of this lease
  /// In words for people: why request() came to nothing, or why nothing that is commanded leaves.
  std::string refused{};

  friend bool operator==(const DriveState&, const DriveState&) = default;
};

/// How a command is meant.
struct CommandOptions {
  /// For how long it is repeated, unless another one comes: then neutral. A program that hangs
  /// stops the robot, and has to give a neutral command before others count. 20 ms to 10 s.
  std::chrono::milliseconds hold{200};
  /// The picture on which it was given (VideoFrame::rtpTimestamp). Nothing: the newest that was
  /// decoded.
  std::optional<std::uint32_t> saw{};
};

/// A driver's side: Subscriber::control() makes it. The command in force is repeated 50 times a
/// second by the library. A cheap handle that may be copied, and stays valid when the connection is
/// lost: then the robot stops. Any thread.
class RTCPUB_EXPORT DriverControl {
 public:
  class Impl;
  /// For the library: subscribers make them.
  explicit DriverControl(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

  /// Asks for the lease, as soon as there is a connection; states() says what came of it. While
  /// another one drives that one is asked, and has 10 s to answer. A lease that was lost with the
  /// connection has to be asked for again.
  void request();
  /// Takes it from whoever drives; needs the right `admin`.
  void takeOver();
  /// Gives it back. Neutral first.
  void release();
  /// Whether the one who asks gets it.
  void answer(bool give);
  /// Drives; while the lease is another one's nothing happens. A lease begins with neutral
  /// commands, given by the library, until the robot has taken one; after that, and after each
  /// stop, it is the caller who has to give a neutral one before the robot moves. Errors:
  /// kInvalidArgument (too many axes, a name that can't be one, a value that is no number from -1
  /// to 1).
  Result<void> command(Axes axes, const CommandOptions& options = {});
  /// The emergency stop. Whoever may watch may stop; whoever drives.
  void emergencyStop(const std::string& why);
  /// Ends the emergency stop; needs the right `admin`.
  void clear();

  /// Where it stands now.
  [[nodiscard]] DriveState state() const;
  /// Every change from now on.
  [[nodiscard]] Subscription<DriveState> states();

 private:
  std::shared_ptr<Impl> impl_;
};

}  // namespace rtcpub
