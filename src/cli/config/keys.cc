#include "cli/config/keys.h"

#include <algorithm>
#include <array>
#include <exception>
#include <utility>

#include "cli/secret.h"

namespace rtcpub::cli {
namespace {

/// Keys whose subcommand means something of its own by them. A server's names and a person's: one
/// that is meant for tokens would open a server to others. Doctor's channel takes the place of its
/// publisher.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kOwn{
    {{"serve", "name"},
     {"demo", "name"},
     {"token", "name"},
     {"doctor", "channel"},
     {"subscribe", "video"},
     {"subscribe", "codec"}}};

/// Whether the option's type takes this text. One that finds fault with it by itself, rather than
/// by its type, takes text.
bool takes(const CLI::Option& option, const char* text) {
  try {
    const auto take = option.get_callback();
    return !take || take({text});
  } catch (const std::exception&) {
    return true;
  }
}

ValueKind kindOf(const CLI::Option& option) {
  // One that may have something behind it is one, too.
  if (option.get_expected_min() == 0) return ValueKind::kFlag;
  // No number, and no file either: some options read the one that they are given.
  if (takes(option, "/dev/null/text")) return ValueKind::kText;
  return takes(option, "1.5") ? ValueKind::kNumber : ValueKind::kInteger;
}

void addKeys(CLI::App& app, std::vector<Key>& keys) {
  for (CLI::Option* option : app.get_options()) {
    if (!option->get_configurable() || option->get_lnames().empty()) continue;
    const std::string& name = option->get_lnames().front();
    keys.push_back({.name = name,
                    .kind = kindOf(*option),
                    .list = option->get_expected_max() > 1,
                    .required = option->get_required(),
                    .secret = isSecret(*option),
                    .own = std::ranges::count(kOwn, std::pair<std::string_view, std::string_view>(
                                                        app.get_name(), name)) > 0,
                    .defaultText = option->get_default_str(),
                    .description = option->get_description(),
                    .option = option});
  }
}

}  // namespace

std::vector<Key> keysOf(CLI::App& program, CLI::App& subcommand) {
  std::vector<Key> keys;
  addKeys(subcommand, keys);
  addKeys(program, keys);
  return keys;
}

std::string typeName(const Key& key) {
  const std::string one = key.kind == ValueKind::kFlag      ? "true or false"
                          : key.kind == ValueKind::kInteger ? "whole number"
                          : key.kind == ValueKind::kNumber  ? "number"
                                                            : "text";
  return key.list ? "list of " + one : one;
}

std::string environmentName(std::string_view key, std::string_view subcommand) {
  std::string name = "RTCPUB_";
  const auto add = [&name](std::string_view part) {
    for (const char letter : part) {
      const bool lower = letter >= 'a' && letter <= 'z';
      name += letter == '-' ? '_' : lower ? static_cast<char>(letter - 'a' + 'A') : letter;
    }
  };
  if (!subcommand.empty()) {
    add(subcommand);
    name += '_';
  }
  add(key);
  return name;
}

}  // namespace rtcpub::cli
