#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <string>
#include <vector>

#include "rtcpub/codec.h"
#include "rtcpub/connection.h"

namespace rtcpub::cli {

/// The options of everything that connects to a server.
void addConnectionOptions(CLI::App& command, ConnectionOptions& options);

/// "2M", "800k", "1500000" as 1,000 bits a second; CLI::ValidationError when it is none.
int parseBitrateKbps(const std::string& text);

/// For CLI::CheckedTransformer.
const std::map<std::string, VideoCodec>& codecNames();

/// "loud": what --insecure means, on standard error.
void warnIfInsecure(const ConnectionOptions& options);

}  // namespace rtcpub::cli
