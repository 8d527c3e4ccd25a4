#pragma once

#include <map>
#include <string>
#include <vector>

#include "cli/config/keys.h"

namespace rtcpub::cli {

using Environment = std::map<std::string, std::string>;

/// The variables of this process that begin with RTCPUB_.
Environment ownEnvironment();

/// Variables that look like a setting misspelt, or that no subcommand takes since each means
/// another thing by them, a sentence each. Others are left alone: not all that begin with RTCPUB_
/// are ours.
std::vector<std::string> doubtsAbout(const Environment& environment, const AllKeys& known);

}  // namespace rtcpub::cli
