#pragma once

#include <string>
#include <vector>

#include "net/certificate.h"
#include "net/openssl_ptr.h"

/// Certificates and keys as PEM.
namespace rtcpub::net {

/// A chain, the server's own certificate first, and its key.
struct Identity {
  std::vector<X509Ptr> chain;  ///< at least one
  KeyPtr key;
};

/// Errors: kInvalidArgument (it holds no certificate, or a broken one; `file` is its name).
Result<std::vector<X509Ptr>> parseChain(const std::string& pem, const std::string& file);

/// Errors: kInvalidArgument (it holds none, or one with a passphrase).
Result<KeyPtr> parseKey(const std::string& pem, const std::string& file);

/// Whether the key is the certificate's.
bool belongTogether(const X509* certificate, const EVP_PKEY* key);

/// What is to be known of it. `file` is where it is, or will be. Errors: kInternal.
Result<Certificate> describe(const Identity& identity, const std::string& file);

}  // namespace rtcpub::net
