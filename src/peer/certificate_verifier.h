#pragma once

#include <memory>
#include <string>
#include <vector>

#include "rtc_base/ssl_certificate.h"
#include "rtcpub/result.h"

namespace rtcpub::peer {

/// A server's certificate that was looked at.
struct SeenCertificate {
  std::vector<std::string> names;  ///< hosts and addresses that it stands for, fit for people
  bool trusted = false;
};

/// Runs on: the engine's thread.
using SeenCertificates = std::vector<SeenCertificate>;

/// Why the server of this name can't be talked to by TLS, as far as the certificates tell: that
/// they stand for other names, or that nobody trusted vouches for them. Empty if they don't.
std::string certificateProblem(const SeenCertificates& seen, const std::string& host);

/// Trusts for `turns:` what the system trusts and what is in `caFile` (empty: nothing more), since
/// the engine's own list of roots is as old as the engine. `hosts` are the servers' names.
///
/// The engine asks for the one certificate at which its own check came to an end: the last of the
/// chain that the server sent. That the name fits is the engine's to check.
/// What it is asked about goes to `seen`, if that is not null.
/// Errors: kInvalidArgument (caFile).
Result<std::unique_ptr<rtc::SSLCertificateVerifier>> makeCertificateVerifier(
    const std::string& caFile, std::vector<std::string> hosts,
    std::shared_ptr<SeenCertificates> seen = nullptr);

}  // namespace rtcpub::peer
