#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "rtcpub/export.h"
#include "rtcpub/result.h"
#include "rtcpub/token.h"

namespace rtcpub {

/// Where a server listens, what it calls itself, and whom it trusts.
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
  /// A PEM file with the certificate and those between it and its root; without one a self-signed
  /// certificate is made on the first start and kept in `dataDir`. When it and its key are renewed
  /// on disk they are read again by themselves, seconds later; a key of another certificate, or a
  /// file that is written by half, changes nothing.
  std::string tlsCertFile;
  /// A PEM file with the certificate's private key.
  std::string tlsKeyFile;
  /// Where the self-signed certificate and the key of tokens are kept. Empty:
  /// `$XDG_DATA_HOME/rtcpub`, the service's `$STATE_DIRECTORY`, or `~/.local/share/rtcpub`.
  std::string dataDir;
  /// Lets in everybody who reaches it. Without this a server asks for tokens (docs/access.md),
  /// unless it is for its own machine alone: it listens on loopback, and has neither `publicIps`,
  /// `names`, `trustedProxies` nor `tokenKeyFiles`.
  bool open = false;
  /// PEM files of public keys (RSA: RS256, P-256: ES256) with which others sign tokens, besides the
  /// server's own key.
  std::vector<std::string> tokenKeyFiles;
  /// Whom tokens must be for (`aud`). Empty: "rtcpub".
  std::string audience;
  /// Whose pages may have the web console in a frame: origins, as `https://example.com`. Else
  /// browsers show it in nobody's.
  std::vector<std::string> embeddingOrigins;
};

/// The embedded Spider-compatible server: one TCP port for signalling and the web console, one UDP
/// port for the media and data of all clients. It forwards; it decodes nothing.
class RTCPUB_EXPORT Server {
 public:
  /// Opens both ports. Errors: kInvalidArgument (an address that is none, say, a certificate that
  /// is damaged, or a key that others can read), kNotFound (certificate and key files), kIo (a port
  /// is taken).
  static Result<Server> create(ServerOptions options);

  /// What was moved from can only be destroyed, or assigned to.
  Server(Server&&) noexcept;
  /// Likewise.
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
  /// Whether it lets in only those who have a token.
  [[nodiscard]] bool asksForTokens() const;
  /// A token that it lets in from now on. Any thread. Errors: as TokenIssuer::issue() has them;
  /// kUnsupported (it asks for none).
  [[nodiscard]] Result<std::string> makeToken(const TokenOptions& options) const;
  /// Reads the keys of tokens again: from now on who comes must have one that fits them. Who is in
  /// stays. Any thread. Errors: as create() has them; then the keys stay what they were.
  Result<void> reloadKeys();
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
