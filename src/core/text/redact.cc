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
  const auto authority = text.substr(0, text.find_first_of(kAuthorityEnd));
  auto at = authority.rfind('@');
  if (at == std::string_view::npos && authority.find(':') != std::string_view::npos) {
    at = text.substr(0, text.find_first_of(" \t\r\n\"'")).rfind('@');
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

/// Whether a run of such characters looks like a JWT: three parts joined by dots, of which the
/// first is an object of JSON in base64url, and so begins with `eyJ` (RFC 7519 section 3).
bool isJwt(std::string_view run) {
  return run.starts_with("eyJ") && std::ranges::count(run, '.') >= 2;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

/// The length of the text that says that a token follows; 0: none does.
std::size_t markLength(std::string_view text) {
  for (const std::string_view mark : {"token=", "bearer ", "rtcpub.token."}) {
    if (lower(text.front()) != mark.front()) continue;
    if (std::ranges::equal(text.substr(0, mark.size()), mark, {}, lower)) return mark.size();
  }
  return 0;
}

/// Each character is looked at a few times at most, whatever strangers write.
std::string withoutTokens(std::string_view text) {
  std::string out;
  std::size_t noJwtBefore = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto rest = text.substr(at);
    const auto mark = markLength(rest);
    const auto token = rest.substr(mark);
    const bool mayBeJwt = at >= noJwtBefore && rest.starts_with("eyJ");
    const auto length = mark > 0 || mayBeJwt ? tokenLength(token) : 0;
    const bool hidden = length > 0 && (mark > 0 || isJwt(token.substr(0, length)));
    // What begins later in the same run has fewer dots.
    if (mayBeJwt) noJwtBefore = at + length;
    const std::size_t kept = hidden || mark > 0 ? mark : 1;
    out.append(rest.substr(0, kept));
    at += kept;
    if (!hidden) continue;
    out += kHidden;
    at += length;
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
  std::string out = withoutTokens(path);
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
