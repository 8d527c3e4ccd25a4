#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/config/config_file.h"
#include "cli/config/environment.h"
#include "cli/config/keys.h"

/// What holds for an option: the command line goes before the environment, and that before the
/// file; in both what is said of one subcommand goes before what is said of all.
namespace rtcpub::cli {

enum class Level { kDefault, kFile, kFileTable, kEnvironment, kOwnEnvironment, kCommandLine };

struct Setting {
  Key key;
  Level level = Level::kDefault;
  std::vector<ConfigValue> values;  ///< none at kDefault
  std::string origin;  ///< "command line", "environment RTCPUB_LISTEN", "/etc/rtcpub.toml:3"

  /// Whether the option has to be told: a flag that is false needs no word.
  [[nodiscard]] bool toTell() const;
};

/// What is wrong with the file, a sentence each, with its place: tables and keys that nobody knows,
/// values of another type, secrets that others can read. Of all subcommands, whichever runs.
std::vector<std::string> problemsIn(const ConfigFile& file, const AllKeys& known);

/// What holds for each key of the subcommand. The command line's part is what CLI11 found, in
/// `keys[].option`. `file` may be null, or else has no problems. Errors: kInvalidArgument (a
/// variable that can't be what it should be).
Result<std::vector<Setting>> settingsOf(const std::vector<Key>& keys, std::string_view subcommand,
                                        const Environment& environment, const ConfigFile* file);

/// Hands each option of `program` and `subcommand`, which nobody has parsed yet, what the
/// environment or the file have for it. Errors: kInvalidArgument (it refuses that; with its place).
Result<void> apply(const std::vector<Setting>& settings, CLI::App& program, CLI::App& subcommand);

/// Where those of the options that `message` names come from, a sentence each, unless it is the
/// command line.
std::vector<std::string> originsOf(std::string_view message, const std::vector<Setting>& settings);

}  // namespace rtcpub::cli
