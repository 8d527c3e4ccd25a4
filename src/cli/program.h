#pragma once

#include <CLI/App.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/config/settings.h"

namespace rtcpub::cli {

/// A command line, the program's name first.
using Words = std::vector<std::string>;

inline constexpr int kUsageError = 2;

/// The program's grammar: its own options and its subcommands. Whoever parses fills `chosen`.
class Program {
 public:
  Program();

  CLI::App& app() { return app_; }
  /// The subcommand that was parsed; null: none.
  CLI::App* subcommand();
  CLI::App& subcommand(const std::string& name);
  /// Of each subcommand, but for `config`. For this options' callbacks run: see keysOf().
  AllKeys keys();

  /// Parses. CLI::ParseError when the words are wrong or ask for help.
  void parse(const Words& words);
  /// Looks at the words without doing anything that their options do: afterwards app() knows how
  /// often each was given. The exit code if they ask for help or the version, which is printed
  /// then. What is wrong with them is left to parse(): what is missing may come from elsewhere.
  std::optional<int> ask(const Words& words);
  /// Tells on standard error; returns the exit code.
  int fail(const CLI::ParseError& error);

  /// That of --config; none is given.
  std::optional<std::string> configFile();

  Chosen chosen;

 private:
  CLI::App app_;
};

}  // namespace rtcpub::cli
