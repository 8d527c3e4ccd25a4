#pragma once

#include <optional>
#include <vector>

#include "api/rtp_parameters.h"
#include "rtcpub/codec.h"

namespace rtcpub::peer {

enum class Fec { kNo, kYes };

/// What to offer of what the engine can: `only` that codec, or H264 first, then VP8 and VP9; each
/// in the forms that Spider servers pass on (H264 in packetization mode 1, VP9 in profile 0), with
/// retransmission, and with FlexFEC if wanted. Empty if nothing fits. Pure.
std::vector<webrtc::RtpCodecCapability> preferredCodecs(
    const std::vector<webrtc::RtpCodecCapability>& available, std::optional<VideoCodec> only,
    Fec fec);

/// The same with all forms of `first` in front. Pure.
std::vector<webrtc::RtpCodecCapability> withFirst(std::vector<webrtc::RtpCodecCapability> codecs,
                                                  VideoCodec first);

}  // namespace rtcpub::peer
