#include <array>
#include <csignal>
#include <memory>
#include <string_view>
#include <vector>

#include "cli/command.h"
#include "cli/hangup_signal.h"
#include "cli/help_formatter.h"
#include "cli/output.h"
#include "cli/setting_names.h"
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
      ->option_text("LEVEL")
      ->check(CLI::IsMember({"debug", "info", "warning", "error", "off"}))
      ->default_str("warning");
}

/// `help [SUBCOMMAND]` is `[SUBCOMMAND] --help`.
std::vector<const char*> arguments(int argc, char** argv) {
  std::vector<const char*> words(argv, argv + argc);
  if (argc > 1 && std::string_view(argv[1]) == "help") {
    words.erase(words.begin() + 1);
    words.push_back("--help");
  }
  return words;
}

/// The first argument if it should be a subcommand and is none. CLI11 would only say that one is
/// missing.
std::string unknownSubcommand(const CLI::App& program, const std::vector<const char*>& words) {
  if (words.size() < 2 || words[1][0] == '-') return {};
  const auto known =
      program.get_subcommands([&](const CLI::App* sub) { return sub->check_name(words[1]); });
  return known.empty() ? words[1] : "";
}

struct Subcommand {
  const char* name;
  const char* what;
  void (*add)(CLI::App& sub, rtcpub::cli::Chosen& chosen);
};

constexpr std::array<Subcommand, 6> kSubcommands{
    {{"publish", "Send video and data to a channel on a server", rtcpub::cli::addPublish},
     {"subscribe", "Receive a channel's video and data", rtcpub::cli::addSubscribe},
     {"serve", "Run the server, with its web console", rtcpub::cli::addServe},
     {"demo", "Run a server and a made-up robot in one: open the address that it prints",
      rtcpub::cli::addDemo},
     {"devices", "List this machine's cameras and encoders, and the commands that use them",
      rtcpub::cli::addDevices},
     {"doctor", "Check the connection to a server and explain how to fix it",
      rtcpub::cli::addDoctor}}};

constexpr int kUsageError = 2;

}  // namespace

// Out of memory ends it.
// NOLINTNEXTLINE(bugprone-exception-escape)
int main(int argc, char** argv) {
  // A reader of our output that goes away is an end, not a crash.
  std::signal(SIGPIPE, SIG_IGN);
  rtcpub::cli::StopSignal::block();
  rtcpub::cli::HangupSignal::block();
  rtcpub::setLogWording(rtcpub::cli::inOptions);

  CLI::App program("Low-delay robot video and control over WebRTC", "rtcpub");
  program.formatter(std::make_shared<rtcpub::cli::HelpFormatter>());
  program.set_version_flag("--version", RTCPUB_VERSION, "Print the version and exit");
  program.set_help_flag("-h,--help", "Print this help and exit");
  program.footer("rtcpub help SUBCOMMAND shows the options of a subcommand, with examples.");
  program.require_subcommand(1);
  program.fallthrough();
  addLogOption(program);

  rtcpub::cli::Chosen chosen;
  for (const auto& [name, what, add] : kSubcommands)
    add(*program.add_subcommand(name, what), chosen);
  const auto words = arguments(argc, argv);
  if (const std::string unknown = unknownSubcommand(program, words); !unknown.empty()) {
    rtcpub::cli::complain("there is no subcommand '" + unknown + "': see rtcpub --help");
    return kUsageError;
  }
  try {
    program.parse(static_cast<int>(words.size()), words.data());
  } catch (const CLI::ParseError& error) {
    return program.exit(error) == 0 ? 0 : kUsageError;  // --help is such an "error"
  }
  return chosen();
}
