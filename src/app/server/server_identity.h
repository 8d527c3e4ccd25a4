#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "net/certificate.h"
#include "rtcpub/server.h"

namespace rtcpub {

/// By what a server is known to its clients: the certificate that was given to it, or the one that
/// it makes for itself, as it is at the moment. Any thread.
class ServerIdentity {
 public:
  /// `reachable`: from other machines, whose names for it its own certificate then has.
  ServerIdentity(const ServerOptions& options, bool reachable);

  /// Reads the files, or reads them again, and hands what they hold to `use`: what was there before
  /// stays if either fails. Errors: kInvalidArgument (files that can't be used, names that are
  /// none), kNotFound, kIo.
  Result<void> load(const std::function<Result<void>(const net::Certificate&)>& use = {});

  /// The files that somebody may renew: those that were given, or that of its own certificate.
  [[nodiscard]] std::vector<std::string> files() const;
  [[nodiscard]] net::Certificate certificate() const;
  /// Why clients refuse it, or will soon, or why it couldn't be made again, a sentence each.
  [[nodiscard]] std::vector<std::string> problems() const;
  /// That it was made again when it was loaded last, and why; empty: it wasn't.
  [[nodiscard]] std::string change() const;
  /// What clients have to be given, since no system trusts the certificate: its key's fingerprint;
  /// empty when systems do.
  [[nodiscard]] std::string toPin() const;

 private:
  Result<net::OwnCertificate> read() const;

  const ServerOptions options_;
  const bool reachable_;
  std::mutex loading_;  ///< one at a time: what is used and what is known are the same
  mutable std::mutex mutex_;
  net::OwnCertificate known_;
};

}  // namespace rtcpub
