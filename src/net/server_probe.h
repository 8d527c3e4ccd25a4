#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/address/key_fingerprint.h"
#include "core/address/server_url.h"
#include "core/doctor/findings.h"
#include "rtcpub/result.h"

namespace rtcpub::net {

/// A server's answer to one GET.
struct HttpAnswer {
  unsigned status = 0;
  std::optional<std::int64_t> date;  ///< its clock's, in seconds since 1970
  std::string body;                  ///< 64 KiB at most
};

/// How far one connection came, step by step; a step that failed is the last.
struct ServerFinding {
  Result<doctor::TcpFinding> tcp;
  /// Absent if it wasn't reached, or the server is asked without TLS. It goes on with a certificate
  /// that isn't trusted, and says so: what was sent by then is no secret.
  std::optional<Result<doctor::TlsFinding>> tls;
  std::optional<Result<HttpAnswer>> http;
};

struct ServerQuestion {
  ServerUrl server;
  std::vector<std::string> addresses;  ///< of its host, at least one
  std::string caFile;
  /// The server's, by which it is known whatever its certificate says.
  std::optional<KeyFingerprint> fingerprint{};
  std::string target;  ///< "/healthz"
  /// By which the server knows who asks (RFC 6750); empty: none. Not shown to one whose certificate
  /// isn't trusted, unless `insecure`.
  std::string token{};
  bool insecure = false;
  std::chrono::milliseconds limit{5000};
};

/// Whether this file of certificates can be used (empty: yes). Errors: kNotFound, kIo,
/// kInvalidArgument.
Result<void> checkCaFile(const std::string& caFile);

/// Connects, and asks. Any thread; it blocks for no longer than the limit.
ServerFinding probeServer(const ServerQuestion& question);

}  // namespace rtcpub::net
