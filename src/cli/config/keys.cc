#include "cli/config/keys.h"

#include <exception>

#include "cli/secret.h"

namespace rtcpub::cli {
namespace {

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
  if (option.get_expected_max() == 0) return ValueKind::kFlag;
  // No number, and no file either: some options read the one that they are given.
  if (takes(option, "/dev/null/text")) return ValueKind::kText;
  return takes(option, "1.5") ? ValueKind::kNumber : ValueKind::kInteger;
}

void addKeys(CLI::App& app, std::vector<Key>& keys) {
  for (CLI::Option* option : app.get_options()) {
    if (!option->get_configurable() || option->get_lnames().empty()) continue;
    keys.push_back({.name = option->get_lnames().front(),
                    .kind = kindOf(*option),
                    .list = option->get_expected_max() > 1,
                    .required = option->get_required(),
                    .secret = isSecret(*option),
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
