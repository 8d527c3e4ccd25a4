#include <array>
#include <cstdint>

#include "core/text/text.h"
#include "rtcpub/log.h"

namespace rtcpub {
namespace {

std::uint32_t codePoint(std::string_view character) {
  constexpr std::array<unsigned char, 5> kLead{0, 0x7f, 0x1f, 0x0f, 0x07};
  std::uint32_t code = static_cast<unsigned char>(character[0]) & kLead[character.size()];
  for (const char c : character.substr(1))
    code = code << 6 | (static_cast<unsigned char>(c) & 0x3f);
  return code;
}

/// Control characters (C0, DEL, C1), line ends beyond ASCII, and what turns the direction of
/// writing (Unicode's Bidi_Control).
bool isHarmful(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x061c || code == 0x200e ||
         code == 0x200f || (code >= 0x2028 && code <= 0x202e) ||
         (code >= 0x2066 && code <= 0x2069) || code == 0xfeff;
}

std::string asHex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return out;
}

std::string harmless(std::string_view character) {
  if (character == "\n") return "\\n";
  if (character == "\r") return "\\r";
  if (character == "\t") return "\\t";
  return asHex(character);
}

}  // namespace

std::string escaped(std::string_view text, std::size_t limit) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t known = text::utf8Length(text);
    const auto character = text.substr(0, known == 0 ? 1 : known);
    const bool shown = known > 0 && !isHarmful(codePoint(character));
    const std::string next = shown ? std::string(character) : harmless(character);
    if (out.size() + next.size() > limit) return out + "...";
    out += next;
    text.remove_prefix(character.size());
  }
  return out;
}

}  // namespace rtcpub
