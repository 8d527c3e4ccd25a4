#include "peer/key_frame_interval_encoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "api/video/i420_buffer.h"

namespace rtcpub::peer {
namespace {

using webrtc::VideoFrameType;

/// Makes what it is asked for, at once; can be told to drop.
class FakeEncoder final : public webrtc::VideoEncoder {
 public:
  explicit FakeEncoder(bool& drops) : drops_(drops) {}

  int InitEncode(const webrtc::VideoCodec* /*codec*/, const Settings& /*settings*/) override {
    return 0;
  }
  int32_t RegisterEncodeCompleteCallback(webrtc::EncodedImageCallback* callback) override {
    callback_ = callback;
    return 0;
  }
  int32_t Release() override { return 0; }
  int32_t Encode(const webrtc::VideoFrame& /*frame*/,
                 const std::vector<VideoFrameType>* types) override {
    if (drops_) {
      callback_->OnDroppedFrame(webrtc::EncodedImageCallback::DropReason::kDroppedByEncoder);
      return 0;
    }
    webrtc::EncodedImage image;
    image._frameType = types ? types->at(0) : VideoFrameType::kVideoFrameDelta;
    callback_->OnEncodedImage(image, nullptr);
    return 0;
  }
  void SetRates(const RateControlParameters& /*rates*/) override {}
  EncoderInfo GetEncoderInfo() const override {
    EncoderInfo info;
    info.implementation_name = "fake";
    return info;
  }

 private:
  bool& drops_;
  webrtc::EncodedImageCallback* callback_ = nullptr;
};

class KeyFrameIntervalEncoder : public testing::Test, private webrtc::EncodedImageCallback {
 protected:
  void SetUp() override {
    encoder_->RegisterEncodeCompleteCallback(this);
    encoder_->InitEncode(nullptr, {webrtc::VideoEncoder::Capabilities(false), 1, 1200});
  }

  void encode(VideoFrameType type) {
    const auto frame = webrtc::VideoFrame::Builder()
                           .set_video_frame_buffer(webrtc::I420Buffer::Create(2, 2))
                           .build();
    const std::vector<VideoFrameType> types{type};
    EXPECT_EQ(encoder_->Encode(frame, &types), 0);
  }
  void encodeDeltas(int count) {
    for (int i = 0; i < count; ++i) encode(VideoFrameType::kVideoFrameDelta);
  }

  const std::shared_ptr<KeyFrameInterval> interval_ = std::make_shared<KeyFrameInterval>(3);
  bool drops_ = false;
  const std::unique_ptr<webrtc::VideoEncoder> encoder_ =
      withKeyFrameInterval(std::make_unique<FakeEncoder>(drops_), interval_);
  std::string made_;  ///< K: a key frame, d: another, -: dropped

 private:
  Result OnEncodedImage(const webrtc::EncodedImage& image,
                        const webrtc::CodecSpecificInfo* /*info*/) override {
    made_ += image._frameType == VideoFrameType::kVideoFrameKey ? 'K' : 'd';
    return Result(Result::OK);
  }
  void OnDroppedFrame(DropReason /*reason*/) override { made_ += '-'; }
};

TEST_F(KeyFrameIntervalEncoder, MakesEveryNthAKeyFrame) {
  encode(VideoFrameType::kVideoFrameKey);
  encodeDeltas(8);
  EXPECT_EQ(made_, "KddKddKdd");
}

TEST_F(KeyFrameIntervalEncoder, CountsFromAKeyFrameThatWasRequested) {
  encode(VideoFrameType::kVideoFrameKey);
  encodeDeltas(1);
  encode(VideoFrameType::kVideoFrameKey);
  encodeDeltas(4);
  EXPECT_EQ(made_, "KdKddKd");
}

TEST_F(KeyFrameIntervalEncoder, AsksAgainWhenTheKeyFrameWasDropped) {
  encode(VideoFrameType::kVideoFrameKey);
  encodeDeltas(2);
  drops_ = true;
  encodeDeltas(1);
  drops_ = false;
  encodeDeltas(3);
  EXPECT_EQ(made_, "Kdd-Kdd");
}

TEST_F(KeyFrameIntervalEncoder, FollowsAChangeOfTheInterval) {
  encode(VideoFrameType::kVideoFrameKey);
  *interval_ = 1;
  encodeDeltas(2);
  EXPECT_EQ(made_, "KKK");
}

TEST_F(KeyFrameIntervalEncoder, LeavesTheRestToTheInnerOne) {
  EXPECT_EQ(encoder_->GetEncoderInfo().implementation_name, "fake");
}

}  // namespace
}  // namespace rtcpub::peer
