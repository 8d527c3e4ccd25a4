#include "media/devices.h"

#include <gtest/gtest.h>

#include <fstream>

namespace rtcpub::media {
namespace {

class Sensors : public testing::Test {
 protected:
  Sensors() : root_(testing::TempDir() + "video4linux-" + std::to_string(getpid())) {}
  ~Sensors() override { std::filesystem::remove_all(root_); }

  void add(const std::string& device, const std::string& name) const {
    std::filesystem::create_directories(root_ / device);
    std::ofstream(root_ / device / "name") << name << "\n";
  }

  const std::filesystem::path root_;
};

TEST_F(Sensors, AreTheOutputsOfAJetsonsVideoInput) {
  add("video0", "vi-output, imx219 9-0010");
  add("video1", "vi-output, imx219 10-0010");
  add("video2", "HD Webcam");
  EXPECT_EQ(countSensors(root_), 2);
}

TEST_F(Sensors, AreNoneWithoutTheDirectory) { EXPECT_EQ(countSensors(root_), 0); }

TEST_F(Sensors, AreNoneOfWhatHasNoName) {
  std::filesystem::create_directories(root_ / "video0");
  EXPECT_EQ(countSensors(root_), 0);
}

TEST(Cameras, AreListedOrItIsSaidWhatToDo) {
  const CameraList list = listCameras();
  EXPECT_TRUE(!list.cameras.empty() || !list.hints.empty());
  for (const Camera& camera : list.cameras) EXPECT_FALSE(camera.uri.empty());
}

}  // namespace
}  // namespace rtcpub::media
