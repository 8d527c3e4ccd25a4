#pragma once

#include <CLI/App.hpp>
#include <optional>
#include <string>

#include "rtcpub/codec.h"
#include "rtcpub/connection.h"

namespace rtcpub::cli {

/// The options of everything that connects to a server.
void addConnectionOptions(CLI::App& command, ConnectionOptions& options);

/// "2M", "800k", "1500000" as 1,000 bits a second; CLI::ValidationError when it is none.
int parseBitrateKbps(const std::string& text);

/// `--codec h264|vp8|vp9`; with `withAuto` also `auto`, which leaves it open.
CLI::Option* addCodecOption(CLI::App& command, std::optional<VideoCodec>& codec,
                            const std::string& description, bool withAuto = false);

/// Says on standard error what --insecure means.
void warnIfInsecure(const ConnectionOptions& options);

}  // namespace rtcpub::cli
