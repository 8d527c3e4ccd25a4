#include "core/address/key_fingerprint.h"

#include <charconv>

#include "core/text/text.h"

namespace rtcpub {
namespace {

constexpr std::string_view kPrefix = "sha256:";
constexpr std::size_t kPair = 2;  // hexadecimal digits a byte

tl::unexpected<Error> refuse(std::string_view text) {
  constexpr std::size_t kLongestQuote = 80;
  return fail(ErrorCode::kInvalidArgument,
              text::quote(text, kLongestQuote) +
                  " is no fingerprint: give the one that the server prints at its start, sha256: "
                  "and 64 hexadecimal digits");
}

}  // namespace

Result<KeyFingerprint> parseKeyFingerprint(std::string_view text) {
  if (text::toLower(text.substr(0, kPrefix.size())) != kPrefix) return refuse(text);
  std::string_view rest = text.substr(kPrefix.size());
  KeyFingerprint fingerprint{};
  for (std::size_t i = 0; i < fingerprint.size(); ++i) {
    if (i > 0 && rest.starts_with(':')) rest.remove_prefix(1);
    if (rest.size() < kPair) return refuse(text);
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + kPair, fingerprint[i], 16);
    if (error != std::errc() || end != rest.data() + kPair) return refuse(text);
    rest.remove_prefix(kPair);
  }
  if (!rest.empty()) return refuse(text);
  return fingerprint;
}

std::string format(const KeyFingerprint& fingerprint) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text(kPrefix);
  for (const std::uint8_t byte : fingerprint) {
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 15U];
  }
  return text;
}

}  // namespace rtcpub
