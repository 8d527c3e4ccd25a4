#include "peer/own_encoder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "api/video/i420_buffer.h"
#include "engine/compat/encoded_image.h"
#include "modules/video_coding/include/video_codec_interface.h"

namespace rtcpub::peer {
namespace {

/// What the fake encoders did, in order: "open a", "encode a key", …
using Journal = std::vector<std::string>;

class FakeEncoder final : public VideoEncoder {
 public:
  using Encode = std::function<Result<bool>(const VideoFrame&, bool, const Output&)>;

  FakeEncoder(std::string name, Journal& journal, Encode encode, Output output)
      : name_(std::move(name)),
        journal_(journal),
        encode_(std::move(encode)),
        output_(std::move(output)) {}

  [[nodiscard]] const std::string& name() const override { return name_; }
  [[nodiscard]] bool hardware() const override { return true; }
  Result<bool> encode(const VideoFrame& frame, bool keyFrame) override {
    journal_.push_back("encode " + name_ + (keyFrame ? " key" : ""));
    return encode_(frame, keyFrame, output_);
  }
  void setRates(int bitrateKbps, double fps) override {
    journal_.push_back("rates " + name_ + " " + std::to_string(bitrateKbps) + " " +
                       std::to_string(static_cast<int>(fps)));
  }

 private:
  const std::string name_;
  Journal& journal_;
  const Encode encode_;
  const Output output_;
};

class FakeEncoders final : public VideoEncoders {
 public:
  explicit FakeEncoders(Journal& journal) : journal_(journal) {}
  void add(const std::string& name, FakeEncoder::Encode encode) {
    encoders_.emplace_back(name, std::move(encode));
  }
  Result<std::unique_ptr<VideoEncoder>> open(const EncoderSettings& /*settings*/,
                                             VideoEncoder::Output output) override {
    if (due) allowRetry();
    if (encoders_.empty()) return fail(ErrorCode::kNotFound, "none");
    const auto& [name, encode] = encoders_.front();
    journal_.push_back("open " + name);
    return std::make_unique<FakeEncoder>(name, journal_, encode, std::move(output));
  }
  void exclude(const std::string& name) override {
    const auto failed = std::find_if(encoders_.begin(), encoders_.end(),
                                     [&](const auto& encoder) { return encoder.first == name; });
    excluded_.push_back(*failed);
    encoders_.erase(failed);
  }
  [[nodiscard]] bool retryDue(const std::string& /*current*/) const override {
    return due && !excluded_.empty();
  }
  /// The one that failed first may be tried again, before all others.
  void allowRetry() {
    encoders_.insert(encoders_.begin(), excluded_.front());
    excluded_.erase(excluded_.begin());
    due = false;
  }
  bool due = false;

 private:
  Journal& journal_;
  std::vector<std::pair<std::string, FakeEncoder::Encode>> encoders_;
  std::vector<std::pair<std::string, FakeEncoder::Encode>> excluded_;
};

class Output final : public webrtc::EncodedImageCallback {
 public:
  Result OnEncodedImage(const webrtc::EncodedImage& image,
                        const webrtc::CodecSpecificInfo* info) override {
    EXPECT_EQ(info->codecType, webrtc::kVideoCodecH264);
    EXPECT_EQ(info->codecSpecific.H264.idr_frame,
              image._frameType == webrtc::VideoFrameType::kVideoFrameKey);
    timestamps.push_back(engine::rtpTimestamp(image));
    return Result(Result::OK);
  }
  std::vector<std::uint32_t> timestamps;
};

Result<bool> gives(const VideoFrame& frame, bool keyFrame, const VideoEncoder::Output& output) {
  static const std::uint8_t kByte = 1;
  output({.data = &kByte, .size = 1, .keyFrame = keyFrame, .time = frame.time});
  return true;
}
Result<bool> isBusy(const VideoFrame& /*frame*/, bool /*key*/,
                    const VideoEncoder::Output& /*output*/) {
  return false;
}
Result<bool> fails(const VideoFrame& /*frame*/, bool /*key*/,
                   const VideoEncoder::Output& /*output*/) {
  return fail(ErrorCode::kMedia, "broken");
}

class OwnEncoderTest : public testing::Test {
 protected:
  OwnEncoderTest() {
    encoding.encoders = encoders;
    own.setOutput(&output);
  }
  webrtc::VideoFrame picture(int number) {
    return webrtc::VideoFrame::Builder()
        .set_video_frame_buffer(webrtc::I420Buffer::Create(16, 16))
        .set_timestamp_us(number * 33'000)
        .set_timestamp_rtp(static_cast<std::uint32_t>(number) * 3000)
        .build();
  }

  Journal journal;
  std::shared_ptr<FakeEncoders> encoders = std::make_shared<FakeEncoders>(journal);
  Encoding encoding;
  Output output;
  OwnEncoder own{encoding};
  const EncoderSettings settings{.width = 16, .height = 16, .bitrateKbps = 500};
};

TEST_F(OwnEncoderTest, LeavesItToTheEngineWhenThereIsNone) {
  EXPECT_FALSE(own.open(settings));
  encoding.encoders = nullptr;
  EXPECT_FALSE(own.open(settings));
}

TEST_F(OwnEncoderTest, GivesEachPictureItsOwnTimestamp) {
  encoders->add("a", gives);
  ASSERT_TRUE(own.open(settings));
  for (int i = 1; i <= 3; ++i) EXPECT_TRUE(own.encode(picture(i), i == 1));
  EXPECT_EQ(output.timestamps, (std::vector<std::uint32_t>{3000, 6000, 9000}));
}

TEST_F(OwnEncoderTest, TakesTheNextOneWhenOneFailsAndBeginsItWithAKeyFrame) {
  encoders->add("a", fails);
  encoders->add("b", gives);
  ASSERT_TRUE(own.open(settings));
  own.setBitrate(300);
  EXPECT_TRUE(own.encode(picture(1), false));
  EXPECT_EQ(own.name(), "b");
  EXPECT_EQ(journal, (Journal{"open a", "rates a 300 30", "encode a", "open b", "rates b 300 30",
                              "encode b key"}));
  EXPECT_EQ(output.timestamps, std::vector<std::uint32_t>{3000});
}

TEST_F(OwnEncoderTest, TriesAgainWhoeverFailedWhenItIsTimeAndBeginsItWithAKeyFrame) {
  bool broken = true;
  encoders->add("a", [&](const auto& frame, bool keyFrame, const auto& out) {
    return broken ? fails(frame, keyFrame, out) : gives(frame, keyFrame, out);
  });
  encoders->add("b", gives);
  ASSERT_TRUE(own.open(settings));
  EXPECT_TRUE(own.encode(picture(1), false));
  EXPECT_TRUE(own.encode(picture(2), false));
  EXPECT_EQ(own.name(), "b");
  broken = false;
  encoders->due = true;
  EXPECT_TRUE(own.encode(picture(3), false));
  EXPECT_TRUE(own.encode(picture(4), false));
  EXPECT_EQ(own.name(), "a");
  std::erase_if(journal, [](const auto& entry) { return entry.starts_with("rates"); });
  EXPECT_EQ(journal, (Journal{"open a", "encode a", "open b", "encode b key", "encode b", "open a",
                              "encode a key", "encode a"}));
}

TEST_F(OwnEncoderTest, SaysWhenNoneIsLeft) {
  encoders->add("a", fails);
  encoders->add("b", fails);
  ASSERT_TRUE(own.open(settings));
  EXPECT_FALSE(own.encode(picture(1), false));
  EXPECT_FALSE(own.isOpen());
}

TEST_F(OwnEncoderTest, OwesTheKeyFrameThatABusyEncoderDidNotTake) {
  bool busy = true;
  encoders->add("a", [&](const auto& frame, bool keyFrame, const auto& out) {
    return busy ? isBusy(frame, keyFrame, out) : gives(frame, keyFrame, out);
  });
  ASSERT_TRUE(own.open(settings));
  EXPECT_TRUE(own.encode(picture(1), true));
  EXPECT_TRUE(own.encode(picture(2), false));
  busy = false;
  EXPECT_TRUE(own.encode(picture(3), false));
  EXPECT_TRUE(own.encode(picture(4), false));
  std::erase_if(journal, [](const auto& entry) { return !entry.starts_with("encode"); });
  EXPECT_EQ(journal, (Journal{"encode a key", "encode a key", "encode a key", "encode a"}));
  EXPECT_EQ(output.timestamps, (std::vector<std::uint32_t>{9000, 12000}));
}

TEST_F(OwnEncoderTest, SkipsPicturesThatTheEncoderLeftOut) {
  encoders->add("a", [](const VideoFrame& frame, bool keyFrame, const auto& out) {
    return frame.time == Time(std::chrono::milliseconds(66)) ? Result<bool>(true)
                                                             : gives(frame, keyFrame, out);
  });
  ASSERT_TRUE(own.open(settings));
  for (int i = 1; i <= 3; ++i) EXPECT_TRUE(own.encode(picture(i), false));
  EXPECT_EQ(output.timestamps, (std::vector<std::uint32_t>{3000, 9000}));
}

}  // namespace
}  // namespace rtcpub::peer
