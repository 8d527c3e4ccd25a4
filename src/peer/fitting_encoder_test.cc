#include "peer/fitting_encoder.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "api/video/i420_buffer.h"
#include "api/video/video_frame.h"
#include "modules/video_coding/include/video_error_codes.h"

namespace rtcpub::peer {
namespace {

using Sizes = std::vector<std::pair<int, int>>;

/// Takes so many pixels at most; notes what it is asked for, and given.
class Limited final : public webrtc::VideoEncoder {
 public:
  Limited(int pixels, Sizes& opened, Sizes& encoded)
      : pixels_(pixels), opened_(opened), encoded_(encoded) {}
  int InitEncode(const webrtc::VideoCodec* codec, const Settings& /*settings*/) override {
    opened_.emplace_back(codec->width, codec->height);
    EXPECT_EQ(codec->simulcastStream[0].width, codec->width);
    return codec->width * codec->height > pixels_ ? WEBRTC_VIDEO_CODEC_ERROR
                                                  : WEBRTC_VIDEO_CODEC_OK;
  }
  int32_t RegisterEncodeCompleteCallback(webrtc::EncodedImageCallback* /*callback*/) override {
    return WEBRTC_VIDEO_CODEC_OK;
  }
  int32_t Release() override { return WEBRTC_VIDEO_CODEC_OK; }
  int32_t Encode(const webrtc::VideoFrame& frame,
                 const std::vector<webrtc::VideoFrameType>* /*types*/) override {
    encoded_.emplace_back(frame.width(), frame.height());
    timestamp = frame.timestamp();
    return WEBRTC_VIDEO_CODEC_OK;
  }
  void SetRates(const RateControlParameters& /*rates*/) override {}
  static inline std::uint32_t timestamp = 0;

 private:
  const int pixels_;
  Sizes& opened_;
  Sizes& encoded_;
};

class FittingEncoderTest : public testing::Test {
 protected:
  int open(int pixels, int width, int height) {
    encoder = withFittingSize(std::make_unique<Limited>(pixels, opened, encoded));
    webrtc::VideoCodec codec;
    codec.width = static_cast<std::uint16_t>(width);
    codec.height = static_cast<std::uint16_t>(height);
    codec.numberOfSimulcastStreams = 1;
    codec.simulcastStream[0].width = width;
    codec.simulcastStream[0].height = height;
    return encoder->InitEncode(
        &codec, {webrtc::VideoEncoder::Capabilities(/*loss_notification=*/false), 1, 1200});
  }
  void encode(int width, int height) {
    const auto frame = webrtc::VideoFrame::Builder()
                           .set_video_frame_buffer(webrtc::I420Buffer::Create(width, height))
                           .set_timestamp_rtp(3000)
                           .build();
    EXPECT_EQ(encoder->Encode(frame, nullptr), WEBRTC_VIDEO_CODEC_OK);
  }

  Sizes opened;
  Sizes encoded;
  std::unique_ptr<webrtc::VideoEncoder> encoder;
};

TEST_F(FittingEncoderTest, GivesOnAsTheyAreWhatFits) {
  EXPECT_EQ(open(1'000'000, 640, 480), WEBRTC_VIDEO_CODEC_OK);
  encode(640, 480);
  EXPECT_EQ(opened, (Sizes{{640, 480}}));
  EXPECT_EQ(encoded, (Sizes{{640, 480}}));
}

TEST_F(FittingEncoderTest, MakesPicturesSmallerThatAreTooLarge) {
  EXPECT_EQ(open(9'437'184, 4608, 2592), WEBRTC_VIDEO_CODEC_OK);
  encode(4608, 2592);
  EXPECT_EQ(opened, (Sizes{{4608, 2592}, {3456, 1944}}));
  EXPECT_EQ(encoded, (Sizes{{3456, 1944}}));
  EXPECT_EQ(Limited::timestamp, 3000U);
}

TEST_F(FittingEncoderTest, KeepsSidesEven) {
  EXPECT_EQ(open(1'000'000, 1916, 1078), WEBRTC_VIDEO_CODEC_OK);
  for (const auto& [width, height] : opened) EXPECT_EQ((width % 2) + (height % 2), 0);
}

TEST_F(FittingEncoderTest, GivesUpWhenItIsNotTheSize) {
  EXPECT_EQ(open(0, 4608, 2592), WEBRTC_VIDEO_CODEC_ERROR);
  EXPECT_EQ(open(0, 640, 480), WEBRTC_VIDEO_CODEC_ERROR);
}

}  // namespace
}  // namespace rtcpub::peer
