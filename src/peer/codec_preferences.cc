#include "peer/codec_preferences.h"

#include <algorithm>
#include <iterator>
#include <string>

namespace rtcpub::peer {
namespace {

std::string parameter(const webrtc::RtpCodecCapability& codec, const std::string& name) {
  const auto found = codec.parameters.find(name);
  return found == codec.parameters.end() ? "" : found->second;
}

bool isConstrainedBaseline(const webrtc::RtpCodecCapability& codec) {
  // RFC 6184 section 8.1: profile_idc 66 with constraint_set1.
  return parameter(codec, "profile-level-id").starts_with("42e0");
}

bool fits(const webrtc::RtpCodecCapability& codec, VideoCodec wanted) {
  switch (wanted) {
    case VideoCodec::kH264:
      return codec.name == "H264" && parameter(codec, "packetization-mode") == "1";
    case VideoCodec::kVp8:
      return codec.name == "VP8";
    case VideoCodec::kVp9:
      return codec.name == "VP9" && parameter(codec, "profile-id") == "0";
  }
  return false;
}

}  // namespace

std::vector<webrtc::RtpCodecCapability> preferredCodecs(
    const std::vector<webrtc::RtpCodecCapability>& available, std::optional<VideoCodec> only,
    Fec fec) {
  std::vector<webrtc::RtpCodecCapability> preferred;
  for (const auto wanted : {VideoCodec::kH264, VideoCodec::kVp8, VideoCodec::kVp9}) {
    if (only && *only != wanted) continue;
    std::copy_if(available.begin(), available.end(), std::back_inserter(preferred),
                 [&](const auto& codec) { return fits(codec, wanted); });
  }
  if (preferred.empty()) return {};
  // What every H264 decoder can, and what the encoder really makes.
  std::stable_partition(preferred.begin(), preferred.end(), isConstrainedBaseline);
  std::copy_if(available.begin(), available.end(), std::back_inserter(preferred),
               [fec](const auto& codec) {
                 return codec.name == "rtx" || (fec == Fec::kYes && codec.name == "flexfec-03");
               });
  return preferred;
}

std::vector<webrtc::RtpCodecCapability> withFirst(std::vector<webrtc::RtpCodecCapability> codecs,
                                                  VideoCodec first) {
  std::stable_partition(codecs.begin(), codecs.end(),
                        [first](const auto& codec) { return fits(codec, first); });
  return codecs;
}

}  // namespace rtcpub::peer
