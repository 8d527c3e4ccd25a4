#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "rtcpub/export.h"
#include "rtcpub/result.h"

namespace rtcpub {

struct ServerOptions {
  /// The one TCP port of signalling, console and API: `ADDRESS:PORT`, an address alone or a port
  /// alone; `0.0.0.0` and
  /// `::` are all addresses, port 0 takes a free one.
  std::string listen = "127.0.0.1:8267";
  /// The one UDP port of all media and data; 0 takes a free one.
  std::uint16_t mediaPort = 8268;
  /// The addresses told to clients instead of this machine's own: for a server behind a one-to-one
  /// NAT.
  std::vector<std::string> publicIps;
  /// Addresses and networks (`10.0.0.0/8`) of reverse proxies: their `X-Forwarded-For`, `-Host` and
  /// `-Proto` are believed, and they may speak to the server without TLS. Nobody else's are.
  std::vector<std::string> trustedProxies;
  /// PEM files; without them a self-signed certificate is made on the first start and kept in
  /// `dataDir`.
  std::string tlsCertFile;
  std::string tlsKeyFile;
  /// Where the self-signed certificate is kept. Empty: `$XDG_DATA_HOME/rtcpub` or
  /// `~/.local/share/rtcpub`.
  std::string dataDir;
};

/// The embedded Spider-compatible server: one TCP port for signalling and the web console, one UDP
/// port for the media and data of all clients. It forwards; it decodes nothing.
class RTCPUB_EXPORT Server {
 public:
  /// Opens both ports. Errors: kInvalidArgument (an address that is none, say), kNotFound
  /// (certificate files), kIo (a port is taken).
  static Result<Server> create(ServerOptions options);

  Server(Server&&) noexcept;
  Server& operator=(Server&&) noexcept;
  ~Server();

  /// The TCP port that it listens on.
  [[nodiscard]] std::uint16_t port() const;
  /// The UDP port that it listens on.
  [[nodiscard]] std::uint16_t mediaPort() const;
  /// The server's URL for a client on this machine: "ws://127.0.0.1:8267", or wss where that isn't
  /// loopback.
  [[nodiscard]] std::string localUrl() const;
  /// The console's address for a browser on this machine: "http://127.0.0.1:8267", likewise.
  [[nodiscard]] std::string consoleUrl() const;
  /// The certificate's SHA-256 fingerprint, as `AB:CD:…`.
  [[nodiscard]] std::string fingerprint() const;
  /// The certificate's file: a client's `--ca` when it is self-signed.
  [[nodiscard]] std::string certificateFile() const;
  /// What a person should know of this configuration, a sentence each: what a listening address
  /// exposes, say.
  [[nodiscard]] std::vector<std::string> warnings() const;

  /// Serves until `stop` is requested; then everyone gets `close` and it returns within a second.
  /// Blocks. Once.
  Result<void> run(const std::stop_token& stop = {});

 private:
  class Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace rtcpub
