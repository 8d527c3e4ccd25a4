#include "net/x509_text.h"

#include <arpa/inet.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <memory>
#include <string_view>

#include "core/text/text.h"

namespace rtcpub::net {
namespace {

constexpr std::size_t kLongestName = 100;
constexpr std::size_t kMostNames = 64;
constexpr std::size_t kMostListed = 8;

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

std::int64_t secondsOf(const ASN1_TIME* time) {
  std::tm parts{};
  return ASN1_TIME_to_tm(time, &parts) == 1 ? timegm(&parts) : 0;
}

}  // namespace

KeyFingerprint keyFingerprintOf(const X509* certificate) {
  unsigned char* der = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
  const std::unique_ptr<unsigned char, void (*)(unsigned char*)> owner(
      der, [](unsigned char* bytes) { OPENSSL_free(bytes); });
  KeyFingerprint fingerprint{};
  if (size > 0) {
    EVP_Digest(der, static_cast<std::size_t>(size), fingerprint.data(), nullptr, EVP_sha256(),
               nullptr);
  }
  return fingerprint;
}

KeyFingerprint certificateFingerprintOf(const X509* certificate) {
  KeyFingerprint fingerprint{};
  X509_digest(certificate, EVP_sha256(), fingerprint.data(), nullptr);
  return fingerprint;
}

std::string digestOf(const X509* certificate) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string text;
  for (const std::uint8_t byte : certificateFingerprintOf(certificate)) {
    if (!text.empty()) text += ':';
    text += kHex[byte >> 4U];
    text += kHex[byte & 15U];
  }
  return text;
}

std::vector<std::string> namesIn(const X509* certificate) {
  using Names = std::unique_ptr<GENERAL_NAMES, FreedBy<GENERAL_NAMES_free>>;
  const Names names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  std::vector<std::string> found;
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()) && found.size() < kMostNames; ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type == GEN_DNS) found.push_back(textOf(name->d.dNSName));
    if (name->type == GEN_IPADD) found.push_back(addressOf(name->d.iPAddress));
  }
  return found;
}

bool isFor(X509* certificate, const std::string& host) {
  constexpr unsigned kFlags =
      X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT;
  return X509_check_ip_asc(certificate, host.c_str(), 0) == 1 ||
         X509_check_host(certificate, host.data(), host.size(), kFlags, nullptr) == 1;
}

std::int64_t notBeforeOf(const X509* certificate) {
  return secondsOf(X509_get0_notBefore(certificate));
}

std::int64_t notAfterOf(const X509* certificate) {
  return secondsOf(X509_get0_notAfter(certificate));
}

std::string day(std::int64_t seconds) {
  const std::time_t time = seconds;
  std::tm parts{};
  gmtime_r(&time, &parts);
  std::array<char, 16> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d", &parts)};
}

std::string listOf(const std::vector<std::string>& names) {
  if (names.empty()) return "nothing";
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kMostListed); ++i) {
    text += (i > 0 ? ", " : "") + names[i];
  }
  if (names.size() > kMostListed) {
    text += " and " + std::to_string(names.size() - kMostListed) + " more";
  }
  return text;
}

}  // namespace rtcpub::net
