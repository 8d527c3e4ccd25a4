#pragma once

/// What peer and sfu both need of libwebrtc.
namespace rtcpub::engine {

/// Once in a process, before anything else of libwebrtc: SSL, the OpenSSL ciphers for SRTP,
/// libwebrtc's log into ours. Any thread, any number of times.
void initialize();

}  // namespace rtcpub::engine
