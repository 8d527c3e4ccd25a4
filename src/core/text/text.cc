#include "core/text/text.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace rtcpub::text {
namespace {

bool isControl(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

bool isDigit(char c) { return c >= '0' && c <= '9'; }

/// The well-formed sequences of UTF-8 (Unicode, table 3-7), by their first byte: how many bytes
/// they have, and what the second one is. Others that follow are 0x80 to 0xBF.
struct Utf8Form {
  unsigned first, last;
  std::size_t length;
  unsigned low, high;
};
constexpr std::array kWellFormed{
    Utf8Form{0x00, 0x7F, 1, 0, 0},       Utf8Form{0xC2, 0xDF, 2, 0x80, 0xBF},
    Utf8Form{0xE0, 0xE0, 3, 0xA0, 0xBF},                                       // else overlong
    Utf8Form{0xE1, 0xEC, 3, 0x80, 0xBF}, Utf8Form{0xED, 0xED, 3, 0x80, 0x9F},  // else a surrogate
    Utf8Form{0xEE, 0xEF, 3, 0x80, 0xBF}, Utf8Form{0xF0, 0xF0, 4, 0x90, 0xBF},  // else overlong
    Utf8Form{0xF1, 0xF3, 4, 0x80, 0xBF}, Utf8Form{0xF4, 0xF4, 4, 0x80, 0x8F},  // else over U+10FFFF
};

}  // namespace

std::string printable(std::string_view text, std::size_t limit) {
  std::string out(text.substr(0, limit));
  std::ranges::replace_if(
      out, [](char c) { return isControl(c) || static_cast<unsigned char>(c) > 0x7f; }, '?');
  if (text.size() > limit) out += "...";
  return out;
}

std::string quote(std::string_view text, std::size_t limit) {
  return '"' + printable(text, limit) + '"';
}

std::optional<int> parseInteger(std::string_view text, int min, int max) {
  if (text.empty() || !std::ranges::all_of(text, isDigit)) return std::nullopt;
  int value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc() || value < min || value > max) return std::nullopt;
  return value;
}

std::string toLower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return out;
}

bool hasControl(std::string_view text) { return std::ranges::any_of(text, isControl); }

std::size_t utf8Length(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto form = std::ranges::find_if(kWellFormed, [first = byte(0)](const Utf8Form& known) {
    return first >= known.first && first <= known.last;
  });
  if (form == kWellFormed.end()) return 0;
  for (std::size_t i = 1; i < form->length; ++i) {
    const unsigned low = i == 1 ? form->low : 0x80;
    const unsigned high = i == 1 ? form->high : 0xBF;
    if (byte(i) < low || byte(i) > high) return 0;
  }
  return form->length;
}

bool isUtf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8Length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

Halves splitAt(std::string_view text, char separator) {
  const auto at = text.find(separator);
  if (at == std::string_view::npos) return {text, std::nullopt};
  return {text.substr(0, at), text.substr(at + 1)};
}

}  // namespace rtcpub::text
