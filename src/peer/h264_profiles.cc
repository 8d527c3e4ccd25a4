#include "peer/h264_profiles.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "api/video_codecs/h264_profile_level_id.h"
#include "api/video_codecs/video_decoder.h"

namespace rtcpub::peer {
namespace {

using webrtc::SdpVideoFormat;

constexpr const char* kProfileParameter = "profile-level-id";
/// Main and High at level 3.1, as the engine names its own; the level binds no sender, since
/// `level-asymmetry-allowed` stands beside it (RFC 6184 section 8.1).
constexpr std::array kMore{"4d001f", "64001f"};

SdpVideoFormat h264(const std::string& profile) {
  return SdpVideoFormat("H264", {{kProfileParameter, profile},
                                 {"level-asymmetry-allowed", "1"},
                                 {"packetization-mode", "1"}});
}

bool isOneOfMore(const SdpVideoFormat& format) {
  return format.name == "H264" && std::any_of(kMore.begin(), kMore.end(), [&](const auto* profile) {
           return webrtc::H264IsSameProfile(format.parameters, h264(profile).parameters);
         });
}

/// Whose pictures the decoder's guard refuses, for the most part.
bool isHigh444(const SdpVideoFormat& format) {
  if (format.name != "H264") return false;
  const auto level = webrtc::ParseSdpForH264ProfileLevelId(format.parameters);
  return level && level->profile == webrtc::H264Profile::kProfilePredictiveHigh444;
}

class ProfilesFactory final : public webrtc::VideoDecoderFactory {
 public:
  explicit ProfilesFactory(std::unique_ptr<VideoDecoderFactory> engines)
      : engines_(std::move(engines)) {}

  std::vector<SdpVideoFormat> GetSupportedFormats() const override {
    auto formats = engines_->GetSupportedFormats();
    std::erase_if(formats, isHigh444);
    const bool decodesH264 = std::any_of(formats.begin(), formats.end(),
                                         [](const auto& format) { return format.name == "H264"; });
    if (!decodesH264) return formats;
    for (const auto* profile : kMore) {
      if (!h264(profile).IsCodecInList(formats)) formats.push_back(h264(profile));
    }
    return formats;
  }
  CodecSupport QueryCodecSupport(const SdpVideoFormat& format,
                                 bool referenceScaling) const override {
    return engines_->QueryCodecSupport(known(format), referenceScaling);
  }
  std::unique_ptr<webrtc::VideoDecoder> CreateVideoDecoder(const SdpVideoFormat& format) override {
    return engines_->CreateVideoDecoder(known(format));
  }

 private:
  /// The engine makes the same decoder of any profile, but asks for one that it has named.
  static SdpVideoFormat known(const SdpVideoFormat& format) {
    if (!isOneOfMore(format)) return format;
    SdpVideoFormat named = format;
    named.parameters[kProfileParameter] = "42e01f";
    return named;
  }

  const std::unique_ptr<VideoDecoderFactory> engines_;
};

}  // namespace

std::unique_ptr<webrtc::VideoDecoderFactory> withH264Profiles(
    std::unique_ptr<webrtc::VideoDecoderFactory> engines) {
  return std::make_unique<ProfilesFactory>(std::move(engines));
}

}  // namespace rtcpub::peer
