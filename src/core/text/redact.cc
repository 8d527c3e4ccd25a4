#include "core/text/redact.h"

#include <algorithm>
#include <array>
#include <optional>

#include "core/text/query.h"
#include "core/text/text.h"

namespace rtcpub {
namespace {

constexpr std::string_view kAuthorityEnd = "/?# \t\r\n\"'!";
constexpr std::string_view kHidden = "***";
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

/// What may stand in a token (RFC 6750 section 2.1), and what stands for it in a URL.
bool isOfToken(char c) {
  constexpr std::string_view kOthers = "-._~+/=%";
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         kOthers.find(c) != std::string_view::npos;
}

std::size_t tokenLength(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::find_if_not(text, isOfToken) - text.begin());
}

/// Whether it looks like a JWT: three parts joined by dots, of which the first is an object of JSON
/// in base64url, and so begins with `eyJ` (RFC 7519 section 3).
bool isJwt(std::string_view text) {
  const std::string_view token = text.substr(0, tokenLength(text));
  return token.starts_with("eyJ") && std::ranges::count(token, '.') >= 2;
}

/// The length of the text that says that a token follows; 0: none does.
std::size_t markLength(std::string_view text) {
  for (const std::string_view mark : {"token=", "bearer ", "rtcpub.token."}) {
    if (text::toLower(text.substr(0, mark.size())) == mark) return mark.size();
  }
  return 0;
}

std::string withoutTokens(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto mark = markLength(text);
    const bool bare = mark == 0 && isJwt(text);
    out.append(text.substr(0, mark));
    text.remove_prefix(mark);
    const auto hidden = mark > 0 || bare ? tokenLength(text) : 0;
    if (hidden > 0) {
      out += kHidden;
      text.remove_prefix(hidden);
    } else if (mark == 0) {
      out += text.front();
      text.remove_prefix(1);
    }
  }
  return out;
}

/// A parameter of a query. What can't be read may be anything.
std::string redactParameter(std::string_view parameter) {
  const auto [before, after] = text::splitAt(parameter, '=');
  if (!after) return withoutTokens(parameter);
  const auto name = query::percentDecode(before);
  if (!name) return std::string(kHidden);
  const bool secret = text::toLower(*name).find("token") != std::string::npos;
  return std::string(before) + "=" + (secret ? std::string(kHidden) : withoutTokens(*after));
}

}  // namespace

std::string redact(std::string_view text) {
  std::string out = withoutTokens(withoutCredentials(text));
  for (const auto secret : kSecrets) {
    for (auto at = out.find(secret); at != std::string::npos; at = out.find(secret, at)) {
      at += secret.size();
      out.replace(at, valueLength(std::string_view(out).substr(at)), kHidden);
    }
  }
  return out;
}

std::string redactTarget(std::string_view target) {
  const auto [path, queryText] = text::splitAt(target, '?');
  std::string out = redact(path);
  if (!queryText) return out;
  out += '?';
  std::optional<std::string_view> rest = queryText;
  while (rest) {
    const auto [parameter, others] = text::splitAt(*rest, '&');
    out += redactParameter(parameter);
    if (others) out += '&';
    rest = others;
  }
  return out;
}

}  // namespace rtcpub
