#pragma once

#include <string>

namespace rtcpub::engine {

/// Why OpenSSL failed last on this thread, in its own words ("wrong curve"); empty when it says
/// nothing. For callbacks of a handshake that fails: afterwards it is another one's error.
std::string lastTlsError();

}  // namespace rtcpub::engine
