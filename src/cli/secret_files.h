#pragma once

#include <string>
#include <vector>

/// Secrets from files: on the command line every user of the machine can read them (`ps`).
namespace rtcpub::cli {

/// The secret in the file that `option` names. CLI::ValidationError when there is none in it, or
/// others can read the file.
std::string secretIn(const std::string& option, const std::string& path);

/// Likewise, of a file with one value a line. Empty lines don't count, nor do those that begin with
/// `#`.
std::vector<std::string> secretLinesIn(const std::string& option, const std::string& path);

}  // namespace rtcpub::cli
