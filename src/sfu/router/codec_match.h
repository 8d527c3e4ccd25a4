#pragma once

#include <string>
#include <vector>

#include "core/codec.h"
#include "sfu/router/media.h"

namespace rtcpub::sfu {

/// Whether a viewer that negotiated codec `to` can decode what a publisher sends as `from`.
/// The same codec passes; H264 also goes to the profiles that contain its own
/// (ITU-T H.264 annex A.2): Constrained Baseline, Main, High, High 10, High 4:2:2, High 4:4:4.
///
/// Two steps are taken that annex A.2 doesn't allow. Baseline passes as Constrained Baseline: what
/// it may have besides (FMO, ASO, redundant slices) no encoder of WebRTC makes. Main and High pass
/// to Constrained High, which lacks B-frames and interlacing: nobody who sends live has them.
///
/// The level is no part of a Codec, so it never keeps a picture back: decoders take what their
/// speed allows, and offers say `level-asymmetry-allowed` (RFC 6184 section 8.1).
[[nodiscard]] bool canPass(Codec from, Codec to);

/// The viewer's codec for the one that the publisher `sends`: the same first, else the H264
/// profile that is the least above it, the earliest of several. Null when there is none.
[[nodiscard]] const NegotiatedCodec* findCodec(const std::vector<NegotiatedCodec>& codecs,
                                               Codec sends);

/// For people: "H264 High (6400)", "VP9 profile 2", "VP8". The number is how SDP begins its
/// profile-level-id.
[[nodiscard]] std::string wordsFor(Codec codec);

}  // namespace rtcpub::sfu
