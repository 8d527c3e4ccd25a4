#pragma once

#include <optional>
#include <string>
#include <string_view>

/// Small readers and writers of text that the parsers of this room share.
namespace rtcpub::text {

/// The text in double quotes, fit for a message to people: control characters and everything beyond
/// ASCII as '?', and no more than `limit` characters of it.
std::string quote(std::string_view text, std::size_t limit = 40);

/// As quote, without the quotes.
std::string printable(std::string_view text, std::size_t limit);

/// A decimal number from `min` to `max`, the whole text, without sign or space; `min` is 0 or more.
std::optional<int> parseInteger(std::string_view text, int min, int max);

/// ASCII only.
std::string toLower(std::string_view text);

/// Whether there is a control character in it (ASCII 0 to 31, 127).
bool hasControl(std::string_view text);

/// How many bytes the character takes that the text begins with, in UTF-8 (RFC 3629 section 4); 0:
/// it is none.
std::size_t utf8Length(std::string_view text);

/// Whether it is UTF-8 (RFC 3629): no overlong form, no surrogate, nothing above U+10FFFF.
bool isUtf8(std::string_view text);

/// The part before the first `separator`, and the part behind it if there was one.
struct Halves {
  std::string_view before;
  std::optional<std::string_view> after;
};
Halves splitAt(std::string_view text, char separator);

}  // namespace rtcpub::text
