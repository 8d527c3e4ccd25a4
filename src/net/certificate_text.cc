#include "net/certificate_text.h"

#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "core/text/text.h"
#include "net/openssl_ptr.h"
#include "net/x509_text.h"

namespace rtcpub::net {
namespace {

constexpr std::size_t kLongestName = 80;

/// The common name, or else the organisation; cleaned, since it goes to a terminal.
std::string nameIn(X509_NAME* name) {
  for (const int field : {NID_commonName, NID_organizationName}) {
    const int index = X509_NAME_get_index_by_NID(name, field, -1);
    if (index < 0) continue;
    const ASN1_STRING* value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, index));
    const auto* const data = reinterpret_cast<const char*>(ASN1_STRING_get0_data(value));
    return text::printable({data, static_cast<std::size_t>(ASN1_STRING_length(value))},
                           kLongestName);
  }
  return "somebody without a name";
}

}  // namespace

doctor::TlsFinding describeCertificate(SSL* tls) {
  doctor::TlsFinding found;
  found.version = SSL_get_version(tls);
  const X509Ptr certificate(SSL_get1_peer_certificate(tls));
  if (!certificate) return found;
  found.subject = nameIn(X509_get_subject_name(certificate.get()));
  const bool own = X509_check_issued(certificate.get(), certificate.get()) == X509_V_OK;
  found.issuer = own ? "itself" : nameIn(X509_get_issuer_name(certificate.get()));
  found.notBefore = notBeforeOf(certificate.get());
  found.notAfter = notAfterOf(certificate.get());
  return found;
}

}  // namespace rtcpub::net
