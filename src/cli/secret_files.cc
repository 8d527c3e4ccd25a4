#include "cli/secret_files.h"

#include <CLI/Error.hpp>
#include <sstream>

#include "rtcpub/secret_file.h"

namespace rtcpub::cli {

std::string secretIn(const std::string& option, const std::string& path) {
  auto secret = readSecretFile(path);
  if (!secret) throw CLI::ValidationError(option, secret.error().message);
  return *std::move(secret);
}

std::vector<std::string> secretLinesIn(const std::string& option, const std::string& path) {
  std::istringstream text(secretIn(option, path));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) {
    line.erase(line.find_last_not_of(" \t\r") + 1);
    line.erase(0, line.find_first_not_of(" \t"));
    if (!line.empty() && line.front() != '#') lines.push_back(std::move(line));
  }
  if (lines.empty()) throw CLI::ValidationError(option, path + " has no line that counts");
  return lines;
}

}  // namespace rtcpub::cli
