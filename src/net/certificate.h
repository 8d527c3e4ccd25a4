#pragma once

#include <string>

#include "rtcpub/result.h"

namespace rtcpub::net {

/// A server's certificate chain and key.
struct Certificate {
  std::string certificatePem;
  std::string privateKeyPem;
  std::string file;         ///< where the certificate is
  std::string fingerprint;  ///< SHA-256, "AB:CD:…"
};

/// Reads both files. Errors: kNotFound, kIo (not readable), kInvalidArgument (not PEM, or the key
/// doesn't fit).
Result<Certificate> loadCertificate(const std::string& certificateFile, const std::string& keyFile);

/// The self-signed certificate kept in `directory` (`cert.pem`, `key.pem` with mode 0600); made
/// when there is none or it is about to expire. Valid for localhost, 127.0.0.1, ::1, the host's
/// name and its interfaces' addresses. Errors: kIo.
Result<Certificate> selfSignedCertificate(const std::string& directory);

}  // namespace rtcpub::net
