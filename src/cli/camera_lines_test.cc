#include "cli/camera_lines.h"

#include <gtest/gtest.h>

namespace rtcpub::cli {
namespace {

using Verb = CameraLine::Verb;

TEST(CameraLine, SelectsACamera) {
  EXPECT_EQ(parseCameraLine(":camera rear"), (CameraLine{Verb::kSelect, "rear"}));
  EXPECT_EQ(parseCameraLine(" :camera   rear \r"), (CameraLine{Verb::kSelect, "rear"}));
  EXPECT_EQ(parseCameraLine(":camera left side"), (CameraLine{Verb::kSelect, "left side"}));
}

TEST(CameraLine, ShowsACameraSmallOrNone) {
  EXPECT_EQ(parseCameraLine(":pip rear"), (CameraLine{Verb::kPictureInPicture, "rear"}));
  EXPECT_EQ(parseCameraLine(":pip"), (CameraLine{Verb::kPictureInPicture, ""}));
}

TEST(CameraLine, IsNoneInAnythingElse) {
  for (const char* line : {"", ":", ":camera", ":camera ", ":Camera rear", ":cameras rear",
                           "camera rear", ":pipe rear", "::camera rear"}) {
    EXPECT_FALSE(parseCameraLine(line)) << line;
  }
}

}  // namespace
}  // namespace rtcpub::cli
