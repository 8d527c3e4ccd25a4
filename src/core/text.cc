#include "core/text.h"

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

Halves splitAt(std::string_view text, char separator) {
  const auto at = text.find(separator);
  if (at == std::string_view::npos) return {text, std::nullopt};
  return {text.substr(0, at), text.substr(at + 1)};
}

}  // namespace rtcpub::text
