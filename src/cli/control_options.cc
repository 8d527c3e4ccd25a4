#include "cli/control_options.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "cli/output.h"

namespace rtcpub::cli {
namespace {

using std::chrono::milliseconds;

CLI::Option* addPeriod(CLI::App& command, const char* name, milliseconds& value, int least,
                       int most, const char* description) {
  return command
      .add_option_function<int>(
          name, [&value](int given) { value = milliseconds(given); }, description)
      ->option_text("MS")
      ->check(CLI::Range(least, most))
      ->default_str(std::to_string(value.count()));
}

/// What is on the command line behind --control, or what file or environment say.
bool isWanted(const std::string& given) {
  if (given == "true" || given == kStreamLabel) return true;
  if (given == "false") return false;
  throw CLI::ValidationError("--control",
                             "behind it may stand 'stream' alone, the data channel on "
                             "which old programs drive, not '" +
                                 given + "'");
}

/// What the gate would say in words of its own.
void checkPeriods(const ControlOptions& options) {
  if (options.warn <= options.stop) return;
  const auto stop = std::to_string(options.stop.count());
  throw CLI::ValidationError("--control-warn",
                             "to slow down after " + std::to_string(options.warn.count()) +
                                 " ms comes too late, since --control-stop is " + stop +
                                 ": lower --control-warn to " + stop + " or less, too");
}

std::vector<const CLI::Option*> addPeriods(CLI::App& command, ControlOptions& options) {
  return {
      addPeriod(command, "--control-life", options.life, 20, 1000,
                "Drop commands that are older than so many milliseconds, 20 to 1000. Above "
                "--control-stop what is late can make a stop late, too"),
      addPeriod(
          command, "--control-warn", options.warn, 20, 2000,
          "Slow down after so many milliseconds without a valid command, 20 to --control-stop"),
      addPeriod(command, "--control-stop", options.stop, 50, 2000,
                "Stop after so many milliseconds without a valid command, 50 to 2000"),
      addPeriod(command, "--control-blind", options.blind, 100, 10'000,
                "Stop when the picture that the driver sees is older than so many milliseconds, "
                "100 to 10000")};
}

}  // namespace

void addControlOptions(CLI::App& command, ControlCommand& control) {
  command.option_defaults()->group("Control");
  command
      .add_option_function<std::string>(
          "--control", [&control](const std::string& given) { control.wanted = isWanted(given); },
          "Let one viewer at a time drive, by commands that expire; what passes is printed by "
          "--print-data. Old programs drive on the data channel 'stream', which may be named "
          "behind it. --car is --control, too")
      ->option_text("[stream]")
      ->expected(0)  // "true" where nothing is behind it
      ->expected(0, 1);
  control.details = addPeriods(command, control.options);
  control.details.push_back(
      command.add_flag("--control-allow-blind", control.options.allowBlind,
                       "Let drive who sees no picture, or one that is older than --control-blind"));
  control.details.push_back(
      command
          .add_option("--control-log", control.logFile,
                      "Append to this file, as a line of JSON each, what became of every command, "
                      "and every stop and its reason")
          ->type_name("FILE"));
}

void checkControl(const ControlCommand& control) {
  for (const auto* option : control.details) {
    if (!control.wanted && option->count() > 0) {
      throw CLI::RequiresError(option->get_name(), "--control or --car");
    }
  }
  if (control.wanted) checkPeriods(control.options);
}

ChannelDescriptions withMotionChannel(ChannelDescriptions channels, const ControlCommand& control) {
  const std::string& label = control.options.motionLabel;
  const auto named = std::ranges::count(channels, label, &DataChannelDescription::label);
  if (control.wanted && named == 0) channels.push_back({.label = label, .options = {}});
  return channels;
}

Result<void> GateAtWork::begin(Publisher& publisher, const ControlCommand& command,
                               Output* output) {
  if (!command.wanted) return {};
  if (command.options.life > command.options.stop) {
    complain("--control-life is above --control-stop: a command that is late can make a stop late");
  }
  auto control = publisher.addControl(command.options);
  if (!control) return tl::unexpected(control.error());
  control_ = *std::move(control);
  if (!command.logFile.empty()) {
    auto file = ControlLog::open(command.logFile);
    if (!file) return tl::unexpected(file.error());
    log_.emplace(*std::move(file), command.logFile, control_->journal());
  }
  if (output != nullptr) {
    printer_.emplace(control_->outputs(), command.options.motionLabel, *output);
  }
  return {};
}

}  // namespace rtcpub::cli
