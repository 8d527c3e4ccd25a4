#include "media/recipes/camera_modes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "media/gst/gst_init.h"
#include "media/gst/gst_owned.h"

namespace rtcpub::media {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<Camera::Mode> modesOf(const char* text) {
  (void)initGStreamer();
  const Owned<GstCaps> caps(gst_caps_from_string(text));
  return readModes(caps.get());
}

TEST(CameraModes, AreEachFormatsLargestFirst) {
  EXPECT_THAT(modesOf("video/x-raw,format=YUY2,width=640,height=480,framerate=30/1;"
                      "image/jpeg,width=640,height=480,framerate=30/1;"
                      "image/jpeg,width=1920,height=1080,framerate=30/1;"
                      "video/x-h264,width=1280,height=720,framerate=30000/1001"),
              ElementsAre(Camera::Mode{"H264", 1280, 720, 30000.0 / 1001},
                          Camera::Mode{"MJPEG", 1920, 1080, 30},
                          Camera::Mode{"MJPEG", 640, 480, 30}, Camera::Mode{"YUY2", 640, 480, 30}));
}

TEST(CameraModes, TakeTheHighestOfSeveralRates) {
  EXPECT_THAT(modesOf("video/x-raw,format=NV12,width=640,height=480,framerate={15/1,60/1,30/1};"
                      "video/x-raw,format=NV12,width=640,height=480,framerate=[1/1,25/1]"),
              ElementsAre(Camera::Mode{"NV12", 640, 480, 60}));
}

TEST(CameraModes, TakeTheLargestOfARange) {
  EXPECT_THAT(
      modesOf("video/x-raw,format={NV12,YUY2},width=[32,2304],height=[32,1296]"),
      ElementsAre(Camera::Mode{"NV12", 2304, 1296, 0}, Camera::Mode{"YUY2", 2304, 1296, 0}));
}

TEST(CameraModes, LeaveOutWhatNothingHereCanUse) {
  EXPECT_THAT(modesOf("video/x-bayer,format=rggb,width=640,height=480,framerate=30/1"), IsEmpty());
}

TEST(CameraModes, AreUnknownWhereEverythingIsAllowed) {
  EXPECT_THAT(modesOf("ANY"), IsEmpty());
  EXPECT_THAT(modesOf("video/x-raw,format=NV12,width=[1,MAX],height=[1,MAX]"), IsEmpty());
}

}  // namespace
}  // namespace rtcpub::media
