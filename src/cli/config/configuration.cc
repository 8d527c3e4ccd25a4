#include "cli/config/configuration.h"

#include <utility>

#include "cli/output.h"

namespace rtcpub::cli {

std::optional<Configuration> Configuration::read(std::optional<std::string> path,
                                                 const AllKeys& known) {
  Configuration configuration;
  configuration.environment_ = ownEnvironment();
  for (const auto& doubt : doubtsAbout(configuration.environment_, known)) {
    complain("WARNING: " + doubt);
  }
  const auto named = configuration.environment_.find(environmentName("config"));
  if (!path && named != configuration.environment_.end() && !named->second.empty()) {
    path = named->second;
  }
  if (!path) return configuration;
  auto file = readConfigFile(*path);
  if (!file) {
    complain(file.error().message);
    return std::nullopt;
  }
  const auto problems = problemsIn(*file, known);
  for (const std::string& problem : problems) complain(problem);
  if (!problems.empty()) return std::nullopt;
  configuration.file_ = *std::move(file);
  return configuration;
}

Result<std::vector<Setting>> Configuration::settingsFor(const std::vector<Key>& keys,
                                                        std::string_view subcommand) const {
  return settingsOf(keys, subcommand, environment_, file_ ? &*file_ : nullptr);
}

}  // namespace rtcpub::cli
