#include "peer/decoder_guard.h"

#include <gtest/gtest.h>

#include <vector>

#include "api/video/encoded_image.h"
#include "api/video_codecs/video_decoder.h"
#include "modules/video_coding/include/video_error_codes.h"

namespace rtcpub::peer {
namespace {

using Bytes = std::vector<std::uint8_t>;

// Parameter sets that x264 made, of 640x480 in RGB and of 128x72 in constrained baseline.
const Bytes kRgb{0,    0,    0,    1,    0x67, 0xf4, 0x00, 0x1e, 0x90, 0xd9, 0x64,
                 0x02, 0x80, 0xf6, 0xc0, 0x5a, 0x83, 0x03, 0x03, 0x20, 0x00, 0x00,
                 0x03, 0x00, 0x20, 0x00, 0x00, 0x07, 0x91, 0xe2, 0xc5, 0xc9};
const Bytes kBaseline{0,    0,    0,    1,    0x67, 0x42, 0xc0, 0x15, 0xda, 0x08, 0x2f,
                      0xe5, 0xc0, 0x5a, 0x83, 0x03, 0x03, 0x52, 0x80, 0x00, 0x00, 0x03,
                      0x00, 0x80, 0x00, 0x00, 0x1e, 0x47, 0x8b, 0x17, 0x50};

/// Counts what it is given.
class CountingDecoder final : public webrtc::VideoDecoder {
 public:
  explicit CountingDecoder(int& count) : count_(count) {}
  bool Configure(const Settings& /*settings*/) override { return true; }
  int32_t Decode(const webrtc::EncodedImage& /*image*/, bool /*missing*/,
                 int64_t /*renderTimeMs*/) override {
    ++count_;
    return WEBRTC_VIDEO_CODEC_OK;
  }
  int32_t RegisterDecodeCompleteCallback(webrtc::DecodedImageCallback* /*callback*/) override {
    return WEBRTC_VIDEO_CODEC_OK;
  }
  int32_t Release() override { return WEBRTC_VIDEO_CODEC_OK; }

 private:
  int& count_;
};

class CountingFactory final : public webrtc::VideoDecoderFactory {
 public:
  explicit CountingFactory(int& count) : count_(count) {}
  std::vector<webrtc::SdpVideoFormat> GetSupportedFormats() const override {
    return {webrtc::SdpVideoFormat("H264"), webrtc::SdpVideoFormat("VP8")};
  }
  std::unique_ptr<webrtc::VideoDecoder> CreateVideoDecoder(
      const webrtc::SdpVideoFormat& /*format*/) override {
    return std::make_unique<CountingDecoder>(count_);
  }

 private:
  int& count_;
};

/// Parameter sets and the two slices of an IDR picture (first_mb_in_slice 0 and 1840), or of a P
/// one.
Bytes picture(bool key, bool firstSlice) {
  const std::uint8_t header = key ? 0x65 : 0x41;
  Bytes bytes = key ? kBaseline : Bytes{};
  if (firstSlice) bytes.insert(bytes.end(), {0, 0, 0, 1, header, 0x88, 0x84, 0x06});
  bytes.insert(bytes.end(), {0, 0, 0, 1, header, 0x00, 0x39, 0x8A, 0x20});
  return bytes;
}

int decode(webrtc::VideoDecoder& decoder, const Bytes& bytes) {
  webrtc::EncodedImage image;
  image.SetEncodedData(webrtc::EncodedImageBuffer::Create(bytes.data(), bytes.size()));
  return decoder.Decode(image, false, 0);
}

TEST(DecoderGuard, KeepsH264FromTheDecoderThatWouldAbortOnIt) {
  int decoded = 0;
  const auto factory =
      withGuard(std::make_unique<CountingFactory>(decoded), std::make_shared<Decoding>());
  const auto decoder = factory->CreateVideoDecoder(webrtc::SdpVideoFormat("H264"));
  EXPECT_EQ(decode(*decoder, kRgb), WEBRTC_VIDEO_CODEC_ERROR);
  EXPECT_EQ(decode(*decoder, Bytes(kRgb.begin(), kRgb.begin() + 8)), WEBRTC_VIDEO_CODEC_ERROR);
  EXPECT_EQ(decoded, 0);
  EXPECT_EQ(decode(*decoder, kBaseline), WEBRTC_VIDEO_CODEC_OK);
  EXPECT_EQ(decoded, 1);
}

TEST(DecoderGuard, RefusesAPictureWithoutItsFirstSlicesAndCountsIt) {
  int decoded = 0;
  const auto decoding = std::make_shared<Decoding>();
  const auto factory = withGuard(std::make_unique<CountingFactory>(decoded), decoding);
  const auto decoder = factory->CreateVideoDecoder(webrtc::SdpVideoFormat("H264"));
  EXPECT_EQ(decode(*decoder, picture(true, true)), WEBRTC_VIDEO_CODEC_OK);
  EXPECT_EQ(decode(*decoder, picture(true, false)), WEBRTC_VIDEO_CODEC_ERROR);
  EXPECT_EQ(decode(*decoder, picture(false, false)), WEBRTC_VIDEO_CODEC_ERROR);
  EXPECT_EQ(decode(*decoder, picture(false, true)), WEBRTC_VIDEO_CODEC_OK);
  EXPECT_EQ(decoded, 2);
  EXPECT_EQ(decoding->incompleteFrames, 2U);
}

TEST(DecoderGuard, LeavesOtherCodecsAlone) {
  int decoded = 0;
  const auto factory =
      withGuard(std::make_unique<CountingFactory>(decoded), std::make_shared<Decoding>());
  const auto decoder = factory->CreateVideoDecoder(webrtc::SdpVideoFormat("VP8"));
  EXPECT_EQ(decode(*decoder, kRgb), WEBRTC_VIDEO_CODEC_OK);
  EXPECT_EQ(decoded, 1);
}

}  // namespace
}  // namespace rtcpub::peer
