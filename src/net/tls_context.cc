#include "net/tls_context.h"

#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/address.hpp>
#include <cstdlib>

#include "net/openssl_ptr.h"
#include "net/private_file.h"
#include "net/x509_text.h"

namespace rtcpub::net {

namespace {

namespace asio = boost::asio;
namespace ssl = asio::ssl;
using boost::system::error_code;

void harden(ssl::context& context) {
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_cipher_list(context.native_handle(), "ECDHE+AESGCM:ECDHE+CHACHA20");  // of TLS 1.2
}

/// The system's bundle of certificates, where OpenSSL expects it.
const char* bundleFile() {
  const char* chosen =
      std::getenv(X509_get_default_cert_file_env());  // NOLINT(concurrency-mt-unsafe)
  return chosen != nullptr ? chosen : X509_get_default_cert_file();
}

/// Finds who issued a certificate; reads the bundle only when it is nobody known so far.
int findIssuer(X509** issuer, X509_STORE_CTX* verification, X509* certificate) {
  if (X509_STORE_CTX_get1_issuer(issuer, verification, certificate) == 1) return 1;
  X509_STORE* store = X509_STORE_CTX_get0_store(verification);
  if (X509_STORE_get_get_issuer(store) != findIssuer) return 0;  // it was read already
  X509_STORE_set_get_issuer(store, X509_STORE_CTX_get1_issuer);
  X509_STORE_load_file(store, bundleFile());
  (void)opensslError();  // there need not be one
  return X509_STORE_CTX_get1_issuer(issuer, verification, certificate);
}

/// What the system trusts is looked up when it is needed, in a directory by the hash of its name
/// and at last in the bundle: parsing that takes longer than all the rest of connecting.
void trustTheSystem(SSL_CTX* context) {
  SSL_CTX_set_default_verify_dir(context);
  X509_STORE_set_get_issuer(SSL_CTX_get_cert_store(context), findIssuer);
}

Result<void> trustFile(SSL_CTX* context, const std::string& file) {
  if (auto readable = readFile(file); !readable) return tl::unexpected(readable.error());
  if (SSL_CTX_load_verify_file(context, file.c_str()) == 1) return {};
  (void)opensslError();
  return fail(ErrorCode::kInvalidArgument, file + " holds no certificate in PEM format");
}

}  // namespace

Result<ssl::context> serverTlsContext(const std::string& certificatePem,
                                      const std::string& privateKeyPem) {
  ssl::context context(ssl::context::tls_server);
  harden(context);
  error_code error;
  context.set_password_callback([](auto, auto) { return std::string(); }, error);
  context.use_certificate_chain(asio::buffer(certificatePem), error);
  if (error) return fail(ErrorCode::kInvalidArgument, "TLS certificate: " + error.message());
  context.use_private_key(asio::buffer(privateKeyPem), ssl::context::pem, error);
  if (error) return fail(ErrorCode::kInvalidArgument, "TLS private key: " + error.message());
  return context;
}

Result<ssl::context> clientTlsContext(const std::string& caFile, bool anybody) {
  ssl::context context(ssl::context::tls_client);
  harden(context);
  if (anybody) {
    context.set_verify_mode(ssl::verify_none);
    return context;
  }
  context.set_verify_mode(ssl::verify_peer);
  // A server's own certificate in the CA file is enough, whoever signed it.
  X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context.native_handle()),
                              X509_V_FLAG_PARTIAL_CHAIN);
  trustTheSystem(context.native_handle());
  if (!caFile.empty()) {
    if (auto trusted = trustFile(context.native_handle(), caFile); !trusted) {
      return tl::unexpected(trusted.error());
    }
  }
  return context;
}

void expectHost(SSL* tls, const std::string& host) {
  error_code error;
  const auto address = asio::ip::make_address(host, error);
  if (error) {
    SSL_set_hostflags(tls, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    SSL_set1_host(tls, host.c_str());
    SSL_set_tlsext_host_name(tls, host.c_str());
    return;
  }
  // Server name indication is for names only (RFC 6066 section 3).
  X509_VERIFY_PARAM* expected = SSL_get0_param(tls);
  if (address.is_v4()) {
    const auto bytes = address.to_v4().to_bytes();
    X509_VERIFY_PARAM_set1_ip(expected, bytes.data(), bytes.size());
  } else {
    const auto bytes = address.to_v6().to_bytes();
    X509_VERIFY_PARAM_set1_ip(expected, bytes.data(), bytes.size());
  }
}

void noteProblem(CertificateVerdict& verdict, bool trusted, X509_STORE_CTX* verification) {
  if (trusted || verdict.result != X509_V_OK) return;
  verdict.result = X509_STORE_CTX_get_error(verification);
  verdict.names = namesIn(X509_STORE_CTX_get0_cert(verification));
}

Result<void> checkKey(const SSL* tls, const KeyFingerprint& expected, const std::string& url) {
  const X509Ptr certificate(SSL_get1_peer_certificate(tls));
  if (!certificate) return tl::unexpected(noCertificate(url));
  const KeyFingerprint seen = keyFingerprintOf(certificate.get());
  if (seen == expected) return {};
  return tl::unexpected(
      otherKey(url, {.expected = expected,
                     .seen = seen,
                     .certificate = certificateFingerprintOf(certificate.get())}));
}

}  // namespace rtcpub::net
