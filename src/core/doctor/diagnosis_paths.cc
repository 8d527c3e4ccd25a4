#include <algorithm>

#include "core/address/host_port.h"
#include "core/doctor/diagnosis.h"
#include "core/doctor/diagnosis_text.h"
#include "core/ice/ice_error.h"
#include "core/text/text.h"

/// What is judged of the ways of media: UDP, NAT, relays, and what they carry.
namespace rtcpub::doctor {
namespace {

std::string format(const stun::Endpoint& endpoint) {
  return formatHostPort(endpoint.address, endpoint.port);
}

const StunFinding* firstAnswer(const std::vector<StunFinding>& findings) {
  const auto found =
      std::ranges::find_if(findings, [](const auto& each) { return each.rttMs.has_value(); });
  return found == findings.end() ? nullptr : &*found;
}

/// Those that were translated on their way, of the first one's family: only these can be compared.
std::vector<StunFinding> translated(const std::vector<StunFinding>& findings) {
  std::vector<StunFinding> found;
  for (const auto& each : findings) {
    if (!each.mapped || *each.mapped == each.local) continue;
    const bool six = each.local.address.find(':') != std::string::npos;
    const bool firstIsSix =
        !found.empty() && found.front().local.address.find(':') != std::string::npos;
    if (found.empty() || six == firstIsSix) found.push_back(each);
  }
  return found;
}

constexpr double kPoorKbps = 1000;
/// The engine's estimate ends there.
constexpr double kMostKbps = 50'000;
constexpr double kLongRttMs = 150;
/// Of the longest packets that media is sent in, with IP and UDP headers.
constexpr std::size_t kMediaPacket = 1280;

}  // namespace

Check judgeUdp(const std::vector<StunFinding>& findings, bool mediaConnects, bool answersStun) {
  Check check{.name = "udp"};
  if (findings.empty()) {
    return notChecked("udp", "The server's media address is not known, since signalling failed.");
  }
  if (const auto* const answer = firstAnswer(findings)) {
    check.result = CheckResult::kOk;
    check.found = format(answer->server) + " answers";
    check.figures["rtt_ms"] = *answer->rttMs;
    return check;
  }
  check.found = "no answer from " + format(findings.front().server);
  check.advice = "A firewall may block UDP port " + std::to_string(findings.front().server.port) +
                 ": open it towards the server and at the server, see its publicIps if that "
                 "address is none of yours, or use a TURN server (iceServers "
                 "turn:…?transport=tcp).";
  if (!mediaConnects) {
    check.result = CheckResult::kFailed;
  } else if (answersStun) {
    check.result = CheckResult::kWarning;
    check.advice = "Media takes another way, with more delay. " + check.advice;
  } else {
    check.advice =
        "Media connects all the same: either this server answers no plain STUN, or media "
        "takes another way.";
  }
  return check;
}

Check judgeNat(const std::vector<StunFinding>& findings) {
  Check check{.name = "nat"};
  if (std::ranges::none_of(findings, [](const auto& each) { return each.mapped.has_value(); })) {
    return notChecked("nat", "No STUN server answered: name one (iceServers stun:HOST).");
  }
  const auto mapped = translated(findings);
  check.result = CheckResult::kOk;
  if (mapped.empty()) {
    check.found = "none: this machine is reached at its own address";
    return check;
  }
  const auto& outside = *mapped.front().mapped;
  if (mapped.size() == 1) {
    check.result = CheckResult::kUnknown;
    check.found = "there is one, of unknown kind; from outside this is " + outside.address;
    check.advice =
        "To tell its kind two servers must answer: name a STUN server, as iceServers "
        "stun:HOST.";
    return check;
  }
  const bool same =
      std::ranges::all_of(mapped, [&](const auto& each) { return each.mapped == outside; });
  check.found = same
                    ? "endpoint-independent mapping (cone); from outside this is " + format(outside)
                    : "mapping that depends on the endpoint (symmetric)";
  if (!same) {
    check.advice =
        "Nothing needs to be done with a server on a public address; to one behind a NAT "
        "only a TURN server leads.";
  }
  return check;
}

Check judgeStun(const IceServer& server, const std::vector<StunFinding>& findings) {
  Check check{.name = "stun " + server.url};
  if (const auto* const answer = firstAnswer(findings)) {
    check.result = CheckResult::kOk;
    check.found = "answers after " + milliseconds(*answer->rttMs);
    check.figures["rtt_ms"] = *answer->rttMs;
    return check;
  }
  check.result = CheckResult::kWarning;
  check.found = findings.empty() ? "its name is not found" : "no answer";
  check.advice =
      "Check its address, and that UDP to it is not blocked; publishing doesn't wait for "
      "it.";
  return check;
}

Check judgeRelay(const IceServer& server, bool own, const RelayFinding& finding) {
  Check check{.name = (own ? "own-turn " : "turn ") + server.url};
  check.figures["allocation_ms"] = finding.ms;
  if (finding.allocated) {
    check.result = CheckResult::kOk;
    check.found = "relays from " + finding.address + ", after " + milliseconds(finding.ms);
    return check;
  }
  check.figures.clear();
  check.result = own ? CheckResult::kWarning : CheckResult::kFailed;
  check.found = finding.problem.empty() ? "no answer" : "refused: " + finding.problem;
  if (!finding.certificate.empty()) {
    check.found = "not trusted: " + finding.certificate;
    check.advice =
        "Call it by a name that its certificate has; if nobody known vouches for it, pass the "
        "issuer's certificate (caFile).";
  } else if (finding.problem.empty()) {
    check.advice = "Check its address, port and transport, and that no firewall is in between";
    check.advice += server.url.starts_with("turns:") ? "; its certificate must be trusted." : ".";
  } else {
    const auto code = text::parseInteger(text::splitAt(finding.problem, ' ').before, 300, 799);
    check.advice = sentence(std::string(adviceForIceError(code.value_or(0))));
  }
  return check;
}

Check judgeMtu(std::optional<std::size_t> bytes) {
  Check check{.name = "mtu"};
  if (!bytes) {
    return notChecked("mtu", "The server's media port answers no STUN, which measures it.");
  }
  check.figures["mtu_bytes"] = static_cast<double>(*bytes);
  check.found = "IP packets of " + std::to_string(*bytes) + " bytes reach the server whole";
  check.result = *bytes >= kMediaPacket ? CheckResult::kOk : CheckResult::kWarning;
  if (*bytes < kMediaPacket) {
    check.advice = "Video is sent in packets of up to " + std::to_string(kMediaPacket) +
                   " bytes, which get lost or are sent in pieces: raise the MTU of the VPN or "
                   "modem in between.";
  }
  return check;
}

Check judgeMedia(const Result<MediaFinding>& finding) {
  Check check{.name = "media"};
  if (finding && finding->connected) {
    check.result = CheckResult::kOk;
    check.found = "a test picture was sent, connected after " + milliseconds(finding->connectMs);
    check.figures["connect_ms"] = finding->connectMs;
    return check;
  }
  check.result = CheckResult::kFailed;
  check.found = finding ? "not connected: " + finding->reason : finding.error().message;
  check.advice =
      "See the failures of the other checks; if there is none, UDP is blocked on the way: "
      "use a TURN server (iceServers turn:…?transport=tcp).";
  return check;
}

Check judgeBandwidth(const MediaFinding& finding) {
  Check check{.name = "bandwidth"};
  if (!finding.estimateKbps) return notChecked("bandwidth", "Media has to connect for it.");
  check.result = CheckResult::kOk;
  check.found = (*finding.estimateKbps < kMostKbps ? "about " : "at least ") +
                bitrate(*finding.estimateKbps) + ", as estimated while sending " +
                bitrate(finding.sentKbps);
  check.figures = {{"estimate_kbps", *finding.estimateKbps},
                   {"sent_kbps", finding.sentKbps},
                   {"loss", finding.loss}};
  if (finding.feedbackMissing) {
    check.result = CheckResult::kWarning;
    check.found += "; the server doesn't tell what arrives, though it agreed to (transport-cc)";
    check.advice =
        "A path that becomes narrow is noticed by losses alone, and late: let the server send "
        "that feedback, or leave transport-cc out of its answers.";
  } else if (finding.loss > 0.02) {
    check.result = CheckResult::kWarning;
    check.found += "; " + std::to_string(std::lround(finding.loss * 100)) + " % lost";
    check.advice = "Packets get lost: look at the radio's signal, or at cables and switches.";
  } else if (*finding.estimateKbps < kPoorKbps) {
    check.result = CheckResult::kWarning;
    check.advice = "Publish small pictures at a low bitrate: 640x360 at 500 kbit/s, say.";
  }
  return check;
}

Check judgeRoundTrip(const MediaFinding& finding) {
  Check check{.name = "rtt"};
  if (!finding.rttMs) return notChecked("rtt", "Media has to connect for it.");
  check.result = *finding.rttMs <= kLongRttMs ? CheckResult::kOk : CheckResult::kWarning;
  check.found = milliseconds(*finding.rttMs) + " to the server and back";
  check.figures["rtt_ms"] = *finding.rttMs;
  if (check.result == CheckResult::kWarning) {
    check.advice =
        "Driving by such a delay is hard: run the server nearer, or look for a queue that "
        "other traffic fills.";
  }
  return check;
}

Check judgeCameras(const Devices& devices) {
  Check check{.name = "cameras"};
  std::vector<std::string> names;
  for (const auto& camera : devices.cameras) names.push_back(camera.uri);
  check.figures["cameras"] = static_cast<double>(names.size());
  check.result = names.empty() ? CheckResult::kWarning : CheckResult::kOk;
  check.found = names.empty() ? "none" : joined(names);
  if (names.empty()) {
    check.advice = devices.hints.empty() ? "Plug one in, or publish test: or rtsp://…."
                                         : devices.hints.front();
  }
  return check;
}

Check judgeEncoders(const Devices& devices) {
  Check check{.name = "encoders"};
  const auto chosen =
      std::ranges::find_if(devices.encoders, [](auto& each) { return each.chosen; });
  if (chosen == devices.encoders.end()) {
    check.result = CheckResult::kWarning;
    check.found = "none of GStreamer's; the built-in one is used";
    check.advice = "It costs more of the processor: rtcpub devices says what to install.";
    return check;
  }
  check.result = CheckResult::kOk;
  check.found = chosen->name + (chosen->hardware ? " (hardware)" : " (software)");
  return check;
}

}  // namespace rtcpub::doctor
