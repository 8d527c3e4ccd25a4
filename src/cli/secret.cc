#include "cli/secret.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace rtcpub::cli {
namespace {

/// CLI11 has no mark of one's own for an option, but its validators have names: this one refuses
/// nothing.
constexpr const char* kMark = "secret";

constexpr std::array<std::string_view, 4> kProperties{
    "user-pw=", "proxy-pw=", "password=", "passphrase="};

/// Whether "user:password@" stands behind one of these marks. A password may hold what should be
/// encoded, so that the last '@' before the next space counts; but "host:554/path@2" has a port.
bool hasUserInfo(std::string_view text, std::string_view mark) {
  for (auto at = text.find(mark); at != text.npos; at = text.find(mark, at + 1)) {
    const auto rest = text.substr(at + mark.size());
    const auto word = rest.substr(0, rest.find_first_of(" \t\r\n\"'"));
    const auto end = word.rfind('@');
    const auto colon = word.find(':');
    if (end == word.npos || colon > end) continue;
    const auto port = word.substr(colon + 1, word.find_first_of("/?#@", colon) - colon - 1);
    const bool isPort = !port.empty() && port.find_first_not_of("0123456789") == port.npos &&
                        word.find_first_of("/?#@") != end;
    if (!isPort) return true;
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

bool hasPassword(std::string_view text) {
  return hasUserInfo(text, "://") || hasUserInfo(text, "turn:") || hasUserInfo(text, "turns:") ||
         std::ranges::any_of(kProperties, [&](std::string_view property) {
           return text.find(property) != text.npos;
         });
}

}  // namespace rtcpub::cli
