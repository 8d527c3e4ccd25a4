#pragma once

#include <api/jsep.h>

#include <memory>
#include <string_view>

/// Session descriptions from text. Any thread.
namespace rtcpub::engine {

/// Reads a text of sdp::tidy(), as webrtc::CreateSessionDescription does, in a time that grows with
/// its size alone: codecs are read apart (core/sdp/codecs). Null, and the error, when libwebrtc
/// doesn't take it.
std::unique_ptr<webrtc::SessionDescriptionInterface> parseDescription(webrtc::SdpType type,
                                                                      std::string_view tidied,
                                                                      webrtc::SdpParseError& error);

}  // namespace rtcpub::engine
