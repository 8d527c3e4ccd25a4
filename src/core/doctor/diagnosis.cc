#include "core/doctor/diagnosis.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/address/host_port.h"
#include "core/doctor/diagnosis_text.h"

namespace rtcpub::doctor {
namespace {

constexpr std::int64_t kDay = 86'400;

/// Long before this was written: a machine that says so hasn't got a clock.
constexpr std::int64_t kEarliest = 1'704'067'200;  // 2024-01-01

std::string portOf(const ServerUrl& server) { return "TCP port " + std::to_string(server.port); }

std::string validity(const TlsFinding& tls, std::int64_t now) {
  if (now > tls.notAfter) return "expired " + inDays((now - tls.notAfter) / kDay) + " ago";
  return "valid for " + inDays((tls.notAfter - now) / kDay) + " more";
}

}  // namespace

Check notChecked(std::string name, std::string why) {
  return {.name = std::move(name), .found = "not checked", .advice = std::move(why)};
}

Check judgeName(const ServerUrl& server, const Result<NameFinding>& finding) {
  Check check{.name = "dns"};
  if (!finding) {
    check.result = CheckResult::kFailed;
    check.found = finding.error().message;
    check.advice =
        "Check the name and this machine's DNS server (resolvectl status), or give the "
        "server's address instead of its name.";
    return check;
  }
  check.result = CheckResult::kOk;
  check.found = server.host + " is " + joined(finding->addresses);
  check.figures["lookup_ms"] = finding->ms;
  if (finding->ms > 1000) {
    check.result = CheckResult::kWarning;
    check.found += ", after " + milliseconds(finding->ms);
    check.advice =
        "Names take long here: every reconnection waits for it. Is the first DNS server "
        "in /etc/resolv.conf alive?";
  }
  return check;
}

Check judgeTcp(const ServerUrl& server, const Result<TcpFinding>& finding) {
  Check check{.name = "tcp"};
  if (!finding) {
    check.result = CheckResult::kFailed;
    check.found = finding.error().message;
    check.advice =
        "Check that the server runs (rtcpub serve), that the address is right, and that "
        "firewalls and port forwarding let " +
        portOf(server) + " through.";
    return check;
  }
  check.result = finding->silent.empty() ? CheckResult::kOk : CheckResult::kWarning;
  check.found = formatHostPort(finding->address, server.port) + " answers";
  check.figures["connect_ms"] = finding->ms;
  if (!finding->silent.empty()) {
    check.found += ", but not " + joined(finding->silent);
    check.advice =
        "Each connection tries the silent address first: let it answer, or take it out "
        "of the DNS.";
  }
  return check;
}

Check judgeTls(const Result<TlsFinding>& finding, bool insecure, std::int64_t now) {
  Check check{.name = "tls"};
  if (!finding) {
    check.result = CheckResult::kFailed;
    check.found = finding.error().message;
    check.advice =
        "Is it an rtcpub server, on the port of its signalling? A proxy in between must "
        "pass TLS through, or speak TLS 1.2 or later itself.";
    return check;
  }
  check.found = finding->version + ", " + finding->subject + ", certified by " + finding->issuer +
                ", " + validity(*finding, now);
  const auto left = (finding->notAfter - now) / kDay;
  check.figures["days_left"] = static_cast<double>(left);
  check.result = CheckResult::kOk;
  if (!finding->problem.empty()) {
    const bool anybody = insecure && !finding->pinned;
    check.result = anybody ? CheckResult::kWarning : CheckResult::kFailed;
    check.found += "; not trusted";
    check.advice = anybody ? "insecure = true accepts anyone in between, who can watch and drive; "
                             "name the file of "
                             "the server's certificate, or of its issuer's (caFile)."
                           : sentence(finding->problem);
  } else if (finding->pinned) {
    check.found += "; known by its fingerprint";
  } else if (left < 14) {
    check.result = CheckResult::kWarning;
    check.advice = "Renew the server's certificate.";
  }
  return check;
}

Check judgeClock(std::int64_t now, std::optional<std::int64_t> serverTime) {
  const std::string advice =
      "Set it (timedatectl set-ntp true): certificates are refused by a "
      "clock that is far off, and logs don't fit.";
  Check check{.name = "clock"};
  if (now < kEarliest) {
    check.result = CheckResult::kFailed;
    check.found = "this machine's clock is years behind";
    check.advice = advice;
    return check;
  }
  if (!serverTime) {
    check.found = "not compared";
    check.advice = "The server doesn't tell the time (HTTP's Date).";
    return check;
  }
  // Both are whole seconds, and the answer was on its way: a second or two mean nothing.
  const auto off = now - *serverTime;
  const auto by = std::abs(off);
  check.figures["offset_s"] = static_cast<double>(off);
  check.result = CheckResult::kOk;
  check.found = "as the server's";
  if (by > 2) {
    const auto amount = by >= 2 * kDay ? inDays(by / kDay) : std::to_string(by) + " s";
    check.found = amount + (off > 0 ? " ahead of the server's" : " behind the server's");
  }
  if (by > 5) {
    check.result = by > kDay ? CheckResult::kFailed : CheckResult::kWarning;
    check.advice = "One of the two is wrong. " + advice;
  }
  return check;
}

Check judgeSignalling(const Result<std::vector<stun::Endpoint>>& media) {
  Check check{.name = "websocket"};
  if (!media) {
    check.result = CheckResult::kFailed;
    check.found = media.error().message;
    check.advice =
        "Is it an rtcpub or another Spider server? A proxy in between must pass "
        "WebSockets (Upgrade) to /live/ws/.";
    return check;
  }
  check.result = CheckResult::kOk;
  check.found = "the server answers an offer";
  if (media->empty()) {
    check.result = CheckResult::kWarning;
    check.advice = "Its answer names no UDP address: see the server's publicIps.";
  } else {
    std::vector<std::string> addresses;
    for (const auto& each : *media) addresses.push_back(formatHostPort(each.address, each.port));
    check.found += ", media on UDP " + joined(addresses);
  }
  return check;
}

std::vector<std::string> obstaclesIn(const std::vector<Check>& checks) {
  static constexpr std::array<std::string_view, 6> kNeeded{"dns",   "tcp",       "tls",
                                                           "token", "websocket", "media"};
  std::vector<std::string> found;
  for (const auto& check : checks) {
    if (check.result == CheckResult::kFailed && std::ranges::count(kNeeded, check.name) > 0) {
      found.push_back(check.name);
    }
  }
  return found;
}

}  // namespace rtcpub::doctor
