#include "media/recipes/pipeline_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rtcpub::media {
namespace {

using source_uri::Flip;
using source_uri::Size;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

CameraChoice choice(CameraCoding coding, const std::string& format) {
  return {coding, format, {640, 480}, FrameRate{30, 1}};
}

TEST(PipelineText, KeepsAJetsonsPictureInItsMemoryUntilItIsScaledAndTurned) {
  EXPECT_EQ(csi({}),
            "nvarguscamerasrc name=rtcpub-source ! video/x-raw(memory:NVMM),format=NV12"
            ",width=1280,height=720,framerate=60/1 ! nvvidconv flip-method=2"
            " ! video/x-raw,format=NV12,width=640,height=480 ! appsink name=rtcpub-pictures"
            " max-buffers=1 drop=true enable-last-sample=false qos=false"
            " caps=\"video/x-raw,format=NV12\"");
}

TEST(PipelineText, TurnsAJetsonsPicture) {
  source_uri::Csi csi;
  csi.options.size = Size{640, 480};
  for (const auto& [flip, text] : std::vector<std::pair<Flip, const char*>>{
           {Flip::kNone, "flip-method=0 ! video/x-raw,format=NV12,width=640,height=480"},
           {Flip::k90, "flip-method=3 ! video/x-raw,format=NV12,width=480,height=640"},
           {Flip::k180, "flip-method=2 ! video/x-raw,format=NV12,width=640,height=480"},
           {Flip::k270, "flip-method=1 ! video/x-raw,format=NV12,width=480,height=640"},
           {Flip::kMirror, "flip-method=4 ! video/x-raw,format=NV12,width=640,height=480"}}) {
    csi.options.flip = flip;
    EXPECT_THAT(media::csi(csi), HasSubstr(text));
  }
}

TEST(PipelineText, CapturesOnAJetsonAtTheRateThatIsSent) {
  source_uri::Csi csi;
  csi.options.fps = 30;
  EXPECT_THAT(media::csi(csi), AllOf(HasSubstr("framerate=30/1"), Not(HasSubstr("videorate"))));
  csi.captureFps = 60;
  EXPECT_THAT(media::csi(csi), AllOf(HasSubstr("framerate=60/1"), HasSubstr("max-rate=30")));
}

TEST(PipelineText, HandsACamerasNv12OnWithoutAQueue) {
  EXPECT_THAT(decodedV4l2(choice(CameraCoding::kRaw, "NV12"), {}),
              AllOf(StartsWith("v4l2src name=rtcpub-source ! video/x-raw,format=NV12,width=640"
                               ",height=480,framerate=30/1 ! videoconvert"),
                    Not(HasSubstr("queue"))));
}

TEST(PipelineText, DecodesTheNewestOfACamerasPictures) {
  EXPECT_THAT(decodedV4l2(choice(CameraCoding::kJpeg, ""), {.flip = Flip::k180}),
              AllOf(HasSubstr("image/jpeg,width=640"),
                    HasSubstr("queue leaky=downstream max-size-buffers=1"),
                    HasSubstr("! jpegdec !"), HasSubstr("video-direction=180")));
  EXPECT_THAT(decodedV4l2(choice(CameraCoding::kH264, ""), {}), HasSubstr("decodebin"));
}

TEST(PipelineText, DropsNoEncodedPicture) {
  const auto text = encodedV4l2(choice(CameraCoding::kH264, ""));
  EXPECT_THAT(text, AllOf(HasSubstr("video/x-h264,width=640"), HasSubstr("config-interval=-1"),
                          HasSubstr("stream-format=byte-stream,alignment=au"),
                          Not(HasSubstr("drop")), Not(HasSubstr("leaky"))));
}

TEST(PipelineText, StampsI420Only) {
  const source_uri::Options stamped{.stamp = true};
  source_uri::Csi csi;
  csi.options = stamped;
  for (const auto& text : {decodedFile(stamped, false), decodedRtsp(stamped), screen(stamped),
                           libcamera(stamped), media::csi(csi)}) {
    EXPECT_THAT(text, HasSubstr("caps=\"video/x-raw,format=I420\""));
  }
}

TEST(PipelineText, NamesARateToLibcameraOnlyIfOneIsWanted) {
  EXPECT_THAT(libcamera({}),
              AllOf(HasSubstr("width=1280,height=720"), Not(HasSubstr("framerate"))));
  EXPECT_THAT(libcamera({.fps = 15, .format = "YUY2"}),
              AllOf(HasSubstr("format=YUY2"), HasSubstr("framerate=15/1")));
}

TEST(PipelineText, FitsWhatIsDecodedToTheOptions) {
  EXPECT_THAT(decodedRtsp({.size = Size{320, 240}, .fps = 10, .format = "NV12"}),
              AllOf(HasSubstr("videorate drop-only=true max-rate=10"),
                    HasSubstr("pixel-aspect-ratio=1/1,width=320,height=240"),
                    HasSubstr("video/x-raw,format=NV12")));
  EXPECT_THAT(decodedFile({}, false), AllOf(Not(HasSubstr("videorate")), Not(HasSubstr("width=")),
                                            HasSubstr("video/x-raw,pixel-aspect-ratio=1/1 !"),
                                            HasSubstr("videoflip video-direction=auto")));
}

TEST(PipelineText, KeepsOpenH264FromMakingKeyFramesOfMovingTexture) {
  const auto textOf = [](const std::string& description) {
    return encodedPipeline({.description = description, .options = {}});
  };
  constexpr auto kOff = "openh264enc scene-change-detection=false";
  EXPECT_THAT(textOf("videotestsrc ! openh264enc"), HasSubstr(kOff));
  EXPECT_THAT(textOf("videotestsrc ! openh264enc gop-size=60"), HasSubstr(kOff));
  EXPECT_THAT(textOf("videotestsrc!openh264enc!queue"), HasSubstr(kOff));
  // Its user wants it, or it is no element's name.
  for (const auto* other : {"a ! openh264enc scene-change-detection=true",
                            "a ! x264enc name=openh264enc", "a ! openh264encoder"}) {
    EXPECT_THAT(textOf(other), AllOf(StartsWith(other), Not(HasSubstr("detection=false"))));
  }
}

}  // namespace
}  // namespace rtcpub::media
