#include "core/text/base64url.h"

#include <cstdint>

namespace rtcpub::text {
namespace {

constexpr std::string_view kDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr unsigned kBitsOfDigit = 6;

}  // namespace

std::optional<std::string> decodeBase64Url(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t waiting = 0;  // bits that don't fill a byte yet
  unsigned count = 0;
  for (const char c : text) {
    const auto digit = kDigits.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    waiting = (waiting << kBitsOfDigit | static_cast<std::uint32_t>(digit)) & 0xFFFU;
    count += kBitsOfDigit;
    if (count < 8) continue;
    count -= 8;
    bytes.push_back(static_cast<char>(waiting >> count));
  }
  const bool whole = count < kBitsOfDigit && (waiting & ((1U << count) - 1)) == 0;
  if (!whole) return std::nullopt;
  return bytes;
}

std::string encodeBase64Url(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() * 4 + 2) / 3);
  std::uint32_t waiting = 0;
  unsigned count = 0;
  for (const char c : bytes) {
    waiting = (waiting << 8U | static_cast<unsigned char>(c)) & 0xFFFFU;
    for (count += 8; count >= kBitsOfDigit;) {
      count -= kBitsOfDigit;
      text.push_back(kDigits[waiting >> count & 0x3FU]);
    }
  }
  if (count > 0) text.push_back(kDigits[waiting << (kBitsOfDigit - count) & 0x3FU]);
  return text;
}

}  // namespace rtcpub::text
