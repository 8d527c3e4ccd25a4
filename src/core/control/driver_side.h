#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/control/command.h"
#include "core/control/lease_message.h"
#include "core/control/report.h"
#include "rtcpub/clock.h"
#include "rtcpub/control.h"

namespace rtcpub::control {

/// One who drives, or wants to: the command in force, which is given anew every 20 ms; what is to
/// be said to the server; what is known of lease and gate.
///
/// No neutral command that is made here counts as the driver's own. After the robot has stopped it
/// is given what its user wants, and waits until that is neutral. And when its user has hung, so
/// that neutral was given instead, it stays neutral until the user says so: the robot may have
/// stopped meanwhile. Only a lease begins with neutral commands by itself.
///
/// Pure: what its user wants, what happens and the time go in; commands, texts and the state come
/// out.
class DriverSide {
 public:
  /// New commands don't follow each other any faster, or the server would drop some.
  static constexpr std::chrono::milliseconds kLeastInterval{10};
  /// A robot without a gate doesn't say that it has taken one: so many begin a lease.
  static constexpr int kNeutralAtFirst = 3;
  /// How long a command lives before the robot has said.
  static constexpr std::chrono::milliseconds kUsualLife{150};

  // --- What its user wants

  void request(bool takeOver);
  void release(Time now);
  void answer(bool give);
  /// Axes such as checkAxes() takes. Means nothing while the lease is another one's.
  void command(Axes axes, const CommandOptions& options, Time given);
  void emergencyStop(const std::string& why, Time now);
  void clear();

  // --- What happens

  /// A server that has no leases, or has them.
  void onServer(bool hasLeases);
  /// There is a way to say something about leases.
  void onLeaseChannel(bool open);
  /// There is a way to give commands.
  void onCommandChannel(bool open);
  void onLeaseMessage(const LeaseMessageToClient& message, Time now);
  void onReport(const GateReport& report);
  /// The newest picture, as an RTP timestamp.
  void onPicture(std::uint32_t rtpTimestamp) { picture_ = rtpTimestamp; }

  // --- What follows

  /// The server's clock, as it is known here.
  struct Clock {
    std::int64_t offsetUs = 0;  ///< the server's minus this machine's
    std::int64_t boundUs = 0;   ///< by how much that may be wrong
  };
  /// The command to be given now, if one is due. Nothing, too, without a clock.
  [[nodiscard]] std::optional<Command> due(Time now, const std::optional<Clock>& clock);
  /// When to ask for one; nothing while there will be none.
  [[nodiscard]] std::optional<Time> deadline() const;
  /// What is to be said on `rtcpub.lease`, in order.
  [[nodiscard]] std::vector<std::string> takeTexts() { return std::exchange(texts_, {}); }
  [[nodiscard]] const DriveState& state() const { return state_; }

 private:
  struct InForce {
    Axes axes;
    Time until;
    std::optional<std::uint32_t> saw;
  };

  void say(const LeaseMessageToServer& message);
  void sayWhatIsWanted();
  void onDrive(const DriveNotice& notice, Time now);
  void endRequest();
  void standStill();
  void loseLease();
  [[nodiscard]] bool canCommand() const { return state_.mine && commandChannel_; }
  [[nodiscard]] bool atRestByItself() const;
  void lapseIfDue(Time now);

  DriveState state_;
  bool leaseChannel_ = false;
  bool commandChannel_ = false;
  bool leases_ = true;
  // What is wanted and wasn't answered yet; it is said again to another server.
  std::optional<LeaseRequest> request_;
  std::optional<EmergencyStop> emergency_;

  std::uint64_t lease_ = 0;
  std::uint64_t sequence_ = 0;
  bool begun_ = false;     ///< the robot has taken a neutral command in this lease
  bool released_ = false;  ///< the server is to take it back
  std::optional<InForce> inForce_;
  bool lapsed_ = false;  ///< what wasn't neutral has run out, and its user hasn't let go since
  std::optional<Time> sentAt_;
  bool changed_ = false;  ///< what is in force wasn't given yet
  std::optional<std::uint32_t> picture_;
  std::chrono::milliseconds life_ = kUsualLife;  ///< as the robot says
  std::vector<std::string> texts_;
};

}  // namespace rtcpub::control
