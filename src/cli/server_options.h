#pragma once

#include <CLI/App.hpp>
#include <string>

#include "cli/announcement.h"
#include "rtcpub/server.h"

namespace rtcpub::cli {

/// What runs a server, and how it is told of.
struct ServerCommand {
  ServerOptions server;
  bool qrCode = true;  ///< on a terminal, if there is an address that a phone could open
};

/// The options of what runs a server.
void addServerOptions(CLI::App& command, ServerCommand& chosen);

/// Tells what the server listens on, by what it is known, what there is to open, and its warnings.
void announce(const Server& server, const ServerCommand& command, const Announcement& more);

/// Has the server read its certificate and the keys of tokens again, and tells what came of it.
void readAgain(Server& server);

}  // namespace rtcpub::cli
