#include "cli/config/report.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <utility>

#include "cli/secret.h"
#include "cli/wrapped.h"
#include "rtcpub/log.h"

namespace rtcpub::cli {
namespace {

bool isPlainInteger(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && text.find_first_not_of("0123456789") == text.npos &&
         (text.size() == 1 || text.front() != '0');
}

/// CLI11 reads "+5" and, as octal, "010"; TOML knows the one and not the other.
ConfigValue plain(const ConfigValue& value) {
  if (value.kind == ValueKind::kInteger && !isPlainInteger(value.text)) {
    return {value.kind, std::to_string(std::strtoll(value.text.c_str(), nullptr, 0))};
  }
  if (value.kind == ValueKind::kNumber && value.text.starts_with('.')) {
    return {value.kind, "0" + value.text};
  }
  return value;
}

std::string defaultValue(const Key& key) {
  if (key.kind == ValueKind::kFlag) return "false";
  if (key.defaultText.empty()) return {};
  return tomlValue(key.list, {{key.kind, key.defaultText}});
}

bool isHidden(const Setting& setting) {
  return setting.key.secret || std::ranges::any_of(setting.values, hasPassword, &ConfigValue::text);
}

std::string lineOf(const Setting& setting) {
  const std::string& name = setting.key.name;
  if (setting.level == Level::kDefault) {
    if (const auto value = defaultValue(setting.key); !value.empty()) {
      return "# " + name + " = " + value + "  # default";
    }
    return "# " + name + (setting.key.required ? ": required, and not set" : ": not set");
  }
  const std::string origin = escaped(setting.origin);
  if (isHidden(setting)) return "# " + name + ": a secret, not shown  # " + origin;
  if (!std::ranges::all_of(setting.values, fitsToml, &ConfigValue::text)) {
    return "# " + name + ": not UTF-8, which no file can hold  # " + origin;
  }
  std::vector<ConfigValue> values;
  std::ranges::transform(setting.values, std::back_inserter(values), plain);
  return name + " = " + tomlValue(setting.key.list, values) + "  # " + origin;
}

// --- the reference

struct Entry {
  const Key* key;
  std::vector<std::string> subcommands;
};

bool same(const Key& one, const Key& other) {
  return one.name == other.name && one.kind == other.kind && one.list == other.list &&
         one.required == other.required && one.own == other.own &&
         one.defaultText == other.defaultText && one.description == other.description;
}

/// Those that several subcommands have alike, once.
std::vector<Entry> entriesOf(const AllKeys& known) {
  std::vector<Entry> entries;
  for (const auto& [subcommand, keys] : known) {
    for (const Key& key : keys) {
      const auto found =
          std::ranges::find_if(entries, [&](const Entry& entry) { return same(*entry.key, key); });
      if (found == entries.end()) {
        entries.push_back({&key, {subcommand}});
      } else {
        found->subcommands.push_back(subcommand);
      }
    }
  }
  return entries;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    if (!text.empty()) text += ", ";
    text += name;
  }
  return text;
}

/// Without what Markdown would take for its own.
std::string markdown(std::string_view text) {
  std::string out;
  for (const char letter : text) {
    if (letter == '<' || letter == '*' || letter == '`') out += '\\';
    out += letter;
  }
  return out;
}

std::string variablesOf(const Entry& entry) {
  const std::string& name = entry.key->name;
  if (!entry.key->own) return "`" + environmentName(name) + "`";
  std::string text = "in a table only";
  for (const std::string& subcommand : entry.subcommands) {
    text += ", `" + environmentName(name, subcommand) + "`";
  }
  return text;
}

std::string describe(const Entry& entry) {
  const Key& key = *entry.key;
  std::string text = "`" + key.name + "`: " + typeName(key);
  if (key.required) text += ", required";
  if (key.secret) text += ", secret";
  if (const auto value = defaultValue(key); key.kind != ValueKind::kFlag && !value.empty()) {
    text += ", default `" + value + "`";
  }
  text += "; " + variablesOf(entry) + ". " + markdown(key.description);
  return "- " + wrapped(text, 2) + "\n";
}

}  // namespace

std::string settingsText(std::string_view subcommand, const std::vector<Setting>& settings) {
  std::string text = "[" + std::string(subcommand) + "]\n";
  for (const Setting& setting : settings) text += lineOf(setting) + "\n";
  return text;
}

std::string keysText(const AllKeys& known) {
  const auto entries = entriesOf(known);
  std::vector<std::pair<std::string, std::string>> sections;
  for (const Entry& entry : entries) {
    const std::string title = joined(entry.subcommands);
    auto section = std::ranges::find(sections, title, [](const auto& each) { return each.first; });
    if (section == sections.end()) section = sections.insert(section, {title, ""});
    section->second += describe(entry);
  }
  std::string text;
  for (const auto& [title, list] : sections) {
    text.append("\n### ").append(title).append("\n\n").append(list);
  }
  return text;
}

}  // namespace rtcpub::cli
