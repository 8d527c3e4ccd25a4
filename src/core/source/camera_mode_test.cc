#include "core/source/camera_mode.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rtcpub {
namespace {

using source_uri::Options;
using source_uri::Size;
using testing::AllOf;
using testing::HasSubstr;

CameraMode mode(CameraCoding coding, const std::string& format, Size size,
                std::vector<FrameRate> rates) {
  return {coding,           format, {size.width, size.width}, {size.height, size.height},
          std::move(rates), false};
}

std::vector<CameraMode> webcam() {
  const std::vector<FrameRate> fast{{30, 1}, {15, 1}};
  return {mode(CameraCoding::kRaw, "YUY2", {640, 480}, fast),
          mode(CameraCoding::kRaw, "YUY2", {1280, 720}, {{10, 1}}),
          mode(CameraCoding::kJpeg, "", {1280, 720}, fast),
          mode(CameraCoding::kJpeg, "", {1920, 1080}, fast)};
}

std::vector<CameraMode> h264Camera() {
  auto modes = webcam();
  modes.push_back(mode(CameraCoding::kH264, "", {1280, 720}, {{30, 1}}));
  return modes;
}

CameraChoice choose(const std::vector<CameraMode>& modes, const Options& options, bool encoded) {
  const auto choice = chooseMode(modes, options, encoded, "The camera");
  if (!choice) ADD_FAILURE() << choice.error().message;
  return choice.value_or(CameraChoice{});
}

TEST(CameraMode, PrefersA720pPictureAtFullRate) {
  EXPECT_EQ(choose(webcam(), {}, true),
            (CameraChoice{CameraCoding::kJpeg, "", {1280, 720}, FrameRate{30, 1}}));
}

TEST(CameraMode, PrefersRawPicturesWhereTheyAreAsFast) {
  EXPECT_EQ(choose(webcam(), {.size = Size{640, 480}}, true),
            (CameraChoice{CameraCoding::kRaw, "YUY2", {640, 480}, FrameRate{30, 1}}));
  EXPECT_EQ(choose(webcam(), {.size = Size{1280, 720}, .fps = 10}, true).format, "YUY2");
}

TEST(CameraMode, PrefersWhatNeedsNoConversion) {
  const std::vector<CameraMode> modes{
      mode(CameraCoding::kRaw, "YUY2", {640, 480}, {{30, 1}}),
      mode(CameraCoding::kRaw, "NV12", {640, 480}, {{30, 1}}),
  };
  EXPECT_EQ(choose(modes, {}, false).format, "NV12");
  EXPECT_EQ(choose(modes, {.format = "YUY2"}, false).format, "YUY2");
}

TEST(CameraMode, TakesH264OnlyWhereItCanBePassedOn) {
  EXPECT_EQ(choose(h264Camera(), {}, true).coding, CameraCoding::kH264);
  EXPECT_EQ(choose(h264Camera(), {}, false).coding, CameraCoding::kJpeg);
  EXPECT_EQ(choose(h264Camera(), {.format = "h264"}, false).coding, CameraCoding::kH264);
  EXPECT_EQ(choose(h264Camera(), {.size = Size{1920, 1080}}, true).coding, CameraCoding::kJpeg);
}

TEST(CameraMode, ObeysTheFormat) {
  EXPECT_EQ(choose(h264Camera(), {.format = "raw"}, true).coding, CameraCoding::kRaw);
  EXPECT_EQ(choose(h264Camera(), {.format = "mjpeg"}, true).coding, CameraCoding::kJpeg);
}

TEST(CameraMode, ChoosesInARange) {
  const std::vector<CameraMode> modes{
      {CameraCoding::kRaw, "NV12", {32, 3280}, {32, 2464}, {{1, 1}, {120, 1}}, true}};
  EXPECT_EQ(choose(modes, {.size = Size{1000, 600}, .fps = 50}, false),
            (CameraChoice{CameraCoding::kRaw, "NV12", {1000, 600}, FrameRate{50, 1}}));
  EXPECT_EQ(choose(modes, {}, false).size, (Size{1280, 720}));
}

TEST(CameraMode, CountsTelevisionsRatesAsWholeOnes) {
  const std::vector<CameraMode> modes{
      mode(CameraCoding::kRaw, "NV12", {640, 480}, {{30000, 1001}})};
  EXPECT_EQ(choose(modes, {.fps = 30}, false).rate, (FrameRate{30000, 1001}));
}

TEST(CameraMode, NamesNoRateWhereTheCameraNamesNone) {
  const std::vector<CameraMode> modes{mode(CameraCoding::kRaw, "NV12", {640, 480}, {})};
  EXPECT_EQ(choose(modes, {.fps = 25}, false).rate, std::nullopt);
}

TEST(CameraMode, SaysWhatACameraHasInsteadOfWhatWasAskedFor) {
  const auto size = chooseMode(webcam(), {.size = Size{800, 600}}, true, "The camera /dev/video0");
  ASSERT_FALSE(size.has_value());
  EXPECT_EQ(size.error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(size.error().message,
              AllOf(HasSubstr("The camera /dev/video0 has no 800x600; it has 640x480@30/15 (YUY2)"),
                    HasSubstr("1920x1080@30/15 (mjpeg)")));
  const auto rate = chooseMode(webcam(), {.size = Size{640, 480}, .fps = 60}, true, "It");
  ASSERT_FALSE(rate.has_value());
  EXPECT_THAT(rate.error().message, HasSubstr("has no 640x480@60;"));
  const auto rateAlone = chooseMode(webcam(), {.fps = 60}, true, "It");
  ASSERT_FALSE(rateAlone.has_value());
  EXPECT_THAT(rateAlone.error().message, HasSubstr("has no mode of 60 pictures a second;"));
  const auto format = chooseMode(webcam(), {.format = "h264"}, true, "It");
  ASSERT_FALSE(format.has_value());
  EXPECT_THAT(format.error().message, HasSubstr("has no h264;"));
}

TEST(CameraMode, RefusesADeviceWithoutPictures) {
  const auto none = chooseMode({}, {}, true, "The camera /dev/video1");
  ASSERT_FALSE(none.has_value());
  EXPECT_THAT(none.error().message, HasSubstr("offers no pictures"));
}

}  // namespace
}  // namespace rtcpub
