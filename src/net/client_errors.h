#pragma once

#include <boost/system/error_code.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/address/key_fingerprint.h"
#include "rtcpub/result.h"

/// Why a WebSocket could not be opened, in one sentence for people. Pure. `url` is the server's.
namespace rtcpub::net {

/// The time ran out.
Error noAnswer(const std::string& url);

/// The name has no address.
Error nameNotFound(const std::string& url, const std::string& host,
                   const boost::system::error_code& error);

/// The zone of `host`, a link-local address, is no interface of this machine.
Error noInterface(const std::string& url, const std::string& host);

/// No TCP connection to any of its addresses.
Error notConnected(const std::string& url, const boost::system::error_code& error);

/// What OpenSSL thinks of a server's certificate.
struct CertificateVerdict {
  std::string host;                ///< by which the server was called
  long result = 0;                 ///< X509_V_…; 0 is X509_V_OK
  std::vector<std::string> names;  ///< those for which it stands, fit for people
};

/// The TLS handshake failed.
Error tlsFailed(const std::string& url, const boost::system::error_code& error,
                const CertificateVerdict& verdict);

/// Why a certificate isn't trusted, and what to do. A part of a sentence, without its end.
std::string certificateProblem(const CertificateVerdict& verdict);

/// A server's key that isn't the expected one.
struct KeyMismatch {
  KeyFingerprint expected;
  KeyFingerprint seen;
  KeyFingerprint certificate;  ///< the certificate's own SHA-256, which may be mistaken for it
};

/// The same for people, and what to do: a part of a sentence, without its end.
std::string keyProblem(const KeyMismatch& mismatch);

/// The server has another key than the expected one.
Error otherKey(const std::string& url, const KeyMismatch& mismatch);

/// It has none.
Error noCertificate(const std::string& url);

/// The answer to the upgrade was not one of HTTP, or never came.
Error upgradeFailed(const std::string& url, const boost::system::error_code& error);

/// The word for programs in a refusal's body, `{"code":"expired"}`; empty: there is none.
std::string codeIn(std::string_view body);

/// The answer to the upgrade was a no: its status, "Not Found", and its body.
Error upgradeDeclined(const std::string& url, unsigned status, std::string_view phrase,
                      std::string_view body);

}  // namespace rtcpub::net
