// What is said of sources that can't be opened, and of options that devices don't know.
#include <gmock/gmock.h>
#include <gst/gst.h>
#include <gtest/gtest.h>

#include "media/gst/gst_init.h"
#include "media/gst/gst_owned.h"
#include "media/open_source.h"
#include "media/recipes/camera_caps.h"
#include "media/recipes/device_failure.h"
#include "media/recipes/pipeline_parser.h"
#include "media/recipes/v4l2_cameras.h"

namespace rtcpub::media {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const std::vector<V4l2Camera> kCameras{{"/dev/video0", "Front Camera"},
                                       {"/dev/video2", "Rear Camera"}};

class SourceErrorsTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(initGStreamer().has_value()); }
};

Failure failure(GstResourceError code, const std::string& detail = "") {
  return {.domain = GST_RESOURCE_ERROR, .code = code, .text = "v4l2src0: text", .detail = detail};
}

TEST_F(SourceErrorsTest, FindsACameraByPathNameOrAsTheFirst) {
  EXPECT_EQ(findV4l2Camera("/dev/video7", kCameras), "/dev/video7");
  EXPECT_EQ(findV4l2Camera("rear", kCameras), "/dev/video2");
  EXPECT_EQ(findV4l2Camera("", kCameras), "/dev/video0");
}

TEST_F(SourceErrorsTest, ListsTheCamerasThatThereAre) {
  const auto missing = findV4l2Camera("side", kCameras);
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(missing.error().message,
            "No camera is called \"side\"; there is /dev/video0 (Front Camera), /dev/video2 (Rear "
            "Camera)");
  EXPECT_THAT(findV4l2Camera("", {}).error().message, HasSubstr("No camera was found"));
}

TEST_F(SourceErrorsTest, TellsWhyACameraDoesNotOpen) {
  const auto busy = explainDevice("The camera", failure(GST_RESOURCE_ERROR_BUSY));
  EXPECT_THAT(busy.message, HasSubstr("is busy"));
  const auto denied = explainDevice("The camera", failure(GST_RESOURCE_ERROR_OPEN_READ_WRITE,
                                                          "a\nsystem error: Permission denied"));
  EXPECT_THAT(denied.message, HasSubstr("no permission"));
  EXPECT_EQ(explainDevice("It", failure(GST_RESOURCE_ERROR_NOT_FOUND)).code, ErrorCode::kNotFound);
  EXPECT_THAT(explainDevice("It", failure(GST_RESOURCE_ERROR_FAILED)).message, HasSubstr("text"));
}

TEST_F(SourceErrorsTest, ReadsACamerasModes) {
  const Owned<GstCaps> caps(gst_caps_from_string(
      "video/x-raw,format=(string){YUY2,NV12},width=640,height=480,framerate={30/1,15/1};"
      "image/jpeg,width=[32,1920],height=[32,1080],framerate=[1/1,60/1];"
      "video/x-bayer,format=rggb,width=640,height=480,framerate=30/1;"
      "video/x-raw,format=NV12"));
  const auto modes = modesOf(caps.get());
  ASSERT_EQ(modes.size(), 3U);
  EXPECT_EQ(modes[1].format, "NV12");
  EXPECT_THAT(modes[1].rates, ElementsAre(FrameRate{30, 1}, FrameRate{15, 1}));
  EXPECT_EQ(modes[2].coding, CameraCoding::kJpeg);
  EXPECT_EQ(modes[2].width, (CameraRange{32, 1920}));
  EXPECT_TRUE(modes[2].anyRateBetween);
  const Owned<GstCaps> any(gst_caps_new_any());
  EXPECT_TRUE(modesOf(any.get()).empty());
}

TEST_F(SourceErrorsTest, SetsADevicesOwnOptions) {
  const Owned<GstElement> element(
      GST_ELEMENT(gst_object_ref_sink(gst_element_factory_make("videotestsrc", nullptr))));
  ASSERT_TRUE(setProperties(element.get(), {{"pattern", "ball"}, {"num-buffers", "7"}}));
  gint count = 0;
  g_object_get(element.get(), "num-buffers", &count, nullptr);
  EXPECT_EQ(count, 7);
  const auto unknown = setProperties(element.get(), {{"colour", "red"}});
  ASSERT_FALSE(unknown.has_value());
  EXPECT_EQ(unknown.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(unknown.error().message,
              AllOf(HasSubstr("\"colour\""), HasSubstr("gst-inspect-1.0 videotestsrc")));
  EXPECT_THAT(setProperties(element.get(), {{"num-buffers", "many"}}).error().message,
              HasSubstr("takes a gint, not \"many\""));
  EXPECT_THAT(setProperties(element.get(), {{"num-buffers", "-5"}}).error().message,
              HasSubstr("takes a gint"));
}

TEST_F(SourceErrorsTest, SaysNoCredentials) {
  const auto failed = openSource(
      source_uri::Pipeline{"rtspsrc location=rtsp://eve:secret@127.0.0.1:1/ ! decodebin", {}}, {});
  ASSERT_FALSE(failed.has_value());
  EXPECT_THAT(failed.error().message, Not(HasSubstr("secret")));
  source_uri::Rtsp rtsp;
  rtsp.url = "rtsp://127.0.0.1:1/live";
  rtsp.user = "eve";
  rtsp.password = "secret";
  const auto refused = openSource(rtsp, {});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kUnreachable);
  EXPECT_THAT(refused.error().message, AllOf(HasSubstr("rtsp://127.0.0.1:1/live can't be reached"),
                                             Not(HasSubstr("secret"))));
}

}  // namespace
}  // namespace rtcpub::media
