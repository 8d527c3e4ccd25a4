#include "cli/config/settings.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <utility>

#include "cli/config/nearest.h"
#include "cli/secret.h"

namespace rtcpub::cli {
namespace {

const Key* find(const std::vector<Key>& keys, std::string_view name) {
  const auto found = std::ranges::find(keys, name, &Key::name);
  return found == keys.end() ? nullptr : &*found;
}

// --- the file

std::vector<std::string> namesOf(const std::vector<Key>& keys) {
  std::vector<std::string> names(keys.size());
  std::ranges::transform(keys, names.begin(), &Key::name);
  return names;
}

/// "publish, subscribe and doctor", of those that have this key.
std::string ownersOf(std::string_view key, const AllKeys& known) {
  std::vector<std::string> owners;
  for (const auto& [subcommand, keys] : known) {
    if (find(keys, key) != nullptr) owners.push_back("[" + subcommand + "]");
  }
  std::string text;
  for (std::size_t at = 0; at < owners.size(); ++at) {
    if (at > 0) text += at + 1 == owners.size() ? " or " : ", ";
    text += owners[at];
  }
  return text;
}

std::string suggestion(const std::string& name) {
  return name.empty() ? "" : ": did you mean '" + name + "'?";
}

std::string unknownTable(const std::string& table, const AllKeys& known) {
  std::vector<std::string> names;
  for (const auto& [subcommand, keys] : known) names.push_back(subcommand);
  return "there is no subcommand '" + table + "' for which a table could be" +
         suggestion(nearest(table, names));
}

std::string keyWithoutTable(const std::string& key, const AllKeys& known) {
  return "'" + key + "' is another thing for each subcommand: write it in a table, " +
         ownersOf(key, known);
}

std::string unknownKey(const ConfigEntry& entry, const AllKeys& known) {
  if (entry.table.empty()) {
    if (!ownersOf(entry.key, known).empty()) return keyWithoutTable(entry.key, known);
    std::vector<std::string> names;
    for (const auto& [subcommand, keys] : known) {
      const auto more = namesOf(keys);
      names.insert(names.end(), more.begin(), more.end());
    }
    return "there is no key '" + entry.key + "'" + suggestion(nearest(entry.key, names));
  }
  const std::string near = nearest(entry.key, namesOf(known.at(entry.table)));
  std::string text = "there is no key '" + entry.key + "' in [" + entry.table + "]";
  if (near.empty()) {
    if (const auto owners = ownersOf(entry.key, known); !owners.empty()) {
      return text + ": it belongs to " + owners;
    }
  }
  return text + suggestion(near);
}

std::string wants(const Key& key) {
  switch (key.kind) {
    case ValueKind::kFlag:
      return "is true or false, without quotes";
    case ValueKind::kInteger:
      return "takes a whole number, without quotes";
    case ValueKind::kNumber:
      return "takes a number, without quotes";
    case ValueKind::kText:
      return key.list ? "takes text, in quotes; several: [\"…\", \"…\"]" : "takes text, in quotes";
  }
  return "";
}

/// What is wrong with its type; empty: nothing.
std::string wrongType(const ConfigEntry& entry, const Key& key) {
  if (entry.list && !key.list) return "'" + entry.key + "' takes one value, not a list";
  const bool fits = std::ranges::all_of(entry.values, [&](const ConfigValue& value) {
    return value.kind == key.kind ||
           (key.kind == ValueKind::kNumber && value.kind == ValueKind::kInteger);
  });
  return fits ? "" : "'" + entry.key + "' " + wants(key);
}

/// The key that a line is for, in one of the subcommands whose key fits best: one above all tables
/// may be of several.
std::string problemOf(const ConfigEntry& entry, const AllKeys& known) {
  std::string wrong;
  bool there = false;
  for (const auto& [subcommand, keys] : known) {
    if (!entry.table.empty() && entry.table != subcommand) continue;
    const Key* const key = find(keys, entry.key);
    if (key == nullptr || (key->own && entry.table.empty())) continue;
    there = true;
    wrong = wrongType(entry, *key);
    if (wrong.empty()) return {};
  }
  return there ? wrong : unknownKey(entry, known);
}

bool holdsSecret(const ConfigEntry& entry, const AllKeys& known) {
  const bool marked = std::ranges::any_of(known, [&](const auto& each) {
    const Key* const key = find(each.second, entry.key);
    return key != nullptr && key->secret;
  });
  return marked || std::ranges::any_of(entry.values, hasPassword, &ConfigValue::text);
}

// --- the environment

/// What stands on a line each, or between two of the delimiters where the option has one; without
/// empty ones and the space around them.
std::vector<std::string> partsOf(std::string_view text, char delimiter) {
  constexpr std::string_view kSpace = " \t\r";
  const std::string ends{'\n', delimiter == '\0' ? '\n' : delimiter};
  std::vector<std::string> lines;
  while (!text.empty()) {
    auto line = text.substr(0, text.find_first_of(ends));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    line.remove_prefix(std::min(line.find_first_not_of(kSpace), line.size()));
    if (line.empty()) continue;
    lines.emplace_back(line.substr(0, line.find_last_not_of(kSpace) + 1));
  }
  return lines;
}

std::optional<std::string> flagOf(std::string text) {
  std::ranges::transform(text, text.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  });
  constexpr std::array<std::string_view, 4> kYes{"1", "true", "yes", "on"};
  constexpr std::array<std::string_view, 4> kNo{"0", "false", "no", "off"};
  if (std::ranges::count(kYes, text) > 0) return "true";
  if (std::ranges::count(kNo, text) > 0) return "false";
  return std::nullopt;
}

Result<std::vector<ConfigValue>> valuesOf(const Key& key, const std::string& variable,
                                          const std::string& text) {
  if (key.kind == ValueKind::kFlag) {
    const auto flag = flagOf(text);
    if (flag) return std::vector{ConfigValue{key.kind, *flag}};
    return fail(ErrorCode::kInvalidArgument, "environment " + variable + ": '" + text +
                                                 "' is none of 1, true, yes, on, 0, " +
                                                 "false, no and off");
  }
  if (!key.list) return std::vector{ConfigValue{key.kind, text}};
  std::vector<ConfigValue> values;
  for (auto& part : partsOf(text, key.option->get_delimiter())) {
    values.push_back({key.kind, std::move(part)});
  }
  return values;
}

// --- what holds

/// What CLI11 found on the command line, as a file would have it.
std::vector<ConfigValue> givenTo(const Key& key) {
  std::vector<ConfigValue> values;
  for (const std::string& text : key.option->results()) {
    if (key.kind == ValueKind::kFlag) {
      // A flag that turns something off has "false" when it is given; some have something else.
      const bool on = text != key.option->get_flag_value(key.name, "false");
      values = {{key.kind, on ? "true" : "false"}};
    } else {
      values.push_back({key.kind, text});
    }
  }
  return values;
}

tl::unexpected<Error> secretOnCommandLine(const Key& key) {
  return fail(ErrorCode::kInvalidArgument,
              "--" + key.name +
                  " is a secret, and every user of this machine can read a command "
                  "line: give it by the environment, as " +
                  environmentName(key.name) + ", or by the file of --config");
}

/// The variable of the subcommand's own, else the one of all that mean the same by the key.
Result<std::optional<Setting>> fromEnvironment(const Key& key, std::string_view subcommand,
                                               const Environment& environment) {
  for (const Level level : {Level::kOwnEnvironment, Level::kEnvironment}) {
    const bool forAll = level == Level::kEnvironment;
    if (forAll && key.own) continue;
    const std::string variable = environmentName(key.name, forAll ? "" : subcommand);
    const auto found = environment.find(variable);
    if (found == environment.end() || found->second.empty()) continue;
    auto values = valuesOf(key, variable, found->second);
    if (!values) return tl::unexpected(values.error());
    return Setting{key, level, *std::move(values), "environment " + variable};
  }
  return std::nullopt;
}

/// The line of the subcommand's table, else one above all tables whose type is this key's: another
/// subcommand's key may have the same name.
std::optional<Setting> fromFile(const Key& key, std::string_view subcommand,
                                const ConfigFile& file) {
  std::optional<Setting> found;
  for (const ConfigEntry& entry : file.entries) {
    const bool ours = entry.table == subcommand || (entry.table.empty() && !key.own);
    if (entry.key != key.name || !ours) continue;
    const Level level = entry.table.empty() ? Level::kFile : Level::kFileTable;
    if (found && found->level > level) continue;
    if (!wrongType(entry, key).empty()) continue;
    found = Setting{key, level, entry.values, file.at(entry.line)};
  }
  return found;
}

Result<Setting> settingOf(const Key& key, std::string_view subcommand,
                          const Environment& environment, const ConfigFile* file) {
  if (key.option->count() > 0) {
    if (key.secret) return secretOnCommandLine(key);
    return Setting{key, Level::kCommandLine, givenTo(key), "command line"};
  }
  auto found = fromEnvironment(key, subcommand, environment);
  if (!found) return tl::unexpected(found.error());
  if (!*found && file != nullptr) *found = fromFile(key, subcommand, *file);
  return found->value_or(Setting{key, Level::kDefault, {}, ""});
}

/// What stands higher silences what it excludes.
void silenceExcluded(std::vector<Setting>& settings) {
  const auto levelOf = [&settings](const CLI::Option* option) {
    const auto found =
        std::ranges::find(settings, option, [](const Setting& each) { return each.key.option; });
    return found == settings.end() || !found->toTell() ? Level::kDefault : found->level;
  };
  std::vector<bool> silent;
  for (const Setting& setting : settings) {
    const auto excluded = setting.key.option->get_excludes();
    silent.push_back(std::ranges::any_of(excluded, [&](const CLI::Option* other) {
      return setting.level != Level::kCommandLine && levelOf(other) > setting.level;
    }));
  }
  for (std::size_t at = 0; at < settings.size(); ++at) {
    if (silent[at]) settings[at] = Setting{settings[at].key, Level::kDefault, {}, ""};
  }
}

// --- telling the options

Result<void> tell(const Setting& setting, CLI::Option& option) {
  for (const ConfigValue& value : setting.values) {
    const bool flag = setting.key.kind == ValueKind::kFlag;
    option.add_result(flag ? option.get_flag_value(setting.key.name, value.text) : value.text);
  }
  try {
    option.run_callback();
    return {};
  } catch (const CLI::ConversionError&) {
    return fail(ErrorCode::kInvalidArgument, setting.origin + ": " + setting.key.name +
                                                 " can't be " + setting.values.front().text);
  } catch (const CLI::ParseError& error) {
    return fail(ErrorCode::kInvalidArgument, setting.origin + ": " + error.what());
  }
}

/// CLI11 looks only at whether a flag is given, also where it is given as false.
void excludeNothing(CLI::Option& option) {
  for (CLI::Option* other : option.get_excludes()) {
    option.remove_excludes(other);
    other->remove_excludes(&option);
  }
}

bool fromElsewhere(const Setting& setting) {
  return setting.level != Level::kDefault && setting.level != Level::kCommandLine;
}

}  // namespace

bool Setting::toTell() const {
  if (values.empty()) return false;
  return key.kind != ValueKind::kFlag || values.front().text == "true";
}

std::vector<std::string> problemsIn(const ConfigFile& file, const AllKeys& known) {
  std::vector<std::string> problems;
  std::string unknown;
  for (const ConfigEntry& entry : file.entries) {
    if (!entry.table.empty() && !known.contains(entry.table)) {
      if (entry.table == unknown) continue;  // it is told once
      unknown = entry.table;
      problems.push_back(file.at(entry.line) + ": " + unknownTable(entry.table, known));
      continue;
    }
    if (auto problem = problemOf(entry, known); !problem.empty()) {
      problems.push_back(file.at(entry.line) + ": " + problem);
    } else if (file.exposed && holdsSecret(entry, known)) {
      problems.push_back(file.at(entry.line) + ": '" + entry.key +
                         "' is a secret, and others can read this file: chmod 600 " + file.path);
    }
  }
  return problems;
}

Result<std::vector<Setting>> settingsOf(const std::vector<Key>& keys, std::string_view subcommand,
                                        const Environment& environment, const ConfigFile* file) {
  std::vector<Setting> settings;
  for (const Key& key : keys) {
    auto setting = settingOf(key, subcommand, environment, file);
    if (!setting) return tl::unexpected(setting.error());
    settings.push_back(*std::move(setting));
  }
  silenceExcluded(settings);
  return settings;
}

Result<void> apply(const std::vector<Setting>& settings, CLI::App& program, CLI::App& subcommand) {
  for (const Setting& setting : settings) {
    const std::string name = "--" + setting.key.name;
    CLI::Option* option = subcommand.get_option_no_throw(name);
    if (option == nullptr) option = program.get_option_no_throw(name);
    if (!setting.toTell()) excludeNothing(*option);
    if (!fromElsewhere(setting) || !setting.toTell()) continue;
    if (auto told = tell(setting, *option); !told) return told;
  }
  return {};
}

std::vector<std::string> originsOf(std::string_view message, const std::vector<Setting>& settings) {
  std::vector<std::string> origins;
  for (const Setting& setting : settings) {
    if (!fromElsewhere(setting)) continue;
    const std::string name = "--" + setting.key.name;
    const auto at = message.find(name);
    if (at == message.npos) continue;
    const auto end = message.substr(at + name.size(), 1);
    if (!end.empty() && (end == "-" || std::isalnum(static_cast<unsigned char>(end[0])) != 0)) {
      continue;  // a longer name
    }
    origins.push_back(name + " is set by: " + setting.origin);
  }
  return origins;
}

}  // namespace rtcpub::cli
