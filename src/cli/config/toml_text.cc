#include "cli/config/toml_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <utility>

#include "cli/config/toml_library.h"

namespace rtcpub::cli {
namespace {

using Entries = std::vector<ConfigEntry>;

[[nodiscard]] tl::unexpected<ConfigProblem> problem(int line, std::string message) {
  return tl::unexpected(ConfigProblem{line, std::move(message)});
}

int lineOf(const toml::source_region& source) { return static_cast<int>(source.begin.line); }

/// The shortest that is the same number.
std::string textOf(double number) {
  std::array<char, 32> text{};
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), number);
  return {text.data(), end};
}

tl::expected<ConfigValue, std::string> valueOf(const toml::node& node) {
  if (const auto* text = node.as_string()) {
    if (text->get().find('\0') == std::string::npos) {
      return ConfigValue{ValueKind::kText, text->get()};
    }
    return tl::unexpected<std::string>("holds \\u0000, which no option takes");
  }
  if (const auto* integer = node.as_integer()) {
    return ConfigValue{ValueKind::kInteger, std::to_string(integer->get())};
  }
  if (const auto* number = node.as_floating_point()) {
    return ConfigValue{ValueKind::kNumber, textOf(number->get())};
  }
  if (const auto* flag = node.as_boolean()) {
    return ConfigValue{ValueKind::kFlag, flag->get() ? "true" : "false"};
  }
  if (node.is_array()) return tl::unexpected<std::string>("is a list in a list");
  if (node.is_table()) return tl::unexpected<std::string>("has a table where a value belongs");
  return tl::unexpected<std::string>("is a date or a time: write text in quotes");
}

tl::expected<ConfigEntry, ConfigProblem> entryOf(const std::string& table, const toml::key& key,
                                                 const toml::node& node) {
  ConfigEntry entry{.table = table,
                    .key = std::string(key.str()),
                    .list = node.is_array(),
                    .values = {},
                    .line = lineOf(key.source())};
  const auto add = [&](const toml::node& each) -> tl::expected<void, ConfigProblem> {
    auto value = valueOf(each);
    if (!value) return problem(lineOf(each.source()), "'" + entry.key + "' " + value.error());
    entry.values.push_back(*std::move(value));
    return {};
  };
  const auto* list = node.as_array();
  if (list == nullptr) {
    if (auto added = add(node); !added) return tl::unexpected(added.error());
    return entry;
  }
  for (const toml::node& each : *list) {
    if (auto added = add(each); !added) return tl::unexpected(added.error());
  }
  return entry;
}

std::string deepTable(const std::string& outer, const std::string& inner) {
  return "'" + outer + "." + inner +
         "' is a table in a table: a key stands in the table of its subcommand, and no deeper";
}

std::string listedTable(const std::string& name) {
  return "a table stands once, in single brackets: write [" + name + "], not [[" + name + "]]";
}

tl::expected<void, ConfigProblem> addTable(const std::string& name, const toml::table& table,
                                           Entries& entries) {
  for (const auto& [key, node] : table) {
    if (node.is_table()) {
      const std::string inner(key.str());
      if (name.empty()) {
        if (auto added = addTable(inner, *node.as_table(), entries); !added) return added;
        continue;
      }
      return problem(lineOf(key.source()), deepTable(name, inner));
    }
    if (name.empty() && node.is_array_of_tables() && !node.as_array()->empty()) {
      return problem(lineOf(key.source()), listedTable(std::string(key.str())));
    }
    auto entry = entryOf(name, key, node);
    if (!entry) return tl::unexpected(entry.error());
    entries.push_back(*std::move(entry));
  }
  return {};
}

/// The parser's words, and what they mean to somebody who writes a configuration.
std::string explained(std::string_view description) {
  std::string text(description);
  const auto says = [&](std::string_view words) { return text.find(words) != text.npos; };
  if (says("cannot redefine existing")) return text + ": it may stand only once";
  if (says("parsing boolean") || says("could not determine value type")) {
    return text + ": text stands in quotes, as key = \"text\"; a flag is true or false";
  }
  if (says("invalid utf-8")) return "this is not UTF-8";
  return text;
}

/// Where the string that begins here ends, or the line that it doesn't reach beyond.
std::size_t endOfString(std::string_view text, std::size_t begin) {
  const char quote = text[begin];
  const std::string several(3, quote);
  const bool multiline = text.substr(begin, 3) == several;
  const std::string_view mark = multiline ? std::string_view(several) : text.substr(begin, 1);
  for (std::size_t at = begin + mark.size(); at < text.size(); ++at) {
    if (text[at] == '\\' && quote == '"') {
      ++at;
    } else if (text.substr(at, mark.size()) == mark) {
      return at + mark.size();
    } else if (text[at] == '\n' && !multiline) {
      return at;
    }
  }
  return text.size();
}

/// The line of the first character outside of strings and comments of which `see` says so, or 0.
template <class See>
int lineWhere(std::string_view text, See see) {
  int line = 1;
  for (std::size_t at = 0; at < text.size();) {
    const char letter = text[at];
    const std::size_t end = letter == '"' || letter == '\'' ? endOfString(text, at)
                            : letter == '#' ? std::min(text.find('\n', at), text.size())
                                            : at + 1;
    if (end == at + 1 && see(letter)) return line;
    line += static_cast<int>(std::ranges::count(text.substr(at, end - at), '\n'));
    at = end;
  }
  return 0;
}

/// The line of a key with more than kMostDots dots, or 0. toml++ 3.3 bounds how deep values are
/// nested, but not this, and its tables end by recursion: 50,000 dots take more than the stack.
int lineOfDeepKey(std::string_view text) {
  static constexpr int kMostDots = 8;
  static constexpr std::string_view kOfKeys =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_- \t";
  return lineWhere(text, [dots = 0](char letter) mutable {
    if (letter == '.') return ++dots > kMostDots;
    if (kOfKeys.find(letter) == kOfKeys.npos) dots = 0;
    return false;
  });
}

/// The line of a letter beyond ASCII that is in no string or comment, or 0: TOML has none there.
int lineOfForeignLetter(std::string_view text) {
  return lineWhere(text, [](char letter) { return static_cast<unsigned char>(letter) >= 0x80U; });
}

/// The code point at the beginning of the text and how many bytes it takes; 0 bytes where that is
/// no UTF-8 (RFC 3629 section 4).
std::pair<char32_t, std::size_t> firstOf(std::string_view text) {
  constexpr std::array<char32_t, 5> kLeast{0, 0, 0x80, 0x800, 0x10000};  // of so many bytes
  constexpr std::pair<char32_t, std::size_t> kNone{0, 0};
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const unsigned lead = byte(0);
  if (lead < 0x80U) return {lead, 1};
  const std::size_t length = lead < 0xE0U ? 2 : lead < 0xF0U ? 3 : 4;
  if (lead < 0xC0U || lead > 0xF4U || text.size() < length) return kNone;
  char32_t point = lead & (0x7FU >> length);
  for (std::size_t at = 1; at < length; ++at) {
    if ((byte(at) & 0xC0U) != 0x80U) return kNone;
    point = point << 6U | (byte(at) & 0x3FU);
  }
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  if (point < kLeast.at(length) || point > 0x10FFFF || surrogate) return kNone;
  return {point, length};
}

/// Controls, and what turns the direction of writing.
bool playsTricks(char32_t point) {
  return point < 0x20 || (point >= 0x7F && point < 0xA0) || point == 0x200E || point == 0x200F ||
         point == 0x2028 || point == 0x2029 || (point >= 0x202A && point <= 0x202E) ||
         (point >= 0x2066 && point <= 0x2069);
}

std::string tomlString(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const auto [point, length] = firstOf(text);
    if (point == '"' || point == '\\') {
      out += '\\';
      out += static_cast<char>(point);
    } else if (playsTricks(point)) {
      std::array<char, 8> escape{};
      std::snprintf(escape.data(), escape.size(), "\\u%04X", static_cast<unsigned>(point));
      out += escape.data();
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out + '"';
}

std::string tomlValue(const ConfigValue& value) {
  if (value.kind == ValueKind::kText) return tomlString(value.text);
  const bool whole = value.kind == ValueKind::kNumber &&
                     value.text.find_first_not_of("-0123456789") == std::string::npos;
  return whole ? value.text + ".0" : value.text;
}

/// Whether the parser stumbles over this beginning of a text.
bool stumblesOver(std::string_view text) {
  try {
    (void)toml::parse(text);
  } catch (const toml::parse_error&) {
    return false;
  } catch (const ParserFault&) {
    return true;
  }
  return false;
}

/// The first line over which it stumbles, of a text over which it does.
int lineOfFault(std::string_view text) {
  std::vector<std::size_t> ends;  // of lines
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\n') ends.push_back(at + 1);
  }
  ends.push_back(text.size());
  const auto first = std::ranges::partition_point(
      ends, [text](std::size_t end) { return !stumblesOver(text.substr(0, end)); });
  return static_cast<int>(first - ends.begin()) + 1;
}

}  // namespace

tl::expected<std::vector<ConfigEntry>, ConfigProblem> parseConfigText(std::string_view text) {
  if (const int line = lineOfDeepKey(text); line > 0) {
    return problem(line, "a key stands in the table of its subcommand, and no deeper");
  }
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (const int line = lineOfForeignLetter(text); line > 0) {
    return problem(line, fitsToml(text)
                             ? "a letter beyond ASCII stands outside of quotes: keys have "
                               "none, and text stands in quotes, as key = \"text\""
                             : "this is not UTF-8");
  }
  toml::table root;
  try {
    root = toml::parse(text);
  } catch (const toml::parse_error& error) {
    return problem(lineOf(error.source()), explained(error.description()));
  } catch (const ParserFault&) {
    return problem(lineOfFault(text), "this is not TOML: [table], or key = value");
  }
  Entries entries;
  if (auto added = addTable("", root, entries); !added) return tl::unexpected(added.error());
  std::ranges::stable_sort(entries, {}, &ConfigEntry::line);
  return entries;
}

std::string tomlValue(bool list, const std::vector<ConfigValue>& values) {
  if (!list) return values.empty() ? "\"\"" : tomlValue(values.front());
  std::string text = "[";
  for (const ConfigValue& value : values) {
    if (text.size() > 1) text += ", ";
    text += tomlValue(value);
  }
  return text + "]";
}

bool fitsToml(std::string_view text) {
  while (!text.empty()) {
    const auto [point, length] = firstOf(text);
    if (length == 0 || point == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace rtcpub::cli
