#include "cli/program.h"

#include <CLI/CLI.hpp>
#include <array>
#include <map>
#include <memory>
#include <string_view>

#include "cli/help_formatter.h"
#include "rtcpub/log.h"
#include "rtcpub/version.h"

namespace rtcpub::cli {
namespace {

struct Subcommand {
  const char* name;
  const char* what;
  void (*add)(CLI::App& sub, Chosen& chosen);
};

constexpr std::array kSubcommands{
    Subcommand{"publish", "Send video and data to a channel on a server", addPublish},
    Subcommand{"subscribe", "Receive a channel's video and data", addSubscribe},
    Subcommand{"drive", "Drive a channel's robot, by keys, a gamepad or a script", addDrive},
    Subcommand{"serve", "Run the server, with its web console", addServe},
    Subcommand{"demo", "Run a server and a made-up robot in one: open the address that it prints",
               addDemo},
    Subcommand{"car", "Drive a car's motors, and stop them whatever happens", addCar},
    Subcommand{"token", "Make a token, and the link that lets somebody watch or drive", addToken},
    Subcommand{"devices",
               "List this machine's cameras and encoders, and the commands that use them",
               addDevices},
    Subcommand{"doctor", "Check the connection to a server and explain how to fix it", addDoctor},
    Subcommand{"config", "Show what a subcommand would run with, and where each value comes from",
               addConfig}};

void addLogOption(CLI::App& program) {
  program
      .add_option_function<std::string>(
          "--log",
          [](const std::string& level) {
            static const std::map<std::string, LogLevel> kLevels{{"debug", LogLevel::kDebug},
                                                                 {"info", LogLevel::kInfo},
                                                                 {"warning", LogLevel::kWarning},
                                                                 {"error", LogLevel::kError},
                                                                 {"off", LogLevel::kOff}};
            setLogLevel(kLevels.at(level));
          },
          "What to log to standard error: debug, info, warning, error or off")
      ->option_text("LEVEL")
      ->check(CLI::IsMember({"debug", "info", "warning", "error", "off"}))
      ->default_str("warning");
}

}  // namespace

Program::Program() : app_("Low-delay robot video and control over WebRTC", "rtcpub") {
  app_.formatter(std::make_shared<HelpFormatter>());
  app_.set_version_flag("--version", "rtcpub " RTCPUB_VERSION, "Print the version and exit");
  app_.set_help_flag("-h,--help", "Print this help and exit");
  app_.footer(
      "rtcpub help SUBCOMMAND shows the options of a subcommand, with examples. Each can also be\n"
      "given in the file of --config and as RTCPUB_… in the environment: docs/configuration.md.");
  app_.require_subcommand(1);
  app_.fallthrough();
  addLogOption(app_);
  app_.add_option("--config",
                  "Take what the command line and the environment don't say from this TOML file")
      ->type_name("FILE")
      ->configurable(false);
  for (const auto& [name, what, add] : kSubcommands) add(*app_.add_subcommand(name, what), chosen);
}

CLI::App* Program::subcommand() {
  const auto parsed = app_.get_subcommands();
  return parsed.empty() ? nullptr : parsed.front();
}

CLI::App& Program::subcommand(const std::string& name) { return *app_.get_subcommand(name); }

AllKeys Program::keys() {
  AllKeys keys;
  for (const auto& each : kSubcommands) {
    if (each.add != addConfig) keys.emplace(each.name, keysOf(app_, subcommand(each.name)));
  }
  return keys;
}

std::optional<std::string> Program::configFile() {
  const auto& given = app_.get_option("--config")->results();
  return given.empty() ? std::nullopt : std::optional(given.front());
}

void Program::parse(const Words& words) {
  std::vector<std::string> reversed(words.rbegin(), words.rend() - 1);
  app_.parse(reversed);
}

std::optional<int> Program::ask(const Words& words) {
  // Callbacks would do things, as reading a file that can be read but once.
  const auto stop = [](const std::string&) { return std::string("not now"); };
  for (CLI::Option* option : app_.get_options()) option->check(stop);
  for (CLI::App* sub : app_.get_subcommands({})) {
    for (CLI::Option* option : sub->get_options()) option->check(stop);
  }
  try {
    parse(words);
  } catch (const CLI::ParseError&) {  // it comes again when it is no question
  }
  const CLI::App* const sub = subcommand();
  if (app_.get_help_ptr()->count() + app_.get_version_ptr()->count() == 0 &&
      (sub == nullptr || sub->get_help_ptr()->count() == 0)) {
    return std::nullopt;
  }
  Program answer;
  try {
    answer.parse(words);
  } catch (const CLI::ParseError& error) {
    return answer.fail(error);
  }
  return 0;
}

int Program::fail(const CLI::ParseError& error) {
  return app_.exit(error) == 0 ? 0 : kUsageError;  // --help is such an "error"
}

}  // namespace rtcpub::cli
