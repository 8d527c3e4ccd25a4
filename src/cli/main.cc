#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "cli/config/configuration.h"
#include "cli/config/report.h"
#include "cli/hangup_signal.h"
#include "cli/output.h"
#include "cli/program.h"
#include "cli/setting_names.h"
#include "cli/stop_signal.h"
#include "rtcpub/log.h"

namespace rtcpub::cli {
namespace {

bool isHelp(const std::string& word) { return word == "--help" || word == "-h"; }

/// `help [SUBCOMMAND]` is `[SUBCOMMAND] --help`.
Words wordsOf(int argc, char** argv) {
  Words words(argv, argv + argc);
  if (argc > 1 && words[1] == "help") {
    words.erase(words.begin() + 1);
    words.emplace_back("--help");
  }
  return words;
}

/// The first argument if it should be a subcommand and is none. CLI11 would only say that one is
/// missing.
std::string unknownSubcommand(Program& program, const Words& words) {
  if (words.size() < 2 || words[1].starts_with('-')) return {};
  const auto known =
      program.app().get_subcommands([&](const CLI::App* sub) { return sub->check_name(words[1]); });
  return known.empty() ? words[1] : "";
}

/// Gives `program` what file, environment and command line have for the subcommand that `asked`
/// saw, and `settings` the same. The exit code if that can't be.
std::optional<int> prepare(const Words& words, Program& asked, const Configuration& configuration,
                           Program& program, std::vector<Setting>& settings, bool incomplete) {
  if (CLI::App* const sub = asked.subcommand()) {
    const auto held = configuration.settingsFor(keysOf(asked.app(), *sub), sub->get_name())
                          .and_then([&](const std::vector<Setting>& found) {
                            settings = found;
                            return apply(found, program.app(), program.subcommand(sub->get_name()));
                          });
    if (!held) {
      complain(held.error().message);
      return kUsageError;
    }
  }
  try {
    program.parse(words);
  } catch (const CLI::RequiredError& error) {
    if (!incomplete) return program.fail(error);
  } catch (const CLI::ParseError& error) {
    const int code = program.fail(error);
    for (const auto& origin : originsOf(error.what(), settings)) complain(origin);
    return code;
  }
  return std::nullopt;
}

/// Looks at the words: the exit code if nothing else is to be done, as when they ask for help.
std::optional<int> lookAt(const Words& words, Program& asked) {
  if (const auto unknown = unknownSubcommand(asked, words); !unknown.empty()) {
    complain("there is no subcommand '" + unknown + "': see rtcpub --help");
    return kUsageError;
  }
  return asked.ask(words);
}

/// Programs that this one starts, as `rtcpub car`, read the same file; what is no file, as a pipe,
/// can be read but once. Before there are threads.
void shareWithChildren(const std::optional<std::string>& configFile) {
  std::error_code unknown;
  if (!configFile || !std::filesystem::is_regular_file(*configFile, unknown)) return;
  setenv("RTCPUB_CONFIG", configFile->c_str(), 1);  // NOLINT(concurrency-mt-unsafe)
}

/// What `words` ask for, done.
int run(const Words& words) {
  Program asked;
  if (const auto code = lookAt(words, asked)) return *code;
  const auto configuration = Configuration::read(asked.configFile(), asked.keys());
  if (!configuration) return kUsageError;
  shareWithChildren(asked.configFile());
  Program program;
  std::vector<Setting> settings;
  if (const auto code = prepare(words, asked, *configuration, program, settings, false)) {
    return *code;
  }
  return program.chosen();
}

bool print(const std::string& text) {
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
}

/// Prints what would hold for the command line `words`.
int show(const Words& words, const Configuration& configuration) {
  Program asked;
  if (const auto code = asked.ask(words)) return *code;
  Program program;
  std::vector<Setting> settings;
  if (const auto code = prepare(words, asked, configuration, program, settings, true)) return *code;
  return print(settingsText(asked.subcommand()->get_name(), settings)) ? 0 : 1;
}

/// `rtcpub config` is asked about the rest of the command line; without a subcommand about each.
int showConfig(Words words) {
  words.erase(words.begin() + 1);
  Program asked;
  if (const auto code = lookAt(words, asked)) return *code;
  const AllKeys known = asked.keys();
  if (words.size() == 2 && words[1] == "--markdown") return print(keysText(known)) ? 0 : 1;
  const auto configuration = Configuration::read(asked.configFile(), known);
  if (!configuration) return kUsageError;
  if (asked.subcommand() != nullptr) return show(words, *configuration);
  for (const auto& [subcommand, keys] : known) {
    Words those = words;
    those.insert(those.begin() + 1, subcommand);
    if (subcommand != known.begin()->first && !print("\n")) return 1;
    if (const int code = show(those, *configuration); code != 0) return code;
  }
  return 0;
}

}  // namespace
}  // namespace rtcpub::cli

// Out of memory ends it.
// NOLINTNEXTLINE(bugprone-exception-escape)
int main(int argc, char** argv) {
  using namespace rtcpub::cli;
  // A reader of our output that goes away is an end, not a crash.
  std::signal(SIGPIPE, SIG_IGN);
  StopSignal::block();
  HangupSignal::block();
  rtcpub::setLogWording(inOptions);
  const Words words = wordsOf(argc, argv);
  const bool asksForConfig =
      words.size() > 1 && words[1] == "config" && !(words.size() > 2 && isHelp(words[2]));
  return asksForConfig ? showConfig(words) : run(words);
}
