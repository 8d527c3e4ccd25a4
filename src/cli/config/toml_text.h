#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

/// A configuration file's text and back. Pure: what holds in the file is for others to say.
namespace rtcpub::cli {

enum class ValueKind {
  kText,
  kInteger,  ///< a whole number of 64 bits
  kNumber,
  kFlag,  ///< true or false
};

struct ConfigValue {
  ValueKind kind = ValueKind::kText;
  std::string text;  ///< as the command line has it: `8268`, `true`, text without quotes

  friend bool operator==(const ConfigValue&, const ConfigValue&) = default;
};

/// One `key = value`, in a table or above all tables.
struct ConfigEntry {
  std::string table;  ///< empty: it stands above the tables
  std::string key;
  bool list = false;
  std::vector<ConfigValue> values;  ///< one unless it is a list
  int line = 0;                     ///< of the key, from 1

  friend bool operator==(const ConfigEntry&, const ConfigEntry&) = default;
};

struct ConfigProblem {
  int line = 0;  ///< from 1; 0: it is of no line
  std::string message;

  friend bool operator==(const ConfigProblem&, const ConfigProblem&) = default;
};

/// Reads TOML 1.0 (https://toml.io/en/v1.0.0) of the shape that a configuration has: keys, tables
/// of keys, and no deeper. Sorted by line.
tl::expected<std::vector<ConfigEntry>, ConfigProblem> parseConfigText(std::string_view text);

/// The value as TOML: `"text"`, `8268`, `["a", "b"]`. Whatever could play tricks on a terminal is
/// escaped. The text must be UTF-8.
std::string tomlValue(bool list, const std::vector<ConfigValue>& values);

/// Whether TOML can hold it: UTF-8 without a zero.
bool fitsToml(std::string_view text);

}  // namespace rtcpub::cli
