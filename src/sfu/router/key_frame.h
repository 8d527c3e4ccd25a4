#pragma once

#include <cstdint>
#include <span>

#include "core/codec.h"

namespace rtcpub::sfu {

/// Whether an RTP payload begins a key frame.
/// VP8: RFC 7741 section 4.2. VP9: RFC 9628 section 4.2. H264: RFC 6184 section 5 (an SPS or the
/// first slice of an IDR picture, alone, in STAP-A, or as the start of a FU-A).
[[nodiscard]] bool startsKeyFrame(CodecKind codec, std::span<const std::uint8_t> payload);

}  // namespace rtcpub::sfu
