#include "core/text/redact.h"

#include <algorithm>
#include <array>

namespace rtcpub {
namespace {

constexpr std::string_view kAuthorityEnd = "/?# \t\r\n\"'!";
constexpr std::array<std::string_view, 6> kSecrets{
    "user-id=", "user-pw=", "proxy-id=", "proxy-pw=", "password=", "passphrase="};

// The length of "user:password@" at the beginning, or 0.
std::size_t credentialsLength(std::string_view text) {
  // A password may hold what should be encoded: the last '@' before the next space counts.
  const auto word = text.substr(0, text.find_first_of(" \t\r\n\"'"));
  const auto authority = text.substr(0, text.find_first_of(kAuthorityEnd));
  auto at = authority.rfind('@');
  if (at == std::string_view::npos && authority.find(':') != std::string_view::npos) {
    at = word.rfind('@');
  }
  return at == std::string_view::npos ? 0 : at + 1;
}

std::size_t valueLength(std::string_view text) {
  if (text.empty()) return 0;
  const char quote = text.front();
  if (quote != '"' && quote != '\'') return std::min(text.find_first_of(" \t\r\n"), text.size());
  const auto end = text.find(quote, 1);
  return end == std::string_view::npos ? text.size() : end + 1;
}

std::string withoutCredentials(std::string_view text) {
  constexpr std::string_view kMark = "://";
  std::string out;
  while (true) {
    const auto mark = text.find(kMark);
    if (mark == std::string_view::npos) return out.append(text);
    const auto begin = mark + kMark.size();
    out.append(text.substr(0, begin));
    text.remove_prefix(begin);
    text.remove_prefix(credentialsLength(text));
  }
}

}  // namespace

std::string redact(std::string_view text) {
  std::string out = withoutCredentials(text);
  for (const auto secret : kSecrets) {
    for (auto at = out.find(secret); at != std::string::npos; at = out.find(secret, at)) {
      at += secret.size();
      out.replace(at, valueLength(std::string_view(out).substr(at)), "***");
    }
  }
  return out;
}

}  // namespace rtcpub
