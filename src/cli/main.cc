#include <csignal>

#include "cli/command.h"
#include "cli/output.h"
#include "cli/stop_signal.h"
#include "cli/version.h"
#include "rtcpub/log.h"

namespace {

void addLogOption(CLI::App& program) {
  program
      .add_option_function<std::string>(
          "--log",
          [](const std::string& level) {
            using rtcpub::LogLevel;
            static const std::map<std::string, LogLevel> kLevels{{"debug", LogLevel::kDebug},
                                                                 {"info", LogLevel::kInfo},
                                                                 {"warning", LogLevel::kWarning},
                                                                 {"error", LogLevel::kError},
                                                                 {"off", LogLevel::kOff}};
            rtcpub::setLogLevel(kLevels.at(level));
          },
          "What to log to standard error: debug, info, warning, error or off")
      ->check(CLI::IsMember({"debug", "info", "warning", "error", "off"}))
      ->default_str("warning");
}

/// The first argument if it should be a subcommand and is none. CLI11 would only say that one is
/// missing.
std::string unknownSubcommand(const CLI::App& program, int argc, char** argv) {
  if (argc < 2 || argv[1][0] == '-') return {};
  const auto known =
      program.get_subcommands([&](const CLI::App* sub) { return sub->check_name(argv[1]); });
  return known.empty() ? argv[1] : "";
}

constexpr int kUsageError = 2;

}  // namespace

// Out of memory ends it.
// NOLINTNEXTLINE(bugprone-exception-escape)
int main(int argc, char** argv) {
  // A reader of our output that goes away is an end, not a crash.
  std::signal(SIGPIPE, SIG_IGN);
  rtcpub::cli::StopSignal::block();

  CLI::App program("Low-delay robot video and control over WebRTC", "rtcpub");
  program.set_version_flag("--version", RTCPUB_VERSION);
  program.require_subcommand(1);
  program.fallthrough();
  addLogOption(program);

  rtcpub::cli::Chosen chosen;
  rtcpub::cli::addPublish(program, chosen);
  rtcpub::cli::addSubscribe(program, chosen);
  rtcpub::cli::addServe(program, chosen);
  rtcpub::cli::addDemo(program, chosen);
  rtcpub::cli::addDevices(program, chosen);
  rtcpub::cli::addDoctor(program, chosen);
  if (const std::string unknown = unknownSubcommand(program, argc, argv); !unknown.empty()) {
    rtcpub::cli::complain("there is no subcommand '" + unknown + "': see rtcpub --help");
    return kUsageError;
  }
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return program.exit(error) == 0 ? 0 : kUsageError;  // --help is such an "error"
  }
  return chosen();
}
