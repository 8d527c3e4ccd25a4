#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rtcpub/codec.h"
#include "sfu/router/media.h"

namespace rtcpub::sfu {

/// Whether a subscriber that negotiated codec `to` can decode what a publisher sends as `from`
/// (NegotiatedCodec.key). Equal keys pass; H264 also goes to the profiles that contain its own
/// (ITU-T H.264 annex A.2): Constrained Baseline, Main, High, High 10, High 4:2:2, High 4:4:4.
///
/// Two steps are taken that annex A.2 doesn't allow. Baseline passes as Constrained Baseline: what
/// it may have besides (FMO, ASO, redundant slices) no encoder of WebRTC makes. Main and High pass
/// to Constrained High, which lacks B-frames and interlacing: nobody who sends live has them.
///
/// The level is no part of the key, so it never keeps a picture back: decoders take what their
/// speed allows, and offers say `level-asymmetry-allowed` (RFC 6184 section 8.1).
[[nodiscard]] bool canPass(std::string_view from, std::string_view to);

/// The subscriber's codec for the publisher's `key`: an equal one first, else the H264 profile that
/// is the least above it, the earliest of several. Null when there is none.
[[nodiscard]] const NegotiatedCodec* findCodec(const std::vector<NegotiatedCodec>& codecs,
                                               std::string_view key);

/// Nothing for audio.
[[nodiscard]] std::optional<VideoCodec> videoCodecOf(std::string_view key);

/// For people: "H264 High (6400)", "VP9 profile 2", "VP8". The number is how SDP begins its
/// profile-level-id.
[[nodiscard]] std::string wordsFor(std::string_view key);

}  // namespace rtcpub::sfu
