#pragma once

namespace rtcpub {

/// The video codecs that a publisher can send and a server passes on.
enum class VideoCodec { kH264, kVp8, kVp9 };

}  // namespace rtcpub
