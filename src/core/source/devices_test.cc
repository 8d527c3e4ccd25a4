#include "rtcpub/devices.h"

#include <gtest/gtest.h>

namespace rtcpub {
namespace {

TEST(DevicesAsJson, IsOneObjectOnOneLine) {
  const Devices devices{
      .cameras = {{"Front", "v4l2:/dev/video0", {{"YUY2", 640, 480, 30}, {"H264", 64, 48, 0}}}},
      .encoders = {{.name = "x264enc", .available = true, .chosen = true},
                   {.name = "vah264enc", .hardware = true, .hint = "no"}},
      .hints = {"plug one in"}};
  EXPECT_EQ(toJson(devices),
            R"({"cameras":[{"name":"Front","uri":"v4l2:/dev/video0","modes":[)"
            R"({"format":"YUY2","width":640,"height":480,"fps":30.0},)"
            R"({"format":"H264","width":64,"height":48}]}],)"
            R"("encoders":[{"name":"x264enc","codec":"H264","hardware":false,"available":true,)"
            R"("chosen":true},{"name":"vah264enc","codec":"H264","hardware":true,)"
            R"("available":false,"chosen":false,"hint":"no"}],"hints":["plug one in"]})");
}

TEST(DevicesAsJson, HasEmptyListsWhereThereIsNothing) {
  EXPECT_EQ(toJson(Devices{}), R"({"cameras":[],"encoders":[],"hints":[]})");
}

TEST(DevicesAsJson, SurvivesANameInAnUnknownEncoding) {
  const Devices devices{.cameras = {{"Cam\xe9ra", "v4l2:/dev/video0", {}}}};
  EXPECT_NE(toJson(devices).find("Cam"), std::string::npos);
}

}  // namespace
}  // namespace rtcpub
