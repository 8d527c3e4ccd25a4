#pragma once

#include <boost/asio/ssl/context.hpp>
#include <string>

#include "core/address/key_fingerprint.h"
#include "net/client_errors.h"
#include "rtcpub/result.h"

namespace rtcpub::net {

/// TLS 1.2 and later with forward secrecy. Errors: kInvalidArgument (certificate or key).
Result<boost::asio::ssl::context> serverTlsContext(const std::string& certificatePem,
                                                   const std::string& privateKeyPem);

/// Trusts what the system trusts and what is in `caFile` (empty: nothing more); with `anybody`
/// everyone: then the caller checks the peer by other means, or not at all. Errors: kNotFound, kIo,
/// kInvalidArgument (the file).
Result<boost::asio::ssl::context> clientTlsContext(const std::string& caFile, bool anybody);

/// Makes `tls` ask for `host` (a name or an address), and accept no other's certificate.
void expectHost(SSL* tls, const std::string& host);

/// Notes the first problem that OpenSSL finds with the other side's certificate. For a verify
/// callback, with its arguments.
void noteProblem(CertificateVerdict& verdict, bool trusted, X509_STORE_CTX* verification);

/// The other side's certificate, once the handshake is over: it has proved that the key is its own,
/// whatever else is checked. An error, kTlsRefused, if the key isn't the expected one; `url` is the
/// server's.
Result<void> checkKey(const SSL* tls, const KeyFingerprint& expected, const std::string& url);

}  // namespace rtcpub::net
