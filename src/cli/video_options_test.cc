#include "cli/video_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>

namespace rtcpub::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Video, MayHaveAName) {
  EXPECT_EQ(splitName("front=csi:0"), (NamedVideo{"front", "csi:0"}));
  EXPECT_EQ(splitName("rear_2-b=v4l2:/dev/video1?size=640x480"),
            (NamedVideo{"rear_2-b", "v4l2:/dev/video1?size=640x480"}));
  EXPECT_EQ(splitName("door=rtsp://camera.example/a?b=c"),
            (NamedVideo{"door", "rtsp://camera.example/a?b=c"}));
}

TEST(Video, IsNotNamedByAnEqualsSignOfItsOwn) {
  for (const char* uri :
       {"test:?size=640x480", "gst:videotestsrc pattern=snow ! videoconvert",
        "rtsp://camera.example/?a=test:b", "file:/tmp/a=b.mp4", "v4l2:?size=640x480&fps=30",
        "gst:filesrc location=file:x", "csi:0", "", "=csi:0", "front=", "front=elsewhere:0",
        "front=0", "my car=csi:0", "a.b=csi:0", "abcdefghijklmnopqrstuvwxyz1234567=csi:0"}) {
    EXPECT_EQ(splitName(uri), (NamedVideo{"", uri})) << uri;
  }
}

TEST(Cameras, AreNoneWhenThereIsOneVideoWithoutAName) {
  EXPECT_THAT(camerasOf({}), IsEmpty());
  EXPECT_THAT(camerasOf({.videos = {"test:"}}), IsEmpty());
}

TEST(Cameras, HaveTheirNamesOrTheirNumbers) {
  EXPECT_THAT(camerasOf({.videos = {"front=csi:0"}}), ElementsAre(NamedVideo{"front", "csi:0"}));
  EXPECT_THAT(
      camerasOf({.videos = {"csi:0", "rear=csi:1", "test:"}}),
      ElementsAre(NamedVideo{"1", "csi:0"}, NamedVideo{"rear", "csi:1"}, NamedVideo{"3", "test:"}));
}

/// What the program makes of these words.
struct Parsed {
  VideoOptions video;
  PublisherOptions publishing;
};
Parsed parse(const std::string& words) {
  Parsed parsed;
  CLI::App app;
  addVideoOptions(app, parsed.video, parsed.publishing);
  app.parse(words);
  return parsed;
}

TEST(VideoOptions, TakeSeveralVideos) {
  const auto parsed = parse("--video front=csi:0 --video rear=csi:1 --pip rear --auto-rear");
  EXPECT_THAT(parsed.video.videos, ElementsAre("front=csi:0", "rear=csi:1"));
  EXPECT_EQ(parsed.video.pictureInPicture, "rear");
  EXPECT_TRUE(parsed.publishing.autoRear);
}

TEST(VideoOptions, LeaveTheCodecOpenUnlessItIsNamed) {
  EXPECT_FALSE(parse("").publishing.codec);
  EXPECT_FALSE(parse("--codec auto").publishing.codec);
  EXPECT_EQ(parse("--codec VP8").publishing.codec, VideoCodec::kVp8);
  EXPECT_THROW((void)parse("--codec av1"), CLI::ValidationError);
}

TEST(VideoOptions, SayHowToEncode) {
  const auto parsed = parse("--encoder x264enc --intra-refresh --bitrate 1.5M --key-interval 30");
  EXPECT_EQ(parsed.publishing.encoder, "x264enc");
  EXPECT_TRUE(parsed.publishing.intraRefresh);
  EXPECT_EQ(parsed.publishing.bitrateKbps, 1500);
  EXPECT_EQ(parsed.publishing.keyFrameInterval, 30);
}

TEST(VideoOptions, TakeTemporalLayersOfVp8AndVp9) {
  EXPECT_EQ(parse("").publishing.temporalLayers, 1);
  EXPECT_EQ(parse("--codec vp8 --temporal-layers 3").publishing.temporalLayers, 3);
  EXPECT_EQ(parse("--temporal-layers 2 --codec vp9").publishing.temporalLayers, 2);
  EXPECT_EQ(parse("--codec h264 --temporal-layers 1").publishing.temporalLayers, 1);
  for (const char* wrong :
       {"--temporal-layers 3", "--codec auto --temporal-layers 2",
        "--codec h264 --temporal-layers 2", "--encoder x264enc --temporal-layers 3",
        "--codec vp8 --temporal-layers 0", "--codec vp8 --temporal-layers 4",
        "--codec vp8 --temporal-layers -1", "--codec vp8 --temporal-layers many"}) {
    EXPECT_THROW((void)parse(wrong), CLI::ParseError) << wrong;
  }
}

}  // namespace
}  // namespace rtcpub::cli
