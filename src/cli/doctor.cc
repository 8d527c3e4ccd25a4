#include "rtcpub/doctor.h"

#include <cstdio>
#include <memory>

#include "cli/command.h"
#include "cli/doctor_table.h"
#include "cli/options.h"
#include "cli/output.h"
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
  print(command.json ? toJson(*diagnosis) + "\n" : doctorVerdict(*diagnosis));
  return diagnosis->obstacles.empty() ? 0 : 1;
}

}  // namespace

void addDoctor(CLI::App& program, Chosen& chosen) {
  auto command = std::make_shared<DoctorCommand>();
  CLI::App* sub = program.add_subcommand(
      "doctor", "Look at the way to a server, and say what to do about what fails");
  addConnectionOptions(*sub, command->options);
  sub->get_option("--channel")
      ->required(false)
      ->description(
          "Where to publish the test picture, in place of its publisher; a channel of its own "
          "unless named");
  sub->add_option("--seconds", command->seconds, "How long to measure the bandwidth")
      ->check(CLI::Range(1, 60))
      ->capture_default_str();
  sub->add_flag("--json", command->json, "Print one JSON object");
  sub->footer(
      "The exit code is 0 when publishing can work, 1 when it can't, 2 when the options are "
      "wrong.\n"
      "Example:\n"
      "  rtcpub doctor --server wss://robots.example:8267 --ice stun:stun.example");
  sub->callback([command, &chosen] {
    command->options.measure = std::chrono::seconds(command->seconds);
    chosen = [command] { return examine(*command); };
  });
}

}  // namespace rtcpub::cli
