#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace rtcpub::cli {

/// What a token is for, and the links that have it.
struct AnnouncedLink {
  std::string what;  ///< "to watch and drive for 24h"
  std::string token;
};

/// What there is to open, as the subcommand knows it.
struct Announcement {
  std::string channel{};               ///< that is published already; empty: none is
  std::vector<AnnouncedLink> links{};  ///< the most useful first
  AnnouncedLink publish{};             ///< with a token to publish; empty: none
};

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
  bool asksForTokens = false;
  std::string dataDir;  ///< as it was given; empty: it wasn't
  Announcement more;
};

/// The ports, the certificate and its fingerprints, each on lines of its own.
std::string describeListening(const Announced& server);

/// What to open here and from elsewhere, and how to publish.
std::string describeAccess(const Announced& server);

/// What a phone on the network opens; empty if there is no such address.
std::string bestLink(const Announced& server);

/// The whole command that publishes to this server from a robot, or from this machine when no other
/// reaches it.
std::string publishCommand(const Announced& server);

}  // namespace rtcpub::cli
