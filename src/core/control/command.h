#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rtcpub/control.h"
#include "rtcpub/result.h"

/// Control that can't run away (docs/control.md): what is pure of it.
namespace rtcpub::control {

/// The longest text of a command, or of a gate's report, in bytes: what is longer isn't read.
inline constexpr std::size_t kMaxTextBytes = 4096;

/// The bounds of ControlOptions::life, which a command's life has, too.
inline constexpr std::chrono::milliseconds kLeastLife{20};
inline constexpr std::chrono::milliseconds kMostLife{1000};

/// How often the command in force is given anew.
inline constexpr std::chrono::milliseconds kRepeatInterval{20};

/// One copy of what a driver wants, on `rtcpub.control`.
struct Command {
  std::uint64_t lease = 0;     ///< by which it is given; from 1 on
  std::uint64_t sequence = 0;  ///< in this lease; from 1 on
  std::int64_t givenUs = 0;    ///< when, by the server's clock
  std::int64_t boundUs = 0;    ///< by how much that may be wrong
  std::chrono::milliseconds life{150};
  Axes axes;  ///< none at 0
  /// The picture that its driver saw, as an RTP timestamp of the driver's video. From a driver.
  std::optional<std::uint32_t> sawRtp;
  /// When that picture was taken, by the publisher's NTP clock, in microseconds since 1900. To a
  /// publisher.
  std::optional<std::int64_t> sawNtpUs;
  /// The server made it of an old program's message, which says nothing of pictures.
  bool old = false;

  friend bool operator==(const Command&, const Command&) = default;
};

/// Errors: kInvalidArgument, for people: which axis, and what it may be.
Result<void> checkAxes(const Axes& axes);

/// `{"command":{…}}`. Errors: kProtocol, for all that isn't one, with numbers out of their range or
/// axes that checkAxes() refuses.
Result<Command> parseCommand(std::string_view text);
/// Its axes are such as checkAxes() takes.
std::string format(const Command& command);

}  // namespace rtcpub::control
