#pragma once

#include <string_view>
#include <vector>

#include "sfu/router/media.h"

namespace rtcpub::sfu {

/// Whether a subscriber that negotiated codec `to` can decode what a publisher sends as `from`
/// (NegotiatedCodec.key). Equal keys pass. Besides, the H264 profiles that contain another
/// (ITU-T H.264 annex A.2): Constrained Baseline goes to Baseline, Main and High; Main and
/// Constrained High go to High.
[[nodiscard]] bool canPass(std::string_view from, std::string_view to);

/// The subscriber's codec for the publisher's `key`: an equal one first. Null when there is none.
[[nodiscard]] const NegotiatedCodec* findCodec(const std::vector<NegotiatedCodec>& codecs,
                                               std::string_view key);

}  // namespace rtcpub::sfu
