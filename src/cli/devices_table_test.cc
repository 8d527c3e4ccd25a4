#include "cli/devices_table.h"

#include <gtest/gtest.h>

namespace rtcpub::cli {
namespace {

TEST(DevicesTable, GivesEachCameraItsModesAndALineToType) {
  const Devices devices{
      .cameras = {
          {"Front Camera",
           "v4l2:/dev/video0",
           {{"MJPEG", 1280, 720, 30000.0 / 1001}, {"YUY2", 1280, 720, 10}, {"YUY2", 640, 480, 30}}},
          {"CSI sensor 0", "csi:0", {}}}};
  EXPECT_EQ(devicesTable(devices),
            "Cameras\n"
            "  Front Camera\n"
            "    MJPEG 1280x720@29.97\n"
            "    YUY2 1280x720@10 640x480@30\n"
            "    rtcpub publish --server wss://HOST --channel ID --video v4l2:/dev/video0\n"
            "  CSI sensor 0\n"
            "    rtcpub publish --server wss://HOST --channel ID --video csi:0\n"
            "Encoders, best first\n");
}

TEST(DevicesTable, SaysWhichEncoderIsChosenAndWhyOthersAreNot) {
  const Devices devices{
      .encoders = {{.name = "vah264enc", .hardware = true, .hint = "there is no vah264enc"},
                   {.name = "x264enc", .available = true, .chosen = true},
                   {.name = "libvpx", .codec = VideoCodec::kVp9, .available = true}}};
  EXPECT_EQ(devicesTable(devices),
            "Cameras: none\n"
            "Encoders, best first\n"
            "  vah264enc      H264  hardware  no: there is no vah264enc\n"
            "  x264enc        H264  software  is chosen\n"
            "  libvpx         VP9   software\n");
}

TEST(DevicesTable, EndsWithTheHints) {
  const Devices devices{.hints = {"plug one in"}};
  EXPECT_EQ(devicesTable(devices), "Cameras: none\nEncoders, best first\nHints\n  plug one in\n");
}

TEST(DevicesTable, QuotesWhatTheShellWouldTakeApart) {
  const Devices devices{.cameras = {{"Laptop", R"(libcamera:\_SB_.PCI0-1.0 it's)", {}}}};
  EXPECT_NE(devicesTable(devices).find(R"(--video 'libcamera:\_SB_.PCI0-1.0 it'\''s')"),
            std::string::npos);
}

}  // namespace
}  // namespace rtcpub::cli
