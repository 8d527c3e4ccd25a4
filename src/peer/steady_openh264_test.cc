#include "peer/steady_openh264.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <vector>

#include "api/video/i420_buffer.h"
#include "api/video/video_bitrate_allocation.h"
#include "api/video/video_frame.h"
#include "api/video_codecs/builtin_video_encoder_factory.h"
#include "api/video_codecs/video_encoder.h"
#include "modules/video_coding/include/video_codec_interface.h"
#include "modules/video_coding/include/video_error_codes.h"

namespace rtcpub::peer {
namespace {

constexpr int kSide = 256;

/// A zone plate whose rings move: texture of every fineness, all of it in motion.
rtc::scoped_refptr<webrtc::I420Buffer> zonePlate(int number) {
  auto buffer = webrtc::I420Buffer::Create(kSide, kSide);
  for (int row = 0; row < kSide; ++row) {
    for (int column = 0; column < kSide; ++column) {
      const double x = column - kSide / 2.0;
      const double y = row - kSide / 2.0;
      buffer->MutableDataY()[row * buffer->StrideY() + column] =
          static_cast<std::uint8_t>(128 + 127 * std::sin((x * x + y * y) * 0.01 + number * 0.7));
    }
  }
  const auto chroma = static_cast<std::size_t>(buffer->StrideU()) * (kSide / 2);
  std::memset(buffer->MutableDataU(), 128, chroma);
  std::memset(buffer->MutableDataV(), 128, chroma);
  return buffer;
}

webrtc::VideoCodec settings() {
  webrtc::VideoCodec codec;
  codec.codecType = webrtc::kVideoCodecH264;
  codec.width = codec.height = kSide;
  codec.maxFramerate = 30;
  codec.startBitrate = codec.maxBitrate = 1000;
  codec.numberOfSimulcastStreams = 1;
  codec.simulcastStream[0].width = codec.simulcastStream[0].height = kSide;
  codec.simulcastStream[0].active = true;
  codec.H264()->keyFrameInterval = 0;
  codec.H264()->numberOfTemporalLayers = 1;
  codec.SetFrameDropEnabled(false);
  return codec;
}

class KeyFrames final : public webrtc::EncodedImageCallback {
 public:
  Result OnEncodedImage(const webrtc::EncodedImage& image,
                        const webrtc::CodecSpecificInfo* /*info*/) override {
    if (image._frameType == webrtc::VideoFrameType::kVideoFrameKey) at.push_back(frames);
    ++frames;
    return Result(Result::OK);
  }
  int frames = 0;
  std::vector<int> at;
};

/// Which of so many pictures became key frames, when the first one and number 30 were asked for.
std::vector<int> keyFrames(webrtc::VideoEncoderFactory& factory, int count) {
  const webrtc::SdpVideoFormat format(
      "H264", {{"profile-level-id", "42e01f"}, {"packetization-mode", "1"}});
  const auto encoder = factory.CreateVideoEncoder(format);
  const auto codec = settings();
  KeyFrames found;
  EXPECT_EQ(encoder->InitEncode(&codec, {webrtc::VideoEncoder::Capabilities(false), 1, 1200}),
            WEBRTC_VIDEO_CODEC_OK);
  encoder->RegisterEncodeCompleteCallback(&found);
  webrtc::VideoBitrateAllocation rate;
  rate.SetBitrate(0, 0, 1'000'000);
  encoder->SetRates(webrtc::VideoEncoder::RateControlParameters(rate, 30));
  for (int number = 0; number < count; ++number) {
    const auto frame = webrtc::VideoFrame::Builder()
                           .set_video_frame_buffer(zonePlate(number))
                           .set_timestamp_us(number * 33'333)
                           .set_timestamp_rtp(static_cast<std::uint32_t>(number) * 3000)
                           .build();
    const bool wanted = number == 0 || number == 30;
    const std::vector types{wanted ? webrtc::VideoFrameType::kVideoFrameKey
                                   : webrtc::VideoFrameType::kVideoFrameDelta};
    EXPECT_EQ(encoder->Encode(frame, &types), WEBRTC_VIDEO_CODEC_OK);
  }
  EXPECT_EQ(found.frames, count);
  return found.at;
}

TEST(SteadyOpenH264, MakesKeyFramesOnlyWhenAskedOnMovingTexture) {
  const auto steady = withoutSceneChanges(webrtc::CreateBuiltinVideoEncoderFactory());
  EXPECT_EQ(keyFrames(*steady, 90), (std::vector<int>{0, 30}));
}

TEST(SteadyOpenH264, IsNeededAsLongAsTheEnginesOwnMakesMore) {
  const auto engines = webrtc::CreateBuiltinVideoEncoderFactory();
  EXPECT_GT(keyFrames(*engines, 90).size(), 2U);
}

TEST(SteadyOpenH264, LeavesOtherCodecsAlone) {
  const auto steady = withoutSceneChanges(webrtc::CreateBuiltinVideoEncoderFactory());
  EXPECT_NE(steady->CreateVideoEncoder(webrtc::SdpVideoFormat("VP8")), nullptr);
  EXPECT_EQ(steady->CreateVideoEncoder(webrtc::SdpVideoFormat("none")), nullptr);
}

}  // namespace
}  // namespace rtcpub::peer
