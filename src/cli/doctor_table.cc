#include "cli/doctor_table.h"

#include <algorithm>
#include <cstdio>
#include <string_view>

#include "rtcpub/log.h"

namespace rtcpub::cli {
namespace {

constexpr std::size_t kWidth = 100;
constexpr std::size_t kIndent = 19;

/// Broken between words; lines after the first are indented.
std::string wrapped(std::string_view text) {
  std::string out;
  std::size_t column = kIndent;
  while (!text.empty()) {
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    if (column > kIndent && column + 1 + word.size() > kWidth) {
      out += "\n" + std::string(kIndent, ' ');
      column = kIndent;
    } else if (column > kIndent) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
  }
  return out;
}

}  // namespace

std::string doctorRow(const Check& check) {
  // A long name, of a TURN server say, has no place in its column.
  const auto space = check.name.find(' ');
  const std::string title = check.name.substr(0, space);
  const std::string rest = space == std::string::npos ? "" : check.name.substr(space + 1) + ": ";
  char start[32];
  (void)std::snprintf(start, sizeof start, "%-9s  %-7s ", title.c_str(), name(check.result));
  std::string row = start + wrapped(rest + escaped(check.found)) + "\n";
  if (!check.advice.empty())
    row += std::string(kIndent, ' ') + wrapped("→ " + escaped(check.advice)) + "\n";
  return row;
}

std::string doctorVerdict(const Diagnosis& diagnosis) {
  if (diagnosis.obstacles.empty()) return "Publishing can work.\n";
  std::string text = "Publishing can't work:";
  for (const std::string& each : diagnosis.obstacles) text += " " + escaped(each);
  return text + "\n";
}

}  // namespace rtcpub::cli
