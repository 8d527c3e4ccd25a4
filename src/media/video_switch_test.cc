#include "media/video_switch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "media/own_source_test.h"

namespace rtcpub::media {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;

/// A switch over a front and a rear camera, and what comes out of it.
class VideoSwitchTest : public testing::Test {
 protected:
  void open(std::optional<VideoCodec> frontCodec = {}, std::optional<VideoCodec> rearCodec = {}) {
    front = std::make_shared<OwnSource>(frontCodec);
    rear = std::make_shared<OwnSource>(rearCodec);
    ASSERT_TRUE(cameras.add("front", front));
    ASSERT_TRUE(cameras.add("rear", rear));
    ASSERT_TRUE(cameras.start());
    cameras.connect({.frame = [this](const VideoFrame& frame) { out.push_back(frame); },
                     .encoded = [this](const EncodedFrame& frame) { encoded.push_back(frame); },
                     .state = [this](const SourceState& state) { told.push_back(state); }});
  }
  ~VideoSwitchTest() override { cameras.connect({}); }

  int changes = 0;
  VideoSwitch cameras{[this] { ++changes; }};
  std::shared_ptr<OwnSource> front;
  std::shared_ptr<OwnSource> rear;
  std::vector<VideoFrame> out;
  std::vector<EncodedFrame> encoded;
  std::vector<SourceState> told;

  const VideoFrame frontPicture = plainFrame(640, 480, 40, 128, 128);
  const VideoFrame rearPicture = plainNv12Frame(1280, 720, 200, 128, 128);
};

TEST_F(VideoSwitchTest, SendsTheFirstCameraAndKeepsTheOtherRunning) {
  open();
  front->give(frontPicture);
  rear->give(rearPicture);
  ASSERT_EQ(out.size(), 1U);
  EXPECT_EQ(out[0].width, 640);
  EXPECT_EQ(front->starts, 1);
  EXPECT_EQ(rear->starts, 1);
}

TEST_F(VideoSwitchTest, PassesPicturesOnWithoutCopies) {
  open();
  front->give(frontPicture);
  ASSERT_EQ(out.size(), 1U);
  EXPECT_EQ(out[0].planes[0].data, frontPicture.planes[0].data);
  EXPECT_EQ(out[0].owner, frontPicture.owner);
}

TEST_F(VideoSwitchTest, SwitchesWithTheVeryNextPictureOfTheSelectedCamera) {
  open();
  front->give(frontPicture);
  rear->give(rearPicture);
  ASSERT_TRUE(cameras.select("rear"));
  front->give(frontPicture);
  rear->give(rearPicture);
  front->give(frontPicture);
  ASSERT_EQ(out.size(), 2U);
  EXPECT_EQ(out[1].width, 1280);
  EXPECT_EQ(out[1].format, PixelFormat::kNv12);
  EXPECT_EQ(out[1].planes[0].data, rearPicture.planes[0].data);
}

TEST_F(VideoSwitchTest, MakesAnotherSceneOfEachSwitchAndOfNothingElse) {
  open();
  front->give(frontPicture);
  front->give(frontPicture);
  ASSERT_TRUE(cameras.select("front"));
  front->give(frontPicture);
  ASSERT_TRUE(cameras.select("rear"));
  rear->give(rearPicture);
  rear->give(rearPicture);
  ASSERT_TRUE(cameras.select("front"));
  front->give(frontPicture);
  ASSERT_EQ(out.size(), 6U);
  EXPECT_EQ(out[1].scene, out[0].scene);
  EXPECT_EQ(out[2].scene, out[0].scene);
  EXPECT_NE(out[3].scene, out[2].scene);
  EXPECT_EQ(out[4].scene, out[3].scene);
  EXPECT_NE(out[5].scene, out[4].scene);
}

TEST_F(VideoSwitchTest, MakesAnotherSceneWhenBothWayCameBetweenTwoPictures) {
  open();
  front->give(frontPicture);
  ASSERT_TRUE(cameras.select("rear"));
  ASSERT_TRUE(cameras.select("front"));
  front->give(frontPicture);
  ASSERT_EQ(out.size(), 2U);
  EXPECT_NE(out[1].scene, out[0].scene);
}

TEST_F(VideoSwitchTest, KeepsTheScenesOfTheCameraItself) {
  open();
  VideoFrame other = frontPicture;
  other.scene = 9;
  for (const VideoFrame& frame : {frontPicture, other, other}) front->give(frame);
  EXPECT_NE(out[1].scene, out[0].scene);
  EXPECT_EQ(out[2].scene, out[1].scene);
}

TEST_F(VideoSwitchTest, TellsWhoIsOnTheAir) {
  open();
  EXPECT_EQ(cameras.onAir(), "front");
  EXPECT_THAT(cameras.names(), ElementsAre("front", "rear"));
  ASSERT_TRUE(cameras.select("rear"));
  EXPECT_EQ(changes, 1);
  EXPECT_EQ(cameras.onAir(), "rear");
  EXPECT_FALSE(cameras.states().at("front").onAir);
  EXPECT_TRUE(cameras.states().at("rear").onAir);
  ASSERT_TRUE(cameras.select("rear"));
  EXPECT_EQ(changes, 1);
}

TEST_F(VideoSwitchTest, NamesTheCamerasWhenAnUnknownOneIsSelected) {
  open();
  const auto selected = cameras.select("side");
  ASSERT_FALSE(selected);
  EXPECT_EQ(selected.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(selected.error().message, "there is no camera \"side\": there is front, rear");
  EXPECT_EQ(cameras.onAir(), "front");
}

TEST_F(VideoSwitchTest, WaitsForTheKeyFrameOfAnEncodedCamera) {
  open(VideoCodec::kH264, VideoCodec::kH264);
  front->giveEncoded(true);
  ASSERT_TRUE(cameras.select("rear"));
  EXPECT_EQ(rear->keyFrameRequests, 1);
  EXPECT_EQ(front->keyFrameRequests, 0);
  EXPECT_EQ(cameras.onAir(), "front");
  rear->giveEncoded(false);
  front->giveEncoded(false);
  EXPECT_EQ(encoded.size(), 2U);
  EXPECT_EQ(changes, 0);
  rear->giveEncoded(true);
  EXPECT_EQ(changes, 1);
  front->giveEncoded(false);
  rear->giveEncoded(false);
  ASSERT_EQ(encoded.size(), 4U);
  EXPECT_TRUE(encoded[2].keyFrame);
  EXPECT_FALSE(encoded[3].keyFrame);
  EXPECT_EQ(cameras.onAir(), "rear");
}

TEST_F(VideoSwitchTest, ForgetsAnEncodedCameraWhenAnotherIsSelectedBeforeItsKeyFrame) {
  open(VideoCodec::kH264, VideoCodec::kH264);
  ASSERT_TRUE(cameras.select("rear"));
  ASSERT_TRUE(cameras.select("front"));
  rear->giveEncoded(true);
  EXPECT_TRUE(encoded.empty());
  EXPECT_EQ(cameras.onAir(), "front");
}

TEST_F(VideoSwitchTest, MixesRawAndEncodedCameras) {
  open({}, VideoCodec::kH264);
  EXPECT_EQ(cameras.codec(), VideoCodec::kH264);
  front->give(frontPicture);
  ASSERT_TRUE(cameras.select("rear"));
  front->give(frontPicture);
  rear->giveEncoded(true);
  ASSERT_TRUE(cameras.select("front"));
  rear->giveEncoded(true);
  front->give(frontPicture);
  EXPECT_EQ(encoded.size(), 1U);
  ASSERT_EQ(out.size(), 3U);
  EXPECT_NE(out[2].scene, out[1].scene);
}

TEST_F(VideoSwitchTest, ForwardsTheEnginesWishesToTheCameraOnTheAir) {
  open({}, VideoCodec::kH264);
  EXPECT_FALSE(cameras.setBitrate(1500));
  cameras.requestKeyFrame();
  EXPECT_EQ(front->keyFrameRequests, 1);
  EXPECT_EQ(front->bitrateKbps, 1500);
  EXPECT_EQ(rear->bitrateKbps, 0);
  ASSERT_TRUE(cameras.select("rear"));
  EXPECT_EQ(rear->bitrateKbps, 1500);
  rear->giveEncoded(true);
  EXPECT_TRUE(cameras.setBitrate(900));
  EXPECT_EQ(rear->bitrateKbps, 900);
  EXPECT_EQ(front->bitrateKbps, 1500);
}

TEST_F(VideoSwitchTest, LetsTheEngineAskForAKeyFrameWhileItTakesAPicture) {
  open({}, VideoCodec::kH264);
  ASSERT_TRUE(cameras.select("rear"));
  cameras.connect({.encoded = [this](const EncodedFrame&) { cameras.requestKeyFrame(); }});
  rear->giveEncoded(true);
  EXPECT_EQ(rear->keyFrameRequests, 2);
}

TEST_F(VideoSwitchTest, KeepsALostCameraOnTheAir) {
  open();
  front->tell({.live = false, .reason = "unplugged"});
  EXPECT_EQ(changes, 1);
  EXPECT_EQ(cameras.onAir(), "front");
  const auto lost = cameras.states().at("front");
  EXPECT_FALSE(lost.live);
  EXPECT_EQ(lost.reason, "unplugged");
  EXPECT_TRUE(cameras.states().at("rear").live);
  rear->give(rearPicture);
  EXPECT_TRUE(out.empty());
  front->tell({});
  EXPECT_TRUE(cameras.states().at("front").live);
  front->give(frontPicture);
  EXPECT_EQ(out.size(), 1U);
}

TEST_F(VideoSwitchTest, IsAsLiveAsTheCameraOnTheAir) {
  open();
  rear->tell({.live = false, .reason = "unplugged"});
  EXPECT_TRUE(told.empty());
  ASSERT_TRUE(cameras.select("rear"));
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].reason, "unplugged");
  ASSERT_TRUE(cameras.select("front"));
  EXPECT_TRUE(told.back().live);
}

TEST_F(VideoSwitchTest, StopsWhatItHasStartedAndNoMore) {
  open();
  cameras.stop();
  cameras.stop();
  EXPECT_EQ(front->stops, 1);
  EXPECT_EQ(rear->stops, 1);
  front->give(frontPicture);
  EXPECT_TRUE(out.empty());
}

TEST(VideoSwitch, NamesTheCameraThatDoesNotStart) {
  VideoSwitch cameras([] {});
  const auto front = std::make_shared<OwnSource>();
  const auto rear = std::make_shared<OwnSource>();
  rear->broken = true;
  ASSERT_TRUE(cameras.add("front", front));
  ASSERT_TRUE(cameras.add("rear", rear));
  const auto started = cameras.start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().message, "camera \"rear\": the lens is dirty");
  EXPECT_EQ(front->stops, 1);
  EXPECT_EQ(rear->stops, 0);
}

TEST(VideoSwitch, RefusesBadNamesAndCodecsThatDoNotGoTogether) {
  VideoSwitch cameras([] {});
  ASSERT_TRUE(cameras.add("front", std::make_shared<OwnSource>(VideoCodec::kH264)));
  for (const std::string& name :
       {std::string(), std::string(33, 'a'), std::string("?"), std::string("front")}) {
    const auto added = cameras.add(name, std::make_shared<OwnSource>());
    ASSERT_FALSE(added) << name;
    EXPECT_EQ(added.error().code, ErrorCode::kInvalidArgument);
  }
  EXPECT_FALSE(cameras.add("rear", nullptr));
  const auto other = cameras.add("rear", std::make_shared<OwnSource>(VideoCodec::kVp8));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().message,
            "camera \"rear\" comes encoded in vp8, another one in h264: open one of them without "
            "pass-through");
  EXPECT_THAT(cameras.names(), ElementsAre("front"));
}

TEST_F(VideoSwitchTest, NeverSendsTheOldCameraAfterTheNewOne) {
  open();
  cameras.connect({.frame = [this](const VideoFrame& frame) { out.push_back(frame); }});
  const auto give = [](OwnSource& source, const VideoFrame& picture) {
    return std::jthread([&](const std::stop_token& ended) {
      while (!ended.stop_requested()) source.give(picture);
    });
  };
  {
    const auto fronts = give(*front, frontPicture);
    const auto rears = give(*rear, rearPicture);
    for (int i = 0; i < 100; ++i) {
      ASSERT_TRUE(cameras.select(i % 2 == 0 ? "rear" : "front"));
      std::this_thread::yield();
    }
  }
  // Within one scene every picture is of one camera.
  for (std::size_t i = 1; i < out.size(); ++i) {
    ASSERT_TRUE(out[i].scene != out[i - 1].scene || out[i].width == out[i - 1].width) << i;
  }
}

// --- picture in picture

int luma(const VideoFrame& frame, int x, int y) {
  return frame.planes[0].data[std::ptrdiff_t{frame.planes[0].stride} * y + x];
}

bool hasInsert(const VideoFrame& frame) {
  return luma(frame, frame.width - 20, frame.height - 20) != luma(frame, 0, 0);
}

TEST_F(VideoSwitchTest, ShowsTheOtherCameraSmall) {
  open();
  ASSERT_TRUE(cameras.setPictureInPicture("rear"));
  front->give(frontPicture);
  EXPECT_FALSE(hasInsert(out.back()));
  rear->give(rearPicture);
  front->give(frontPicture);
  EXPECT_TRUE(hasInsert(out.back()));
  EXPECT_EQ(luma(out.back(), 620, 460), 200);
  EXPECT_EQ(out.back().scene, out.front().scene);
  ASSERT_TRUE(cameras.setPictureInPicture(""));
  front->give(frontPicture);
  EXPECT_FALSE(hasInsert(out.back()));
}

TEST_F(VideoSwitchTest, DoesNotShowACameraInItself) {
  open();
  ASSERT_TRUE(cameras.setPictureInPicture("rear"));
  rear->give(rearPicture);
  ASSERT_TRUE(cameras.select("rear"));
  rear->give(rearPicture);
  EXPECT_EQ(out.back().planes[0].data, rearPicture.planes[0].data);
  ASSERT_TRUE(cameras.select("front"));
  front->give(frontPicture);
  EXPECT_FALSE(hasInsert(out.back()));
  rear->give(rearPicture);
  front->give(frontPicture);
  EXPECT_TRUE(hasInsert(out.back()));
}

TEST_F(VideoSwitchTest, LeavesOutAnInsertThatIsLostOrStale) {
  open();
  ASSERT_TRUE(cameras.setPictureInPicture("rear"));
  const auto frontAt = [&](milliseconds time) {
    return plainFrame(640, 480, 40, 128, 128, Time(time));
  };
  rear->give(plainFrame(320, 240, 200, 128, 128, Time(milliseconds(1000))));
  front->give(frontAt(milliseconds(2900)));
  EXPECT_TRUE(hasInsert(out.back()));
  front->give(frontAt(milliseconds(3100)));
  EXPECT_FALSE(hasInsert(out.back()));
  rear->give(plainFrame(320, 240, 200, 128, 128, Time(milliseconds(3110))));
  front->give(frontAt(milliseconds(3120)));
  EXPECT_TRUE(hasInsert(out.back()));
  rear->tell({.live = false, .reason = "unplugged"});
  front->give(frontAt(milliseconds(3130)));
  EXPECT_FALSE(hasInsert(out.back()));
}

TEST_F(VideoSwitchTest, RefusesPictureInPictureThatCannotBe) {
  open({}, VideoCodec::kH264);
  const auto unknown = cameras.setPictureInPicture("side");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, ErrorCode::kNotFound);
  const auto impossible = cameras.setPictureInPicture("front");
  ASSERT_FALSE(impossible);
  EXPECT_EQ(impossible.error().code, ErrorCode::kUnsupported);
  EXPECT_TRUE(cameras.setPictureInPicture(""));
}

}  // namespace
}  // namespace rtcpub::media
