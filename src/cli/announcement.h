#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace rtcpub::cli {

/// What is told of a server at its start.
struct Announced {
  std::uint16_t port = 0;
  std::uint16_t mediaPort = 0;
  std::string certificateFile;
  std::string certificateFingerprint;  ///< "AB:CD:…"
  std::string fingerprint;             ///< "sha256:…"
  bool selfSigned = false;
  std::string localUrl;                 ///< for a program on this machine: "ws://127.0.0.1:8267"
  std::string consoleUrl;               ///< for a browser on this machine: "http://127.0.0.1:8267"
  std::vector<std::string> publicUrls;  ///< for browsers elsewhere: "https://192.0.2.1:8267"
  /// The console's path and query: "/", or "/?channel=demo" for a channel that is published
  /// already.
  std::string page = "/";
};

/// Ports and certificate, in lines with their ends.
std::string describeListening(const Announced& server);

/// Where browsers find it, on this machine ("console URL", or "open URL" where there is something
/// to see already) and on others, and what a robot types.
std::string describeAccess(const Announced& server);

/// What a robot types to publish: one line, without its end.
std::string publishCommand(const Announced& server);

}  // namespace rtcpub::cli
