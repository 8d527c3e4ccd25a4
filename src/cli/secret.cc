#include "cli/secret.h"

#include <CLI/StringTools.hpp>
#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace rtcpub::cli {
namespace {

/// CLI11 has no mark of one's own for an option, but its validators have names: this one refuses
/// nothing.
constexpr const char* kMark = "secret";

constexpr std::array<std::string_view, 4> kProperties{"user-pw", "proxy-pw", "password",
                                                      "passphrase"};

/// "user-pw=…", also with space before the sign, as gst-launch takes it.
bool hasValue(std::string_view text, std::string_view property) {
  for (auto at = text.find(property); at != text.npos; at = text.find(property, at + 1)) {
    const auto next = text.find_first_not_of(" \t\r\n", at + property.size());
    if (next != text.npos && text[next] == '=') return true;
  }
  return false;
}

/// Whether a word's "host:554" ends before its '@', as in "camera/stream:1/@2".
bool isNumber(std::string_view word, std::string_view::size_type colon) {
  const auto number = word.substr(colon + 1, word.find_first_of("/?#@", colon) - colon - 1);
  return !number.empty() && number.find_first_not_of("0123456789") == number.npos;
}

/// Whether "user:password@" stands behind one of these marks. A password may hold what should be
/// encoded, so that the last '@' before the next space counts: "user:12/34@host" may be a password,
/// and whoever writes "host:554/path@2" has one hidden that is none.
bool hasUserInfo(std::string_view text, std::string_view mark) {
  for (auto at = text.find(mark); at != text.npos; at = text.find(mark, at + 1)) {
    const auto rest = text.substr(at + mark.size());
    const auto word = rest.substr(0, rest.find_first_of(" \t\r\n\"'"));
    const auto end = word.rfind('@');
    const auto colon = word.find(':');
    if (end == word.npos || colon > end) continue;
    if (colon < word.find_first_of("/?#") || !isNumber(word, colon)) return true;
  }
  return false;
}

}  // namespace

CLI::Option* secret(CLI::Option* option) {
  CLI::Validator mark([](std::string&) { return std::string(); }, "", kMark);
  return option->check(mark)->group("");
}

bool isSecret(CLI::Option& option) {
  try {
    return option.get_validator(kMark) != nullptr;
  } catch (const CLI::OptionNotFound&) {
    return false;
  }
}

bool hasPassword(std::string_view written) {
  // Schemes are taken in either case (RFC 3986 section 3.1).
  const std::string text = CLI::detail::to_lower(std::string(written));
  return hasUserInfo(text, "://") || hasUserInfo(text, "turn:") || hasUserInfo(text, "turns:") ||
         std::ranges::any_of(kProperties,
                             [&](std::string_view property) { return hasValue(text, property); });
}

}  // namespace rtcpub::cli
