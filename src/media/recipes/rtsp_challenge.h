#pragma once

#include <optional>
#include <string>

namespace rtcpub::media {

/// The algorithm of digest authentication that an RTSP server insists on and GStreamer's client
/// lacks, "SHA-256" say: asked of the server by a DESCRIBE without credentials. Nothing if the
/// server takes another way, too, or doesn't answer within three seconds. Any thread; it blocks.
std::optional<std::string> unknownDigest(const std::string& url);

}  // namespace rtcpub::media
