#include "peer/pass_through.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "engine/compat/encoded_image.h"

namespace rtcpub::peer {
namespace {

class Camera : public VideoSource {
 public:
  Result<void> start() override { return {}; }
  void stop() override {}
  void requestKeyFrame() override { ++requests; }
  bool setBitrate(int kbps) override {
    bitrate = kbps;
    return true;
  }
  bool preferRaw() override {
    ++rawRequests;
    return true;
  }
  int requests = 0;
  int bitrate = 0;
  int rawRequests = 0;
};

class Output final : public webrtc::EncodedImageCallback {
 public:
  Result OnEncodedImage(const webrtc::EncodedImage& image,
                        const webrtc::CodecSpecificInfo* /*info*/) override {
    timestamps.push_back(engine::rtpTimestamp(image));
    return Result(Result::OK);
  }
  std::vector<std::uint32_t> timestamps;
};

class PassThroughTest : public testing::Test {
 protected:
  PassThroughTest() {
    encoding.source = &camera;
    encoding.bitrateKbps = 3000;
    pass.setRate(100'000);
  }
  EncodedFrame encoded(int ms, bool keyFrame = false) {
    return {.data = bytes.data(),
            .size = bytes.size(),
            .keyFrame = keyFrame,
            .width = 640,
            .height = 480,
            .time = Time(std::chrono::milliseconds(ms))};
  }
  /// What libwebrtc hands on for the newest picture; its clock begins elsewhere.
  webrtc::VideoFrame standIn(int ms) {
    return webrtc::VideoFrame::Builder()
        .set_video_frame_buffer(encodedPlaceholder(640, 480))
        .set_timestamp_us(ms * 1000)
        .set_timestamp_rtp(static_cast<std::uint32_t>(ms) * 90 + 1'000'000)
        .build();
  }

  const std::array<std::uint8_t, 100> bytes{};
  Camera camera;
  Encoding encoding;
  Output output;
  PassThrough pass{encoding};
};

TEST_F(PassThroughTest, KnowsAPictureWithoutPixels) { EXPECT_TRUE(isEncoded(standIn(0))); }

TEST_F(PassThroughTest, SendsAllThatWaitEachWithItsTimestamp) {
  encoding.encoded.push(encoded(1000, true));
  encoding.encoded.push(encoded(1033));
  encoding.encoded.push(encoded(1066));
  pass.send(standIn(1066), false, output);
  EXPECT_EQ(output.timestamps,
            (std::vector<std::uint32_t>{1'090'000, 1'090'000 + 33 * 90, 1'090'000 + 66 * 90}));
  EXPECT_EQ(camera.requests, 0);
}

TEST_F(PassThroughTest, TellsPicturesOfOneMomentApart) {
  encoding.encoded.push(encoded(1000, true));
  encoding.encoded.push(encoded(1000));
  pass.send(standIn(1000), false, output);
  EXPECT_EQ(output.timestamps, (std::vector<std::uint32_t>{1'090'000, 1'090'001}));
}

TEST_F(PassThroughTest, AsksForTheKeyFrameThatIsWanted) {
  encoding.encoded.push(encoded(1000, true));
  pass.send(standIn(1000), true, output);
  EXPECT_EQ(camera.requests, 0);  // it came by itself
  encoding.encoded.push(encoded(1033));
  pass.send(standIn(1033), true, output);
  EXPECT_EQ(camera.requests, 1);
}

TEST_F(PassThroughTest, SendsNothingThatDependsOnAPictureThatGotLost) {
  encoding.encoded.push(encoded(0, true));
  for (int i = 1; i <= 60; ++i) encoding.encoded.push(encoded(i * 33));
  pass.send(standIn(60 * 33), false, output);
  EXPECT_TRUE(output.timestamps.empty());
  EXPECT_EQ(camera.requests, 1);
  encoding.encoded.push(encoded(2100, true));
  pass.send(standIn(2100), false, output);
  EXPECT_EQ(output.timestamps.size(), 1U);
}

TEST_F(PassThroughTest, BeginsAnewWithAKeyFrameAfterAnotherEncoder) {
  encoding.encoded.push(encoded(0, true));
  pass.send(standIn(0), false, output);
  pass.begin(VideoCodec::kH264);
  encoding.encoded.push(encoded(33));
  pass.send(standIn(33), false, output);
  EXPECT_EQ(output.timestamps.size(), 1U);
  EXPECT_EQ(camera.requests, 1);
}

TEST_F(PassThroughTest, AsksForRawPicturesWhenTheirCodecIsNotTheNegotiatedOne) {
  pass.begin(VideoCodec::kVp8);
  encoding.encoded.push(encoded(0, true));
  pass.send(standIn(0), false, output);
  EXPECT_TRUE(output.timestamps.empty());
  EXPECT_EQ(camera.rawRequests, 1);
}

TEST_F(PassThroughTest, LeavesGroupsOutThatThePathDoesNotCarryAndCountsThem) {
  pass.setRate(1);
  encoding.encoded.push(encoded(0, true));
  for (int i = 1; i < 10; ++i) encoding.encoded.push(encoded(i * 33));
  pass.send(standIn(9 * 33), false, output);
  EXPECT_LT(output.timestamps.size(), 10U);
  EXPECT_EQ(encoding.droppedGroups, 1U);
  EXPECT_EQ(camera.requests, 1);
}

TEST_F(PassThroughTest, TellsTheSourceWhatThePathCarriesButNoMoreThanWasAskedFor) {
  pass.setRate(1500);
  EXPECT_EQ(camera.bitrate, 1500);
  pass.setRate(9000);
  EXPECT_EQ(camera.bitrate, 3000);
}

}  // namespace
}  // namespace rtcpub::peer
