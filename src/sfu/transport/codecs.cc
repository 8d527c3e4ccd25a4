#include "sfu/transport/codecs.h"

#include <absl/strings/match.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>

namespace rtcpub::sfu {
namespace {

std::string parameter(const cricket::Codec& codec, const std::string& name,
                      const std::string& absent) {
  std::string value;
  return codec.GetParam(name, &value) ? value : absent;
}

/// With RTCP on the same port, payload types 64 to 95 are RTCP's (RFC 5761 section 4).
bool isUsable(int payloadType) {
  return payloadType >= 0 && payloadType <= 127 && (payloadType < 64 || payloadType > 95);
}

std::optional<Codec> h264Of(const cricket::Codec& codec) {
  // RFC 6184 section 8.1: without the parameter it is the Baseline profile.
  const std::string profile = parameter(codec, "profile-level-id", "420010");
  unsigned value = 0;
  const char* const end = profile.data() + profile.size();
  const auto read = std::from_chars(profile.data(), end, value, 16);
  if (profile.size() != 6 || read.ec != std::errc{} || read.ptr != end) return std::nullopt;
  return Codec::h264(static_cast<std::uint16_t>(value >> 8));  // without the level
}

template <class CodecType>
std::optional<CodecType> rtxOf(const std::vector<CodecType>& offered, int payloadType) {
  for (const auto& codec : offered) {
    if (!absl::EqualsIgnoreCase(codec.name, "rtx") || !isUsable(codec.id)) continue;
    if (parameter(codec, "apt", "") == std::to_string(payloadType)) return codec;
  }
  return std::nullopt;
}

constexpr const char* kPacketizationMode = "packetization-mode";

/// Whether packets of the codec may be cut as publishers cut theirs, or are (RFC 6184 section 6).
/// Mode 1 may have fragments and aggregates, mode 0 neither. So whatever a publisher of mode 0
/// sends can go to everybody, and a viewer that says 0 can't be sent what publishers of mode 1
/// send. Who says nothing says 0 by section 8.1, and reads mode 1 all the same: GStreamer's,
/// FFmpeg's and libwebrtc's depacketizers don't ask for the mode.
bool fitsPacketization(const std::vector<cricket::VideoCodec>& offered,
                       const cricket::VideoCodec& codec, bool publisher) {
  if (!absl::EqualsIgnoreCase(codec.name, "H264")) return true;
  const std::string mode = parameter(codec, kPacketizationMode, "");
  if (mode == "1") return true;
  const bool hasBetter = std::any_of(offered.begin(), offered.end(), [&](const auto& other) {
    return codecOf(other) == codecOf(codec) && parameter(other, kPacketizationMode, "") == "1";
  });
  return !hasBetter && (mode.empty() || (mode == "0" && publisher));
}

template <class CodecType, class Wanted>
std::vector<Accepted<CodecType>> accept(const std::vector<CodecType>& offered, Wanted wanted) {
  std::vector<Accepted<CodecType>> accepted;
  for (const auto& codec : offered) {
    const auto known = codecOf(codec);
    if (!known || !isUsable(codec.id) || !wanted(codec, known->kind)) continue;
    const auto rtx = rtxOf(offered, codec.id);
    accepted.push_back({codec, rtx, {*known, codec.id, rtx ? rtx->id : -1, codec.clockrate}});
  }
  return accepted;
}

}  // namespace

std::optional<Codec> codecOf(const cricket::Codec& codec) {
  const bool video = codec.clockrate == 90000;
  if (video && absl::EqualsIgnoreCase(codec.name, "VP8")) return Codec::vp8();
  if (video && absl::EqualsIgnoreCase(codec.name, "VP9")) {
    const std::string profile = parameter(codec, "profile-id", "0");
    if (profile.size() != 1 || profile[0] < '0' || profile[0] > '3') return std::nullopt;
    return Codec::vp9(static_cast<std::uint16_t>(profile[0] - '0'));
  }
  if (video && absl::EqualsIgnoreCase(codec.name, "H264")) return h264Of(codec);
  if (codec.clockrate == 48000 && absl::EqualsIgnoreCase(codec.name, "opus")) return Codec::opus();
  return std::nullopt;
}

std::vector<Accepted<cricket::VideoCodec>> acceptVideo(
    const std::vector<cricket::VideoCodec>& offered, const WantedVideo& wanted) {
  return accept(offered, [&](const cricket::VideoCodec& codec, CodecKind kind) {
    const auto video = videoCodecOf(kind);
    return video && (!wanted.only || video == wanted.only) &&
           fitsPacketization(offered, codec, wanted.publisher);
  });
}

std::optional<cricket::VideoCodec> flexFecOf(const std::vector<cricket::VideoCodec>& offered) {
  const auto found = std::find_if(offered.begin(), offered.end(), [](const auto& codec) {
    return absl::EqualsIgnoreCase(codec.name, "flexfec-03") && codec.clockrate == 90000 &&
           isUsable(codec.id);
  });
  if (found == offered.end()) return std::nullopt;
  return *found;
}

std::vector<Accepted<cricket::AudioCodec>> acceptAudio(
    const std::vector<cricket::AudioCodec>& offered) {
  auto accepted = accept(
      offered, [](const cricket::AudioCodec&, CodecKind kind) { return kind == CodecKind::kOpus; });
  for (auto& audio : accepted) {  // an audio gap is concealed sooner than a retransmission comes
    audio.rtx.reset();
    audio.negotiated.rtxPayloadType = -1;
  }
  return accepted;
}

}  // namespace rtcpub::sfu
