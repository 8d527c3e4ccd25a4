#pragma once

#include <string_view>

namespace rtcpub {

/// The browsers' own code for a STUN or TURN server that is silent or can't be called
/// (W3C WebRTC, RTCPeerConnectionIceErrorEvent).
inline constexpr int kIceServerNotReachable = 701;

/// What a STUN or TURN server's refusal means and what to do about it, as the end of a sentence:
/// RFC 8489 section 14.8, RFC 8656 section 19, RFC 6062 section 6.2.
std::string_view adviceForIceError(int code);

}  // namespace rtcpub
