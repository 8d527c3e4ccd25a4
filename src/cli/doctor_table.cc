#include "cli/doctor_table.h"

#include <cstdio>
#include <string_view>

#include "cli/setting_names.h"
#include "cli/wrapped.h"
#include "rtcpub/log.h"

namespace rtcpub::cli {
namespace {

constexpr std::size_t kIndent = 19;

}  // namespace

std::string doctorRow(const Check& check) {
  // A long name, of a TURN server say, has no place in its column.
  const auto space = check.name.find(' ');
  const std::string title = check.name.substr(0, space);
  const std::string rest = space == std::string::npos ? "" : check.name.substr(space + 1) + ": ";
  char start[32];
  (void)std::snprintf(start, sizeof start, "%-9s  %-7s ", title.c_str(), name(check.result));
  std::string row = start + wrapped(rest + escaped(inOptions(check.found)), kIndent) + "\n";
  if (!check.advice.empty())
    row += std::string(kIndent, ' ') + wrapped("→ " + escaped(inOptions(check.advice)), kIndent) +
           "\n";
  return row;
}

std::string doctorVerdict(const Diagnosis& diagnosis) {
  if (diagnosis.obstacles.empty()) return "Publishing can work.\n";
  std::string text = "Publishing can't work:";
  for (const std::string& each : diagnosis.obstacles) text += " " + escaped(each);
  return text + "\n";
}

}  // namespace rtcpub::cli
