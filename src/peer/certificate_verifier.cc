#include "peer/certificate_verifier.h"

#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <utility>

#include "core/freed_by.h"
#include "rtc_base/buffer.h"

namespace rtcpub::peer {
namespace {

using Store = std::unique_ptr<X509_STORE, FreedBy<X509_STORE_free>>;
using Certificate = std::unique_ptr<X509, FreedBy<X509_free>>;
using Verification = std::unique_ptr<X509_STORE_CTX, FreedBy<X509_STORE_CTX_free>>;

Certificate read(const rtc::SSLCertificate& certificate) {
  rtc::Buffer der;
  certificate.ToDER(&der);
  const unsigned char* bytes = der.data();
  return Certificate(d2i_X509(nullptr, &bytes, static_cast<long>(der.size())));
}

bool names(X509* certificate, const std::string& host) {
  return X509_check_host(certificate, host.c_str(), host.size(), 0, nullptr) == 1 ||
         X509_check_ip_asc(certificate, host.c_str(), 0) == 1;
}

/// Runs on: the engine's thread.
class Verifier final : public rtc::SSLCertificateVerifier {
 public:
  Verifier(Store store, std::vector<std::string> hosts)
      : store_(std::move(store)), hosts_(std::move(hosts)) {}

  bool Verify(const rtc::SSLCertificate& presented) override {
    const Certificate certificate = read(presented);
    const bool trusted =
        certificate && mayEndAChain(certificate.get()) && isKnown(certificate.get());
    ERR_clear_error();  // the engine takes what is left there for its own
    return trusted;
  }

 private:
  /// Else somebody with a certificate for a name of his own could issue one for any other: the
  /// engine asks about the issuer that is none, too, without saying why.
  [[nodiscard]] bool mayEndAChain(X509* certificate) const {
    return X509_check_ca(certificate) > 0 ||
           std::any_of(hosts_.begin(), hosts_.end(),
                       [&](const std::string& host) { return names(certificate, host); });
  }

  [[nodiscard]] bool isKnown(X509* certificate) const {
    const Verification verification(X509_STORE_CTX_new());
    return verification &&
           X509_STORE_CTX_init(verification.get(), store_.get(), certificate, nullptr) == 1 &&
           X509_verify_cert(verification.get()) == 1;
  }

  Store store_;
  std::vector<std::string> hosts_;
};

}  // namespace

Result<std::unique_ptr<rtc::SSLCertificateVerifier>> makeCertificateVerifier(
    const std::string& caFile, std::vector<std::string> hosts) {
  Store store(X509_STORE_new());
  // A server's own certificate in the CA file is enough, whoever signed it.
  X509_STORE_set_flags(store.get(), X509_V_FLAG_PARTIAL_CHAIN);
  X509_STORE_set_default_paths(store.get());
  const bool loaded = caFile.empty() || X509_STORE_load_file(store.get(), caFile.c_str()) == 1;
  ERR_clear_error();
  if (!loaded) {
    return fail(ErrorCode::kInvalidArgument,
                caFile + " can't be read, or holds no certificate in PEM format");
  }
  return std::make_unique<Verifier>(std::move(store), std::move(hosts));
}

}  // namespace rtcpub::peer
