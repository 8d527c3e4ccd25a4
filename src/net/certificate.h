#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/address/key_fingerprint.h"
#include "net/subject_names.h"
#include "rtcpub/result.h"

namespace rtcpub::net {

/// A server's certificate chain and key.
struct Certificate {
  std::string certificatePem;
  std::string privateKeyPem;
  std::string file;                ///< where the certificate is
  KeyFingerprint key{};            ///< of the key: what clients pin
  std::string fingerprint;         ///< of the certificate, SHA-256: what browsers show, "AB:CD:…"
  std::vector<std::string> names;  ///< hosts and addresses that it stands for
  std::int64_t notBefore = 0;      ///< seconds since 1970
  std::int64_t notAfter = 0;
  /// Its chain ends with a certificate that nobody but itself vouches for: none that systems trust.
  bool selfSigned = false;
};

/// Reads both files. Errors: kNotFound, kIo (not readable), kInvalidArgument (not PEM, or the key
/// doesn't fit).
Result<Certificate> loadCertificate(const std::string& certificateFile, const std::string& keyFile);

/// Why clients refuse it, or will soon, a sentence each: its days, and those of `names` for which
/// it doesn't stand. `now` is in seconds since 1970.
std::vector<std::string> problemsOf(const Certificate& certificate,
                                    const std::vector<std::string>& names, std::int64_t now);

/// The certificate that a server makes for itself.
struct OwnCertificate {
  Certificate certificate;
  /// That it was made again, why, and what that means to clients: a sentence; empty: it wasn't.
  std::string change = {};
  /// That it should have been made again, and why it wasn't; empty: nothing.
  std::string problem = {};
};

/// The certificate kept in `directory` (`cert.pem`, with its authority's behind it, and `key.pem`
/// with mode 0600). It is made when there is none; and made again, for the same key, when one of
/// `names` isn't among its own, it is about to expire, or was made by a clock that was ahead. It
/// keeps the names that it had, up to 64 in all. Where it can't be written it stays as long as it
/// is valid. Errors: kIo, kInvalidArgument (what is kept is damaged: it is left for its owner to
/// decide).
Result<OwnCertificate> ownCertificate(const std::string& directory, const SubjectNames& names);

}  // namespace rtcpub::net
