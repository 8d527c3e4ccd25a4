#include "app/server/process_figures.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

namespace rtcpub {
namespace {

std::string read(const char* file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Takes a word off the front; empty at the end.
std::string_view nextWord(std::string_view& text) {
  const auto begin = text.find_first_not_of(" \n");
  if (begin == std::string_view::npos) return {};
  text.remove_prefix(begin);
  const auto word = text.substr(0, text.find_first_of(" \n"));
  text.remove_prefix(word.size());
  return word;
}

double countFds() {
  std::error_code error;
  double count = 0;
  for (std::filesystem::directory_iterator entry("/proc/self/fd", error), end;
       !error && entry != end; entry.increment(error)) {
    ++count;
  }
  return count > 0 ? count - 1 : 0;  // without the directory's own
}

double maxFds() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  return static_cast<double>(limit.rlim_cur);
}

}  // namespace

std::optional<ProcessStat> parseProcessStat(std::string_view line) {
  // After the name, which is in brackets and may contain some itself: field 3, the state, and on.
  const auto nameEnd = line.rfind(')');
  if (nameEnd == std::string_view::npos) return std::nullopt;
  line.remove_prefix(nameEnd + 1);
  constexpr std::size_t kFirst = 3;
  constexpr std::size_t kFields = 24;
  std::array<std::uint64_t, kFields + 1> fields{};  // as proc(5) numbers them
  for (std::size_t field = kFirst; field <= kFields; ++field) {
    const auto word = nextWord(line);
    if (word.empty()) return std::nullopt;
    fields.at(field) = number(word).value_or(0);  // some are letters, or below 0
  }
  return ProcessStat{.cpuTicks = fields[14] + fields[15],
                     .threads = fields[20],
                     .startTicks = fields[22],
                     .virtualBytes = fields[23],
                     .residentPages = fields[24]};
}

std::optional<std::uint64_t> parseBootTime(std::string_view text) {
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (nextWord(line) == "btime") return number(nextWord(line));
  }
  return std::nullopt;
}

std::optional<ProcessFigures> processFigures() {
  const auto stat = parseProcessStat(read("/proc/self/stat"));
  if (!stat) return std::nullopt;
  // Neither changes while the program runs.
  static const auto bootTime = parseBootTime(read("/proc/stat")).value_or(0);
  static const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  const auto page = static_cast<double>(sysconf(_SC_PAGESIZE));
  return ProcessFigures{
      .cpuSeconds = static_cast<double>(stat->cpuTicks) / ticks,
      .residentBytes = static_cast<double>(stat->residentPages) * page,
      .virtualBytes = static_cast<double>(stat->virtualBytes),
      .openFds = countFds(),
      .maxFds = maxFds(),
      .threads = static_cast<double>(stat->threads),
      .startTime = static_cast<double>(bootTime) + static_cast<double>(stat->startTicks) / ticks};
}

}  // namespace rtcpub
