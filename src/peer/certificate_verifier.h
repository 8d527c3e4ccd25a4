#pragma once

#include <memory>
#include <string>
#include <vector>

#include "rtc_base/ssl_certificate.h"
#include "rtcpub/result.h"

namespace rtcpub::peer {

/// Trusts for `turns:` what the system trusts and what is in `caFile` (empty: nothing more), since
/// the engine's own list of roots is as old as the engine. `hosts` are the servers' names.
///
/// The engine asks for the one certificate at which its own check came to an end: the last of the
/// chain that the server sent. That the name fits is the engine's to check.
/// Errors: kInvalidArgument (caFile).
Result<std::unique_ptr<rtc::SSLCertificateVerifier>> makeCertificateVerifier(
    const std::string& caFile, std::vector<std::string> hosts);

}  // namespace rtcpub::peer
