#include "rtcpub/doctor.h"

#include <cstdio>
#include <memory>

#include "cli/command.h"
#include "cli/doctor_table.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/setting_names.h"
#include "cli/stop_signal.h"

namespace rtcpub::cli {
namespace {

constexpr int kUsageError = 2;

struct DoctorCommand {
  DoctorOptions options;
  int seconds = 5;
  bool json = false;
};

void print(const std::string& text) {
  (void)std::fwrite(text.data(), 1, text.size(), stdout);
  (void)std::fflush(stdout);
}

int examine(const DoctorCommand& command) {
  const StopSignal stop;
  const auto progress = [&](const Check& check) {
    if (!command.json) print(doctorRow(check));
  };
  const auto diagnosis = diagnose(command.options, progress, stop.token());
  if (!diagnosis) {
    complain(diagnosis.error().message);
    return kUsageError;
  }
  print(command.json ? inOptions(toJson(*diagnosis)) + "\n" : doctorVerdict(*diagnosis));
  return diagnosis->obstacles.empty() ? 0 : 1;
}

}  // namespace

void addDoctor(CLI::App& sub, Chosen& chosen) {
  auto command = std::make_shared<DoctorCommand>();
  addConnectionOptions(sub, command->options);
  sub.get_option("--channel")
      ->required(false)
      ->description(
          "Where to send the test picture; it replaces that channel's publisher. Default: a "
          "channel "
          "of its own");
  sub.option_defaults()->group("Options");
  sub.add_option("--seconds", command->seconds, "How long to measure the bandwidth, 1 to 60")
      ->option_text("SECONDS")
      ->check(CLI::Range(1, 60))
      ->capture_default_str();
  sub.add_flag("--json", command->json, "Print JSON");
  sub.footer(
      "Exit code: 0 if publishing can work, 1 if it can't, 2 for wrong options.\n\n"
      "Example:\n"
      "  rtcpub doctor --server wss://robots.example --ice stun:stun.example");
  sub.callback([command, &chosen] {
    command->options.measure = std::chrono::seconds(command->seconds);
    chosen = [command] { return examine(*command); };
  });
}

}  // namespace rtcpub::cli
