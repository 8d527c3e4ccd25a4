#include "cli/stop_lines.h"

#include "cli/camera_lines.h"
#include "cli/output.h"

namespace rtcpub::cli {
namespace {

constexpr std::string_view kSpaces = " \r";
constexpr std::string_view kStop = ":stop";
constexpr std::string_view kClear = ":clear";
constexpr const char* kNoReason = "standard input said so";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(kSpaces);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpaces) - first + 1);
}

}  // namespace

std::optional<StopLine> parseStopLine(std::string_view line) {
  const auto text = trimmed(line);
  if (text == kClear) return StopLine{StopLine::Verb::kClear};
  if (text.substr(0, text.find(' ')) != kStop) return std::nullopt;
  return StopLine{StopLine::Verb::kStop, std::string(trimmed(text.substr(kStop.size())))};
}

bool runStopLine(std::optional<Control> gate, std::string_view line) {
  const auto parsed = parseStopLine(line);
  if (!parsed) {
    if (!gate || parseCameraLine(line)) return false;
    complain(
        "a line on standard input that begins with ':' is a command: write :stop WHY (the "
        "emergency "
        "stop), :clear, which ends it, :camera NAME, :pip NAME or :pip");
    return true;
  }
  if (!gate) {
    complain(
        "nothing can be driven here, so that there is nothing to stop: use --control or --car");
  } else if (parsed->verb == StopLine::Verb::kStop) {
    gate->stop(parsed->why.empty() ? kNoReason : parsed->why);
  } else {
    gate->clear();
  }
  return true;
}

}  // namespace rtcpub::cli
