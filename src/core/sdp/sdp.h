#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rtcpub/result.h"

/// Edits of SDP (RFC 8866), text in, text out.
namespace rtcpub::sdp {

/// Gives every section the first one's ICE credentials and fingerprint lines, for peers that gather
/// per section but talk to a server which takes one transport for all (SpiderCar's Python clients
/// do so by `sdpUpdate`). Candidates stay. Errors: kProtocol.
Result<std::string> useOneTransport(std::string_view sdp);

/// What an answer tells of the server's ICE agent.
struct IceFacts {
  std::string ufrag;  ///< the first section's; empty when there is none. Of each session another.
  bool lite = false;  ///< `a=ice-lite` (RFC 8839 section 5.3)
  bool trickles = false;  ///< it takes candidates that follow the offer (RFC 8838 section 4.1)
};
IceFacts iceFacts(std::string_view sdp);

/// The offer with candidates ("candidate:…") in its first section, whose transport all share.
std::string withCandidates(std::string_view sdp, const std::vector<std::string>& candidates);

/// The offer without FlexFEC (RFC 8627's draft -03): neither its payload types nor its SSRCs
/// (`a=ssrc-group:FEC-FR`, RFC 5956). Servers that take two SSRCs of a section at most can take it
/// then.
std::string withoutFec(std::string_view sdp);

}  // namespace rtcpub::sdp
