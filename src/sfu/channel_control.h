#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/control/emergency.h"
#include "core/control/forwarding.h"
#include "core/control/lease_message.h"
#include "core/hub/member_id.h"
#include "core/limits/rate_limit.h"
#include "sfu/router/media_totals.h"
#include "sfu/transport/data_message.h"
#include "sfu/wake_up.h"

namespace rtcpub::sfu {

class Channel;
class Member;
class Network;

/// On which viewers drive that know of no commands, by SpiderCar's `motion` messages.
inline constexpr std::string_view kMotionLabel = "stream";

/// Control in one channel, between its members' data channels and what decides: commands go to the
/// robot, its reports to those who watch, emergency stops to the robot at once, and what is asked
/// about the lease to the hub. Runs on: the network thread.
class ChannelControl final : private control::ForwardingOutput {
 public:
  /// Both outlive this.
  ChannelControl(Channel& channel, Network& network);

  // --- Who is there

  /// This one publishes from now on: another one, or the same by another transport.
  void onSeated(Member& publisher, Time now);
  /// Nobody does, for now.
  void onUnseated(Time now);
  /// It is here no more, or may not drive any more.
  void onGone(MemberId member, Time now);
  /// It has opened a data channel.
  void onOpened(Member& member, std::string_view label, Time now);
  /// It had its time to open those that it opens itself.
  void onHadTimeToOpen(const Member& member, Time now);

  // --- The hub's word

  void onStamp(const control::DriveStamp& stamp, Time now);
  /// It asked for the lease in vain; `implicitly`: by driving.
  void onRefused(Member& member, control::Refusal why, bool implicitly);

  // --- Messages

  /// On one of control's own labels.
  void onMessage(Member& from, const DataView& message, Time now);
  /// What a viewer says on kMotionLabel. Whether it has been seen to here.
  [[nodiscard]] bool takes(Member& from, const DataView& message, Time now);

  [[nodiscard]] ControlTotals totals() const;

 private:
  struct Limits {
    /// Twenty a second, and forty at once.
    RateLimit messages{40, std::chrono::seconds(2)};
    RateLimit stops{40, std::chrono::seconds(2)};
  };

  // control::ForwardingOutput
  void sendCommand(const control::Command& command) override;
  void sendMotion(const std::string& text, bool stops) override;
  void passOn(std::uint64_t member, const control::StreamMessage& message, bool stops) override;
  void retract() override;
  void sendReport(const control::GateReport& report) override;
  void refuse(std::uint64_t member, control::Refusal why) override;
  void askFor(std::uint64_t member) override;
  void onSilent(std::uint64_t lease) override;
  [[nodiscard]] std::optional<std::int64_t> captured(std::uint64_t member,
                                                     std::uint32_t rtp) const override;

  void onControlMessage(Member& from, const DataView& message, Time now);
  void onLeaseMessage(Member& from, std::string_view text, Time now);
  void press(const Member& from, const std::string& why, Time now);
  void clear(Member& from, Time now);
  void order(const control::Emergency::Orders& orders, Time now);
  /// What follows of what has just happened: who is told, and when to look again.
  void settle(Time now);
  void settleEmergency(Time now);
  [[nodiscard]] control::DriveNotice notice() const;
  void tell(Member& member, control::DriveNotice notice) const;
  void onDue();

  Channel& channel_;
  control::Forwarding forwarding_;
  control::Emergency emergency_;
  std::optional<MemberId> robot_;  ///< the last one that published
  std::map<MemberId, Limits> limits_;
  control::DriveNotice told_;
  bool latched_ = false;
  bool retracted_ = false;  ///< something, for which others may have held back
  std::uint64_t leaseChanges_ = 0;
  std::uint64_t emergencyStops_ = 0;
  WakeUp wakeUp_;
};

}  // namespace rtcpub::sfu
