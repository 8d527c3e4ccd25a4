#include "net/self_signed.h"

#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <cstdint>
#include <memory>
#include <string_view>

namespace rtcpub::net {

namespace {

using ExtensionPtr = std::unique_ptr<X509_EXTENSION, FreedBy<X509_EXTENSION_free>>;

constexpr long kDay = 24L * 60 * 60;
/// What Apple's systems take at most.
constexpr int kServerDays = 825;
constexpr int kAuthorityDays = 3650;

std::string subjectAltName(const SubjectNames& names) {
  std::string text;
  for (const auto& name : names.names) text += (text.empty() ? "DNS:" : ",DNS:") + name;
  for (const auto& address : names.addresses) text += (text.empty() ? "IP:" : ",IP:") + address;
  return text;
}

bool addExtension(X509* certificate, X509* issuer, int id, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str()));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool setSerial(X509* certificate) {
  std::uint64_t serial = 0;
  if (RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof(serial)) != 1) return false;
  return ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1U) == 1;
}

bool setSubject(X509* certificate, std::string_view what, const SubjectNames& names) {
  constexpr std::size_t kLongestCommonName = 64;  // RFC 5280 appendix A
  std::string common(what);
  if (!names.host.empty()) common = (common + " on " + names.host).substr(0, kLongestCommonName);
  const auto* text = reinterpret_cast<const unsigned char*>(common.c_str());
  return X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8, text,
                                    -1, -1, 0) == 1;
}

bool setValidity(X509* certificate, int days) {
  return X509_gmtime_adj(X509_getm_notBefore(certificate), -kDay) != nullptr &&
         X509_time_adj_ex(X509_getm_notAfter(certificate), days, 0, nullptr) != nullptr;
}

bool begin(X509* certificate, EVP_PKEY* key, int days) {
  return X509_set_version(certificate, X509_VERSION_3) == 1 && setSerial(certificate) &&
         setValidity(certificate, days) && X509_set_pubkey(certificate, key) == 1;
}

bool fillAuthority(X509* certificate, EVP_PKEY* key, const SubjectNames& names) {
  return begin(certificate, key, kAuthorityDays) && setSubject(certificate, "rtcpub", names) &&
         X509_set_issuer_name(certificate, X509_get_subject_name(certificate)) == 1 &&
         addExtension(certificate, certificate, NID_basic_constraints,
                      "critical,CA:TRUE,pathlen:0") &&
         addExtension(certificate, certificate, NID_key_usage, "critical,keyCertSign") &&
         addExtension(certificate, certificate, NID_subject_key_identifier, "hash") &&
         X509_sign(certificate, key, EVP_sha256()) > 0;
}

bool fillServer(X509* certificate, EVP_PKEY* key, X509* authority, const SubjectNames& names) {
  return begin(certificate, key, kServerDays) && setSubject(certificate, "rtcpub server", names) &&
         X509_set_issuer_name(certificate, X509_get_subject_name(authority)) == 1 &&
         addExtension(certificate, authority, NID_basic_constraints, "critical,CA:FALSE") &&
         addExtension(certificate, authority, NID_key_usage, "critical,digitalSignature") &&
         addExtension(certificate, authority, NID_ext_key_usage, "serverAuth") &&
         addExtension(certificate, authority, NID_subject_key_identifier, "hash") &&
         addExtension(certificate, authority, NID_authority_key_identifier, "keyid:always") &&
         addExtension(certificate, authority, NID_subject_alt_name, subjectAltName(names)) &&
         X509_sign(certificate, key, EVP_sha256()) > 0;
}

tl::unexpected<Error> notMade() {
  return fail(ErrorCode::kInternal, "cannot make a certificate: " + opensslError());
}

}  // namespace

std::string opensslError() {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  const char* reason = ERR_reason_error_string(code);
  return reason == nullptr ? "unknown error" : reason;
}

Result<KeyPtr> makeKey() {
  KeyPtr key(EVP_EC_gen("P-256"));
  if (!key) return notMade();
  return key;
}

Result<X509Ptr> makeAuthority(EVP_PKEY* key, const SubjectNames& names) {
  X509Ptr made(X509_new());
  if (!made || !fillAuthority(made.get(), key, names)) return notMade();
  return made;
}

Result<X509Ptr> makeServerCertificate(EVP_PKEY* key, X509* authority, const SubjectNames& names) {
  X509Ptr made(X509_new());
  if (!made || !fillServer(made.get(), key, authority, names)) return notMade();
  return made;
}

}  // namespace rtcpub::net
