#include "cli/config/environment.h"

#include <unistd.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "cli/config/nearest.h"

namespace rtcpub::cli {
namespace {

constexpr std::string_view kPrefix = "RTCPUB_";

/// All that mean something, without RTCPUB_.
std::vector<std::string> variablesFor(const AllKeys& known) {
  std::vector<std::string> names;
  const auto add = [&names](const std::string& name) {
    names.push_back(name.substr(kPrefix.size()));
  };
  add(environmentName("config"));
  for (const auto& [subcommand, keys] : known) {
    for (const Key& key : keys) {
      if (!key.own) add(environmentName(key.name));
      add(environmentName(key.name, subcommand));
    }
  }
  return names;
}

/// Empty: there is none.
std::string doubtAbout(const std::string& variable, const std::vector<std::string>& names,
                       const AllKeys& known) {
  const std::string suffix = variable.substr(kPrefix.size());
  if (std::ranges::count(names, suffix) > 0) return {};
  std::string owners;
  for (const auto& [subcommand, keys] : known) {
    for (const Key& key : keys) {
      if (environmentName(key.name) != variable) continue;
      owners += (owners.empty() ? "" : " or ") + environmentName(key.name, subcommand);
    }
  }
  if (!owners.empty()) {
    return "the environment's " + variable +
           " counts for nothing, since it is another thing for each subcommand: did you mean " +
           owners + "?";
  }
  const std::string near = nearest(suffix, names);
  if (near.empty()) return {};
  return "the environment's " + variable + " is nothing that is known here: did you mean " +
         std::string(kPrefix) + near + "?";
}

}  // namespace

Environment ownEnvironment() {
  Environment found;
  for (char** each = environ; each != nullptr && *each != nullptr; ++each) {
    const std::string_view text(*each);
    const auto equals = text.find('=');
    if (!text.starts_with(kPrefix) || equals == text.npos) continue;
    found.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return found;
}

std::vector<std::string> doubtsAbout(const Environment& environment, const AllKeys& known) {
  const auto names = variablesFor(known);
  std::vector<std::string> doubts;
  for (const auto& [name, value] : environment) {
    if (auto doubt = doubtAbout(name, names, known); !doubt.empty()) {
      doubts.push_back(std::move(doubt));
    }
  }
  return doubts;
}

}  // namespace rtcpub::cli
