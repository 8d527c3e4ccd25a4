#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace rtcpub::sfu {

/// Makes the media packet again from an RTX packet (RFC 4588 section 4), into `media`, which keeps
/// its memory. False if there is none in it: padding, or malformed.
[[nodiscard]] bool unwrapRtx(std::span<const std::uint8_t> rtx, std::size_t headerSize,
                             std::size_t payloadSize, std::uint8_t mediaPayloadType,
                             std::uint32_t mediaSsrc, std::vector<std::uint8_t>& media);

}  // namespace rtcpub::sfu
