#include "peer/h264_profiles.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "api/video_codecs/builtin_video_decoder_factory.h"
#include "api/video_codecs/video_decoder.h"

namespace rtcpub::peer {
namespace {

std::vector<std::string> profilesOf(const webrtc::VideoDecoderFactory& factory) {
  std::vector<std::string> profiles;
  for (const auto& format : factory.GetSupportedFormats()) {
    if (format.name == "H264" && format.parameters.at("packetization-mode") == "1") {
      profiles.push_back(format.parameters.at("profile-level-id").substr(0, 4));
    }
  }
  std::sort(profiles.begin(), profiles.end());
  return profiles;
}

TEST(H264Profiles, AreNamedOnceEach) {
  const auto factory = withH264Profiles(webrtc::CreateBuiltinVideoDecoderFactory());
  EXPECT_EQ(profilesOf(*factory), (std::vector<std::string>{"4200", "42e0", "4d00", "6400"}));
}

TEST(H264Profiles, AreDecoded) {
  const auto factory = withH264Profiles(webrtc::CreateBuiltinVideoDecoderFactory());
  for (const auto& format : factory->GetSupportedFormats()) {
    EXPECT_NE(factory->CreateVideoDecoder(format), nullptr) << format.ToString();
  }
}

TEST(H264Profiles, AreNotNamedWhereThereIsNoH264) {
  class Vp8Only final : public webrtc::VideoDecoderFactory {
   public:
    std::vector<webrtc::SdpVideoFormat> GetSupportedFormats() const override {
      return {webrtc::SdpVideoFormat("VP8")};
    }
    std::unique_ptr<webrtc::VideoDecoder> CreateVideoDecoder(
        const webrtc::SdpVideoFormat& /*format*/) override {
      return nullptr;
    }
  };
  EXPECT_EQ(withH264Profiles(std::make_unique<Vp8Only>())->GetSupportedFormats().size(), 1U);
}

}  // namespace
}  // namespace rtcpub::peer
