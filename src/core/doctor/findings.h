#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/stun/stun_binding.h"

/// What the doctor's probes bring home; diagnosis.h judges it. Times are milliseconds unless said.
namespace rtcpub::doctor {

struct NameFinding {
  std::vector<std::string> addresses;
  double ms = 0;
};

struct TcpFinding {
  std::string address;              ///< the first that answered
  std::vector<std::string> silent;  ///< those before it, which did not
  double ms = 0;
};

struct TlsFinding {
  std::string version;         ///< "TLSv1.3"
  std::string subject;         ///< who the certificate says it is, for people
  std::string issuer;          ///< who says so
  std::int64_t notBefore = 0;  ///< seconds since 1970
  std::int64_t notAfter = 0;
  std::string problem;  ///< why it isn't trusted, and what to do about it; empty: it is trusted
  bool pinned = false;  ///< it was asked for its key alone
};

struct StunFinding {
  stun::Endpoint server;
  stun::Endpoint local;                  ///< of the socket that asked
  std::optional<double> rttMs;           ///< nullopt: no answer
  std::optional<stun::Endpoint> mapped;  ///< where the answer says that we are
};

struct RelayFinding {
  bool allocated = false;
  std::string address;      ///< the relayed one
  std::string problem;      ///< "401 Unauthorized"; empty: no answer
  std::string certificate;  ///< what is wrong with it, where that is why; a part of a sentence
  double ms = 0;
};

struct MediaFinding {
  bool connected = false;
  double connectMs = 0;
  std::string reason;  ///< of the last state, in words for people
  std::optional<double> rttMs;
  std::optional<double> estimateKbps;
  bool feedbackMissing = false;  ///< the server doesn't tell what arrives, though it agreed to
  double sentKbps = 0;
  double loss = 0;  ///< fraction
};

}  // namespace rtcpub::doctor
