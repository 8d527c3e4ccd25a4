#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "rtcpub/control.h"
#include "rtcpub/result.h"

/// What is said on `rtcpub.lease` (docs/protocol.md): who drives, and the emergency stop. A robot
/// is told of its emergency stop on `rtcpub.control`, too.
namespace rtcpub::control {

/// How long the reason of an emergency stop may be, in bytes: of a longer one the beginning counts.
inline constexpr std::size_t kMaxWhyBytes = 200;
/// The same for a member's name.
inline constexpr std::size_t kMaxNameBytes = 200;
/// The greatest number of a lease, a member or an emergency stop: browsers count no further.
inline constexpr std::uint64_t kMaxNumber = (std::uint64_t{1} << 53U) - 1;

// --- To the server

/// It wants to drive. `{"request":{}}`, `{"request":{"take_over":true}}`
struct LeaseRequest {
  bool takeOver = false;  ///< whoever drives isn't asked
  friend bool operator==(const LeaseRequest&, const LeaseRequest&) = default;
};
/// It drives no more, or asks no more. `{"release":{}}`
struct LeaseRelease {
  friend bool operator==(const LeaseRelease&, const LeaseRelease&) = default;
};
/// Whether the member that asks it gets the lease. `{"reply":{"to":6,"give":true}}`
struct LeaseReply {
  std::uint64_t to = 0;
  bool give = false;
  friend bool operator==(const LeaseReply&, const LeaseReply&) = default;
};
/// The emergency stop. `{"estop":{"why":"a dog"}}`
struct EmergencyStop {
  std::string why{};
  friend bool operator==(const EmergencyStop&, const EmergencyStop&) = default;
};
/// Its end. `{"clear":{}}`
struct EmergencyClear {
  friend bool operator==(const EmergencyClear&, const EmergencyClear&) = default;
};
using LeaseMessageToServer =
    std::variant<LeaseRequest, LeaseRelease, LeaseReply, EmergencyStop, EmergencyClear>;

/// Who may stop may stop in any form: of `estop` alone nothing is wrong. Errors, for all else:
/// kProtocol; kUnsupported when it says what isn't known here (ignore it, it may be of a newer
/// version).
Result<LeaseMessageToServer> parseLeaseMessageToServer(std::string_view text);

// --- To a client

/// Who drives, and what there is to know about it. `{"drive":{…}}`
struct DriveNotice {
  struct Emergency {
    std::string by;          ///< a member's name
    std::string why;         ///< for people
    bool confirmed = false;  ///< the robot says that it stands
    friend bool operator==(const Emergency&, const Emergency&) = default;
  };
  std::uint64_t lease = 0;  ///< in force; 0: nobody drives
  std::optional<Driver> driver{};
  bool mine = false;               ///< it is the one that is told
  std::optional<Driver> asking{};  ///< who wants the lease
  bool gated = false;              ///< the robot has a gate
  std::optional<Emergency> emergency{};
  friend bool operator==(const DriveNotice&, const DriveNotice&) = default;
};
/// It asked in vain. `{"refused":{"code":"declined","message":"…"}}`
struct LeaseRefused {
  std::string code;     ///< for programs: docs/protocol.md
  std::string message;  ///< for people
  friend bool operator==(const LeaseRefused&, const LeaseRefused&) = default;
};
/// A robot has to stop, and stay so. `{"estop":{"number":2,"by":"Kim","why":"a dog"}}`
struct StopOrder {
  std::uint64_t number = 0;  ///< from 1 on, greater than any that it has taken
  std::string by;            ///< a member's name
  std::string why;           ///< for people
  friend bool operator==(const StopOrder&, const StopOrder&) = default;
};
/// This stop, or one before it, ends. `{"clear":{"number":2}}`
struct ClearOrder {
  std::uint64_t number = 0;
  friend bool operator==(const ClearOrder&, const ClearOrder&) = default;
};
using LeaseMessageToClient = std::variant<DriveNotice, LeaseRefused, StopOrder, ClearOrder>;

/// Errors: as above, but a stop needs its number.
Result<LeaseMessageToClient> parseLeaseMessageToClient(std::string_view text);

// --- The texts

/// The inverse: valid UTF-8 whatever is in the message.
std::string format(const LeaseMessageToServer& message);
/// Likewise.
std::string format(const LeaseMessageToClient& message);

/// As much of it as may be said: one line, and no more than so many bytes of UTF-8.
std::string forPeople(std::string_view text, std::size_t mostBytes);

}  // namespace rtcpub::control
