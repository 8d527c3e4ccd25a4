#pragma once

#include <string>
#include <string_view>

#include "rtcpub/result.h"

/// Edits of SDP (RFC 8866), text in, text out.
namespace rtcpub::sdp {

/// Gives every section the first one's ICE credentials and fingerprint lines, for peers that gather
/// per section but talk to a server which takes one transport for all (the seed's sdpUpdate).
/// Candidates stay. Errors: kProtocol.
Result<std::string> useOneTransport(std::string_view sdp);

}  // namespace rtcpub::sdp
