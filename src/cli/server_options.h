#pragma once

#include <CLI/CLI.hpp>

#include "rtcpub/server.h"

namespace rtcpub::cli {

/// The options of what runs a server.
void addServerOptions(CLI::App& command, ServerOptions& options);

/// Tells what the server listens on, its fingerprint and its warnings.
void announce(const Server& server);

}  // namespace rtcpub::cli
