#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "rtcpub/connection.h"
#include "rtcpub/export.h"
#include "rtcpub/result.h"

namespace rtcpub {

/// What came out of one check.
enum class CheckResult {
  kOk,
  kWarning,  ///< publishing may work, but not as well as it could
  kFailed,
  kUnknown,  ///< could not be checked: the advice says what is missing for it
};

/// "ok", "warning", "failed", "unknown"
RTCPUB_EXPORT const char* name(CheckResult result);

/// One thing that was looked at.
struct Check {
  std::string name;  ///< "dns", "tls", "turn turn:relay.example:3478", …
  CheckResult result = CheckResult::kUnknown;  ///< what came out
  std::string found;                           ///< in words for people
  std::string advice;  ///< what to do about it, in a sentence or two; empty when it is well
  /// What was measured, by names that end with their unit: "rtt_ms", "estimate_kbps", "mtu_bytes".
  std::map<std::string, double> figures;

  friend bool operator==(const Check&, const Check&) = default;
};

/// All that was looked at.
struct Diagnosis {
  std::vector<Check> checks;  ///< in the order in which they were made
  /// The names of the checks for which publishing can't work; empty: it can.
  std::vector<std::string> obstacles;

  friend bool operator==(const Diagnosis&, const Diagnosis&) = default;
};

/// What to look at: the server, and all by which a publisher would reach it.
struct DoctorOptions : ConnectionOptions {
  /// For how long to send a test picture, which the bandwidth is measured with; 1 to 60 s. It goes
  /// to `channel`, whose publisher it replaces; without one to a channel of its own.
  std::chrono::milliseconds measure{5000};
};

/// Looks at the way to a server, step by step: name, TCP, TLS, WebSocket, UDP and its NAT, each
/// TURN server, the size of packets, bandwidth, clock; and at this machine's cameras and encoders.
/// A check that fails doesn't keep the others from being made, and each has a time limit: some ten
/// seconds in all, or half a minute when nothing answers. `progress` is told of each check when it
/// is done, on the thread that calls; `stop` ends it early, with what is known by then. Blocks.
/// Errors: kInvalidArgument, kNotFound, kIo (the options; nothing was checked).
RTCPUB_EXPORT Result<Diagnosis> diagnose(const DoctorOptions& options,
                                         const std::function<void(const Check&)>& progress = {},
                                         const std::stop_token& stop = {});

/// One line of JSON, without the line's end: an object with "can_publish", "obstacles" and
/// "checks", whose members are named as here; an empty "advice" and "figures" are left out.
RTCPUB_EXPORT std::string toJson(const Diagnosis& diagnosis);

}  // namespace rtcpub
