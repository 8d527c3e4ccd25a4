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
  /// The names (`robots.example`), or further addresses, by which clients call this server. They
  /// and `publicIps` stand in the certificate that is made without `tlsCertFile`; one that is given
  /// is checked for them.
  std::vector<std::string> names;
  /// Addresses and networks (`10.0.0.0/8`) of reverse proxies: their `X-Forwarded-For`, `-Host` and
  /// `-Proto` are believed, and they may speak to the server without TLS. Nobody else's are.
  std::vector<std::string> trustedProxies;
  /// PEM files; without them a self-signed certificate is made on the first start and kept in
  /// `dataDir`.
  std::string tlsCertFile;
  std::string tlsKeyFile;
  /// Where the self-signed certificate is kept. Empty: `$XDG_DATA_HOME/rtcpub`, the service's
  /// `$STATE_DIRECTORY`, or `~/.local/share/rtcpub`.
  std::string dataDir;
};

/// The embedded Spider-compatible server: one TCP port for signalling and the web console, one UDP
/// port for the media and data of all clients. It forwards; it decodes nothing.
class RTCPUB_EXPORT Server {
 public:
  /// Opens both ports. Errors: kInvalidArgument (an address that is none, say, or a certificate
  /// that is damaged), kNotFound (certificate files), kIo (a port is taken).
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
  /// Where browsers on other machines find the console: "https://robot.local:8267", …, the best
  /// first; none when it listens on loopback. Asks the name service for this machine's names, which
  /// takes a second at most.
  [[nodiscard]] std::vector<std::string> publicUrls() const;
  /// The fingerprint of its key, for ConnectionOptions::fingerprint: `sha256:…`. It stays what it
  /// is when the certificate is made again.
  [[nodiscard]] std::string fingerprint() const;
  /// The certificate's own SHA-256, as browsers show it: `AB:CD:…`.
  [[nodiscard]] std::string certificateFingerprint() const;
  /// The certificate's file: ConnectionOptions::caFile for clients when it is self-signed.
  [[nodiscard]] std::string certificateFile() const;
  /// Whether no system trusts its certificate, so that clients must be given the fingerprint or the
  /// file, and browsers warn.
  [[nodiscard]] bool selfSigned() const;
  /// What a person should know of this configuration, a sentence each: what a listening address
  /// exposes, or why clients will refuse the certificate.
  [[nodiscard]] std::vector<std::string> warnings() const;
  /// That the self-signed certificate was made again since the last start, why, and what that means
  /// to clients; empty: it wasn't.
  [[nodiscard]] std::string certificateChange() const;
  /// Reads the certificate again: connections that begin from now on get what is in the files.
  /// Any thread. What it returns are the warnings that are about it. Errors: as create() has them;
  /// then the certificate stays what it was.
  Result<std::vector<std::string>> reloadCertificate();

  /// Serves until `stop` is requested; then everyone gets `close` and it returns within a second.
  /// Blocks. Once.
  Result<void> run(const std::stop_token& stop = {});

 private:
  class Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace rtcpub
