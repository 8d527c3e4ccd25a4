#pragma once

#include <string>
#include <vector>

namespace rtcpub {

/// How a client reaches its server.
struct ConnectionOptions {
  /// `wss://HOST[:PORT]` (port 8267 if none), or `ws://` on a loopback address.
  std::string server;
  /// 1 to 64 characters of `A-Z a-z 0-9 _ -`.
  std::string channel;
  /// `stun:host[:port]`, `turn:user:password@host[:port][?transport=udp|tcp]`, `turns:…`. None is
  /// used unless named.
  std::vector<std::string> iceServers;
  /// A PEM file of certificates to trust besides the system's.
  std::string caFile;
  /// Accepts any certificate: for tests, since anyone in between can then listen and drive.
  bool insecure = false;
  /// Tunes for a path that is known to be a LAN: whole frames leave at once.
  bool lan = false;
};

}  // namespace rtcpub
