#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace rtcpub {

/// How a client reaches its server.
struct ConnectionOptions {
  /// `wss://HOST[:PORT]` (port 8267 if none), or `ws://` on a loopback address.
  std::string server;
  /// 1 to 64 characters of `A-Z a-z 0-9 _ -`.
  std::string channel;
  /// What lets this client in, where the server asks for it: a token with the right to publish, or
  /// to view or drive, as TokenIssuer (token.h) or a service of your own makes it, a JWT (RFC
  /// 7519). A secret: it is sent to the server alone, as a header, by TLS or on this machine only;
  /// it is never logged and stands in no error. readSecretFile() (secret_file.h) takes it from a
  /// file.
  std::string token;
  /// `stun:host[:port]`, `turn:user:password@host[:port][?transport=udp|tcp]`, `turns:…`. None is
  /// used unless named.
  std::vector<std::string> iceServers;
  /// A PEM file of certificates to trust besides the system's.
  std::string caFile;
  /// The server's fingerprint, as it prints it at its start and Server::fingerprint() gives it:
  /// `sha256:` and the 64 hexadecimal digits of its public key's SHA-256 (SubjectPublicKeyInfo, RFC
  /// 7469 section 2.4). With one the server is whoever has that key, wherever it is and whatever
  /// its certificate says: issuer, names and days don't count, and neither does `insecure`. It
  /// outlives the certificate, as long as the key is kept. Needs `wss://`; `turns:` servers are
  /// others, for which `caFile` goes on counting.
  std::string fingerprint;
  /// Accepts any certificate: for tests, since anyone in between can then listen, drive, and read
  /// the token.
  bool insecure = false;
  /// Tunes for a path that is known to be a LAN: whole frames leave at once.
  bool lan = false;
  /// Only ways through a TURN server are used, for who must not show its own address, or to try
  /// one out.
  bool relayOnly = false;
  /// Whether our candidates follow the offer as they are found. Without it they stand in the offer,
  /// which then waits for them, though never for a server that doesn't answer. A server that turns
  /// out not to take what follows gets complete offers from then on anyway.
  bool trickle = true;
  /// How long a connection that was lost, or never came about, is tried to be made again before
  /// run() gives up. Without one: for ever, unless the reason is final.
  std::optional<std::chrono::milliseconds> maxRetryTime;
  /// Whether run() gives up at the first failure as long as media have never flowed. Without it a
  /// server that isn't there yet is waited for.
  bool failFast = false;
};

}  // namespace rtcpub
