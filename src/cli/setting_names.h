#pragma once

#include <string>
#include <string_view>

namespace rtcpub::cli {

/// What the library says of its settings, in the words of the command line: "relayOnly" is
/// --relay-only.
std::string inOptions(std::string_view message);

}  // namespace rtcpub::cli
