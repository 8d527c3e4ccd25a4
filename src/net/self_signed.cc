#include "net/self_signed.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <climits>
#include <cstdint>
#include <cstring>
#include <optional>

namespace rtcpub::net {

namespace {

using IfaddrsPtr = std::unique_ptr<ifaddrs, FreedBy<freeifaddrs>>;
using ExtensionPtr = std::unique_ptr<X509_EXTENSION, FreedBy<X509_EXTENSION_free>>;

constexpr long kDay = 24L * 60 * 60;
constexpr int kValidDays = 825;

bool isDnsName(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '.';
  });
}

std::string hostName() {
  std::array<char, HOST_NAME_MAX + 1> buffer{};
  if (gethostname(buffer.data(), buffer.size() - 1) != 0) return {};
  return buffer.data();
}

/// An interface's address; none for link-local ones, which mean nothing without their interface.
std::optional<std::string> addressText(const sockaddr* address) {
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  if (address == nullptr) return std::nullopt;
  if (address->sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, address, sizeof(v4));
    return inet_ntop(AF_INET, &v4.sin_addr, buffer.data(), buffer.size());
  }
  if (address->sa_family != AF_INET6) return std::nullopt;
  sockaddr_in6 v6{};
  std::memcpy(&v6, address, sizeof(v6));
  if (IN6_IS_ADDR_LINKLOCAL(&v6.sin6_addr)) return std::nullopt;
  return inet_ntop(AF_INET6, &v6.sin6_addr, buffer.data(), buffer.size());
}

std::string subjectAltName(const SubjectNames& names) {
  std::string text;
  for (const auto& name : names.names) text += (text.empty() ? "DNS:" : ",DNS:") + name;
  for (const auto& address : names.addresses) text += (text.empty() ? "IP:" : ",IP:") + address;
  return text;
}

bool addExtension(X509* certificate, int id, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str()));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool setSerial(X509* certificate) {
  std::uint64_t serial = 0;
  if (RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof(serial)) != 1) return false;
  return ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1U) == 1;
}

bool setSubject(X509* certificate, const std::string& commonName) {
  X509_NAME* name = X509_get_subject_name(certificate);
  const auto* text = reinterpret_cast<const unsigned char*>(commonName.c_str());
  return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, text, -1, -1, 0) == 1 &&
         X509_set_issuer_name(certificate, name) == 1;
}

bool setValidity(X509* certificate) {
  return X509_gmtime_adj(X509_getm_notBefore(certificate), -kDay) != nullptr &&
         X509_time_adj_ex(X509_getm_notAfter(certificate), kValidDays, 0, nullptr) != nullptr;
}

bool fill(X509* certificate, EVP_PKEY* key, const SubjectNames& names) {
  return X509_set_version(certificate, X509_VERSION_3) == 1 && setSerial(certificate) &&
         setSubject(certificate, names.commonName) && setValidity(certificate) &&
         X509_set_pubkey(certificate, key) == 1 &&
         addExtension(certificate, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
         addExtension(certificate, NID_key_usage, "critical,digitalSignature,keyCertSign") &&
         addExtension(certificate, NID_ext_key_usage, "serverAuth") &&
         addExtension(certificate, NID_subject_key_identifier, "hash") &&
         addExtension(certificate, NID_subject_alt_name, subjectAltName(names)) &&
         X509_sign(certificate, key, EVP_sha256()) > 0;
}

}  // namespace

std::string opensslError() {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  const char* reason = ERR_reason_error_string(code);
  return reason == nullptr ? "unknown error" : reason;
}

SubjectNames namesOfThisHost() {
  SubjectNames names{
      .commonName = "rtcpub", .names = {"localhost"}, .addresses = {"127.0.0.1", "::1"}};
  if (const std::string host = hostName(); isDnsName(host)) {
    names.names.insert(host);
    constexpr std::size_t kLongestCommonName = 64;  // RFC 5280 appendix A
    names.commonName = ("rtcpub on " + host).substr(0, kLongestCommonName);
  }
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return names;
  const IfaddrsPtr owner(list);
  for (const ifaddrs* entry = list; entry != nullptr; entry = entry->ifa_next) {
    if ((entry->ifa_flags & IFF_UP) == 0) continue;
    if (auto address = addressText(entry->ifa_addr)) names.addresses.insert(*address);
  }
  return names;
}

Result<SelfSigned> makeSelfSigned(const SubjectNames& names) {
  SelfSigned made{.certificate = X509Ptr(X509_new()), .key = KeyPtr(EVP_EC_gen("P-256"))};
  if (!made.certificate || !made.key || !fill(made.certificate.get(), made.key.get(), names)) {
    return fail(ErrorCode::kInternal, "cannot make a certificate: " + opensslError());
  }
  return made;
}

}  // namespace rtcpub::net
