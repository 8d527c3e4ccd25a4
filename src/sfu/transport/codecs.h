#pragma once

#include <media/base/codec.h>

#include <optional>
#include <string>
#include <vector>

#include "core/codec.h"
#include "sfu/router/media.h"

/// Which of an offer's codecs the server passes on. Pure.
namespace rtcpub::sfu {

/// A codec of an offer that is passed on, with the RTX that belongs to it.
template <class CodecType>
struct Accepted {
  CodecType codec;
  std::optional<CodecType> rtx;
  NegotiatedCodec negotiated;
};

struct WantedVideo {
  bool publisher = false;            ///< the client sends it
  std::optional<VideoCodec> only{};  ///< no other codec
};
/// In the order of the offer, which is the client's preference.
[[nodiscard]] std::vector<Accepted<cricket::VideoCodec>> acceptVideo(
    const std::vector<cricket::VideoCodec>& offered, const WantedVideo& wanted);
[[nodiscard]] std::vector<Accepted<cricket::AudioCodec>> acceptAudio(
    const std::vector<cricket::AudioCodec>& offered);

/// The offered FlexFEC, if there is any.
[[nodiscard]] std::optional<cricket::VideoCodec> flexFecOf(
    const std::vector<cricket::VideoCodec>& offered);

/// Nothing for a codec that is not passed on.
[[nodiscard]] std::optional<Codec> codecOf(const cricket::Codec& codec);

/// For people: what the server knows.
inline constexpr const char* kKnownVideoCodecs = "VP8, VP9, H264 (packetization-mode=1)";

}  // namespace rtcpub::sfu
