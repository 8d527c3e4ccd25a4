#include "peer/certificate_verifier.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/text/text.h"
#include "core/video/freed_by.h"
#include "rtc_base/buffer.h"

namespace rtcpub::peer {
namespace {

constexpr std::size_t kLongestName = 100;
constexpr std::size_t kMostNames = 8;
constexpr std::size_t kMostSeen = 32;

using Store = std::unique_ptr<X509_STORE, FreedBy<X509_STORE_free>>;
using Certificate = std::unique_ptr<X509, FreedBy<X509_free>>;
using Verification = std::unique_ptr<X509_STORE_CTX, FreedBy<X509_STORE_CTX_free>>;

Certificate read(const rtc::SSLCertificate& certificate) {
  rtc::Buffer der;
  certificate.ToDER(&der);
  const unsigned char* bytes = der.data();
  return Certificate(d2i_X509(nullptr, &bytes, static_cast<long>(der.size())));
}

std::string textOf(const ASN1_STRING* text) {
  const auto* const data = reinterpret_cast<const char*>(ASN1_STRING_get0_data(text));
  return text::printable({data, static_cast<std::size_t>(ASN1_STRING_length(text))}, kLongestName);
}

std::string addressOf(const ASN1_OCTET_STRING* bytes) {
  const int size = ASN1_STRING_length(bytes);
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (size != 4 && size != 16) return "no address";
  inet_ntop(size == 4 ? AF_INET : AF_INET6, ASN1_STRING_get0_data(bytes), text.data(), text.size());
  return text.data();
}

/// Those of subjectAltName (RFC 5280 section 4.2.1.6), or without it the common name.
std::vector<std::string> namesIn(X509* certificate) {
  using Names = std::unique_ptr<GENERAL_NAMES, FreedBy<GENERAL_NAMES_free>>;
  const Names names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  std::vector<std::string> found;
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()) && found.size() < kMostNames; ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type == GEN_DNS) found.push_back(textOf(name->d.dNSName));
    if (name->type == GEN_IPADD) found.push_back(addressOf(name->d.iPAddress));
  }
  if (!found.empty()) return found;
  X509_NAME* subject = X509_get_subject_name(certificate);
  const int index = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (index < 0) return {};
  return {textOf(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, index)))};
}

bool names(X509* certificate, const std::string& host) {
  return X509_check_host(certificate, host.c_str(), host.size(), 0, nullptr) == 1 ||
         X509_check_ip_asc(certificate, host.c_str(), 0) == 1;
}

/// Runs on: the engine's thread.
class Verifier final : public rtc::SSLCertificateVerifier {
 public:
  Verifier(Store store, std::vector<std::string> hosts, std::shared_ptr<SeenCertificates> seen)
      : store_(std::move(store)), hosts_(std::move(hosts)), seen_(std::move(seen)) {}

  bool Verify(const rtc::SSLCertificate& presented) override {
    const Certificate certificate = read(presented);
    const bool trusted =
        certificate && mayEndAChain(certificate.get()) && isKnown(certificate.get());
    if (certificate) note(certificate.get());
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

  /// An authority's is none of a server.
  void note(X509* certificate) const {
    if (!seen_ || seen_->size() == kMostSeen || X509_check_ca(certificate) > 0) return;
    seen_->push_back({.names = namesIn(certificate), .trusted = isKnown(certificate)});
  }

  Store store_;
  std::vector<std::string> hosts_;
  const std::shared_ptr<SeenCertificates> seen_;
};

}  // namespace

Result<std::unique_ptr<rtc::SSLCertificateVerifier>> makeCertificateVerifier(
    const std::string& caFile, std::vector<std::string> hosts,
    std::shared_ptr<SeenCertificates> seen) {
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
  return std::make_unique<Verifier>(std::move(store), std::move(hosts), std::move(seen));
}

std::string certificateProblem(const SeenCertificates& seen, const std::string& host) {
  const auto isFor = [&host](const SeenCertificate& each) {
    return std::find(each.names.begin(), each.names.end(), host) != each.names.end();
  };
  const auto found = std::find_if(seen.begin(), seen.end(), isFor);
  if (found != seen.end()) {
    // The engine looks for an address among the names only.
    if (!found->trusted) return "nobody who is trusted vouches for its certificate";
    return "its certificate has " + host +
           " as an address, which the engine doesn't look for: " + "call it by a name";
  }
  if (seen.empty() || seen.back().names.empty()) return {};
  std::string names;
  for (const auto& name : seen.back().names) names += (names.empty() ? "" : ", ") + name;
  return "its certificate is for " + names + ", not for " + host;
}

}  // namespace rtcpub::peer
