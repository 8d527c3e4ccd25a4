#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/control/lease.h"
#include "core/control/lease_message.h"
#include "core/hub/member_id.h"
#include "rtcpub/clock.h"
#include "rtcpub/rights.h"

namespace rtcpub {

/// Who drives in which channel: the leases of all channels, and whether their robots are stopped.
/// What happens comes in; changes() says what is new since it was asked last. Pure.
class Drives {
 public:
  struct State {
    control::Lease::State lease;
    bool emergency = false;
    friend bool operator==(const State&, const State&) = default;
  };
  struct Refusal {
    MemberId to = 0;
    control::Refusal why{};
    bool implicitly = false;  ///< it asked by driving, as old programs do
  };
  struct Changes {
    std::vector<std::pair<std::string, State>> channels;  ///< before, by channel
    std::vector<Refusal> refusals;
  };

  // --- What happens

  /// Another member publishes, or nobody does.
  void onPublisher(const std::string& channel, bool present);
  /// It left, or nothing comes from it any more.
  void onGone(const std::string& channel, MemberId member);
  void onRights(const std::string& channel, MemberId member, Rights rights);
  /// Nobody is in it any more.
  void forget(const std::string& channel);
  /// What a member says about the lease.
  void onMessage(const std::string& channel, MemberId member, Rights rights,
                 const control::LeaseMessageToServer& message, Time now);
  /// It drives as old programs do.
  void onDrives(const std::string& channel, MemberId member, Rights rights);
  /// Whoever drives by this lease is silent.
  void onSilent(const std::string& channel, std::uint64_t lease);
  void onEmergency(const std::string& channel, bool inForce);

  /// When onTime() is due.
  [[nodiscard]] std::optional<Time> deadline() const;
  void onTime(Time now);

  // --- What follows

  [[nodiscard]] Changes changes();
  [[nodiscard]] State stateOf(std::string_view channel) const;
  /// Whether anybody has driven there, or stopped it: there may be something to tell a newcomer.
  [[nodiscard]] bool hasBegun(std::string_view channel) const;

 private:
  struct Drive {
    control::Lease lease;
    bool emergency = false;
    bool begun = false;
    std::optional<Time> answerBy{};  ///< in due_

    [[nodiscard]] State state() const { return {lease.state(), emergency}; }
  };

  Drive& touch(const std::string& channel);
  void refuse(const control::Lease::Refusals& refusals, bool implicitly = false);
  void schedule(const std::string& channel, Drive& drive);

  std::map<std::string, Drive, std::less<>> drives_;
  std::map<std::string, State> before_;  ///< of those that something has happened to
  std::vector<Refusal> refusals_;
  std::set<std::pair<Time, std::string>> due_;
  std::uint64_t lastLease_ = 0;  ///< of channels that are no more
};

}  // namespace rtcpub
