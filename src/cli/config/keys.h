#pragma once

#include <CLI/App.hpp>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cli/config/toml_text.h"

namespace rtcpub::cli {

/// An option as a configuration has it. All of it is asked of CLI11, so that an option which is
/// added anywhere is a key, too.
struct Key {
  std::string name;  ///< the long option without its dashes
  ValueKind kind = ValueKind::kText;
  bool list = false;
  bool required = false;
  bool secret = false;
  /// Others mean something else by this name: only the subcommand's own table and variable count.
  bool own = false;
  std::string defaultText;  ///< empty: none, or none that is known beforehand
  std::string description;
  CLI::Option* option = nullptr;
};

/// By subcommand.
using AllKeys = std::map<std::string, std::vector<Key>>;

/// The keys of a subcommand: those of its own, and those of the whole program. Left out is what
/// makes no sense in a file (`configurable(false)`), such as --help. Tries what the options take:
/// for this their callbacks run, so nobody may use what they have set afterwards.
std::vector<Key> keysOf(CLI::App& program, CLI::App& subcommand);

/// What a person calls its type: "text", "list of text", "whole number", …
std::string typeName(const Key& key);

/// "RTCPUB_MEDIA_PORT", or for one subcommand alone "RTCPUB_SERVE_MEDIA_PORT".
std::string environmentName(std::string_view key, std::string_view subcommand = {});

}  // namespace rtcpub::cli
