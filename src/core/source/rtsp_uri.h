#pragma once

#include <string_view>

#include "core/source/source_uri.h"

namespace rtcpub::source_uri {

/// Reads an RTSP URL (RFC 7826 section 4.2) whose fragment holds options. Errors: kInvalidArgument;
/// their messages hold neither user nor password.
Result<Rtsp> parseRtsp(std::string_view text);

}  // namespace rtcpub::source_uri
