#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "core/codec_report.h"
#include "core/hub/member_id.h"
#include "sfu/router/outgoing_stream.h"

/// Who of a channel can take what its publisher sends. For once a second, not for packets.
namespace rtcpub::sfu {

/// One viewer's. `sent` is the publisher's payload type of now; without one, before the first
/// packet, only who could take none of its codecs lacks one.
[[nodiscard]] CodecReport reportOf(const OutgoingStream& viewer,
                                   const std::vector<NegotiatedCodec>& publisher,
                                   std::optional<std::uint8_t> sent);

/// All viewers' together.
[[nodiscard]] CodecReport sumOf(const std::map<MemberId, CodecReport>& reports);

}  // namespace rtcpub::sfu
