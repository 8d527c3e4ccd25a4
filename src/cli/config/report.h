#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/config/settings.h"

namespace rtcpub::cli {

/// What holds for a subcommand, as a configuration file: each line says where it comes from.
/// Comments are what is default, what isn't set, and secrets, which aren't shown.
std::string settingsText(std::string_view subcommand, const std::vector<Setting>& settings);

/// Every key there is, for docs/configuration.md.
std::string keysText(const AllKeys& known);

}  // namespace rtcpub::cli
