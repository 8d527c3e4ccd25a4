#include "core/text/text.h"

#include <algorithm>
#include <charconv>

namespace rtcpub::text {
namespace {

bool isControl(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

bool isDigit(char c) { return c >= '0' && c <= '9'; }

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
  const auto isBetween = [&](std::size_t i, unsigned low, unsigned high) {
    return byte(i) >= low && byte(i) <= high;
  };
  const auto isTail = [&](std::size_t i) { return isBetween(i, 0x80, 0xBF); };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return isTail(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const unsigned low = first == 0xE0 ? 0xA0 : 0x80;   // else overlong
    const unsigned high = first == 0xED ? 0x9F : 0xBF;  // else a surrogate
    return isBetween(1, low, high) && isTail(2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const unsigned low = first == 0xF0 ? 0x90 : 0x80;   // else overlong
    const unsigned high = first == 0xF4 ? 0x8F : 0xBF;  // else above U+10FFFF
    return isBetween(1, low, high) && isTail(2) && isTail(3) ? 4 : 0;
  }
  return 0;
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
