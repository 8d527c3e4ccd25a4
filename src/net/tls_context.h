#pragma once

#include <boost/asio/ssl/context.hpp>
#include <string>

#include "rtcpub/result.h"

namespace rtcpub::net {

/// TLS 1.2 and later with forward secrecy. Errors: kInvalidArgument (certificate or key).
Result<boost::asio::ssl::context> serverTlsContext(const std::string& certificatePem,
                                                   const std::string& privateKeyPem);

/// Trusts what the system trusts and what is in `caFile` (empty: nothing more); with `insecure`
/// everything. Errors: kNotFound, kIo, kInvalidArgument (the file).
Result<boost::asio::ssl::context> clientTlsContext(const std::string& caFile, bool insecure);

/// Makes `tls` ask for `host` (a name or an address), and accept no other's certificate.
void expectHost(SSL* tls, const std::string& host);

}  // namespace rtcpub::net
