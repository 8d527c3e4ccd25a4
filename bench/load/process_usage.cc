#include "load/process_usage.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace rtcpub::bench {
namespace {

double waitSecondsOf(const std::string& directory) {
  std::int64_t sum = 0;
  std::error_code gone;  // threads come and go meanwhile
  for (const auto& task : std::filesystem::directory_iterator(directory + "/task", gone)) {
    std::ifstream file(task.path() / "schedstat");
    std::int64_t ran = 0;
    std::int64_t waited = 0;
    if (file >> ran >> waited) sum += waited;
  }
  return static_cast<double>(sum) / 1e9;
}

}  // namespace

std::optional<ProcessUsage> usageOf(int pid) {
  const std::string directory = "/proc/" + std::to_string(pid);
  std::ifstream statFile(directory + "/stat");
  std::ifstream memoryFile(directory + "/statm");
  std::string stat;
  std::int64_t pages = 0;
  if (!std::getline(statFile, stat) || !(memoryFile >> pages >> pages)) return std::nullopt;

  // The second field, the name, may hold blanks; the third follows its last parenthesis.
  std::istringstream fields(stat.substr(stat.rfind(')') + 1));
  constexpr int kFieldsBeforeUserTime = 11;
  std::string skipped;
  for (int i = 0; i < kFieldsBeforeUserTime; ++i) fields >> skipped;
  std::int64_t user = 0;
  std::int64_t system = 0;
  if (!(fields >> user >> system)) return std::nullopt;
  return ProcessUsage{
      .cpuSeconds = static_cast<double>(user + system) / static_cast<double>(sysconf(_SC_CLK_TCK)),
      .waitSeconds = waitSecondsOf(directory),
      .rssKb = pages * sysconf(_SC_PAGESIZE) / 1024};
}

}  // namespace rtcpub::bench
