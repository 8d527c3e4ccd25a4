#pragma once

#include <CLI/App.hpp>
#include <string>

#include "rtcpub/server.h"

namespace rtcpub::cli {

/// What runs a server, and how it is told of.
struct ServerCommand {
  ServerOptions server;
  bool qrCode = true;  ///< on a terminal, if there is an address that a phone could open
};

/// The options of what runs a server.
void addServerOptions(CLI::App& command, ServerCommand& chosen);

/// Tells what the server listens on, by what it is known, what there is to open, where `page` is
/// the console's path and query, and its warnings.
void announce(const Server& server, const ServerCommand& command, const std::string& page);

/// Has the server read its certificate again, and tells what came of it.
void reloadCertificate(Server& server);

}  // namespace rtcpub::cli
