#pragma once

#include <CLI/App.hpp>
#include <string_view>

namespace rtcpub::cli {

/// Declares that the option's value is a secret, as a token or a password: the environment and
/// --config's file may hold it, the command line may not, since every user of the machine can read
/// that there (`ps`). `rtcpub config` doesn't show it, and --help leaves it out.
CLI::Option* secret(CLI::Option* option);

bool isSecret(CLI::Option& option);

/// Whether the text has a password in it: `turn:user:password@host`, `rtsp://user:password@host`,
/// a property of GStreamer's for one. Such values are treated as secrets in the file, wherever they
/// stand, and `rtcpub config` doesn't show them.
bool hasPassword(std::string_view text);

}  // namespace rtcpub::cli
