#include "core/car/sysfs_pwm.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <utility>
#include <vector>

namespace rtcpub::car {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// The kernel's files: a period shorter than the duty cycle is refused.
class FakeFiles final : public FileTree {
 public:
  bool exists(const std::string& path) override {
    return path == "/pwm" || files.contains(path + "/period");
  }
  Result<std::string> read(const std::string& path) override {
    const auto found = files.find(path);
    if (found == files.end()) return fail(ErrorCode::kNotFound, path);
    return found->second;
  }
  Result<void> write(const std::string& path, const std::string& text) override {
    if (path == broken) return fail(ErrorCode::kIo, path);
    log.push_back(path.substr(5) + "=" + text);
    if (path == "/pwm/export") {
      for (const char* file : {"/enable", "/duty_cycle", "/period"}) {
        files["/pwm/pwm" + text + file] = "0";
      }
      return {};
    }
    const auto output = path.substr(0, 9);
    if (path.ends_with("/period") && std::stol(files[output + "/duty_cycle"]) > std::stol(text)) {
      return fail(ErrorCode::kIo, "EINVAL");
    }
    files[path] = text;
    return {};
  }
  [[nodiscard]] std::vector<std::string> takeLog() { return std::exchange(log, {}); }

  std::map<std::string, std::string> files;
  std::vector<std::string> log;
  std::string broken;
};

const SysfsPwmUri kUri{.directory = "/pwm", .pwm = {.frequency = 50}};

TEST(SysfsPwm, IsPreparedWithoutAPulseBeforeNeutral) {
  FakeFiles files;
  SysfsPwm motors(kUri, files);
  ASSERT_TRUE(motors.prepare());
  EXPECT_THAT(files.takeLog(),
              ElementsAre("export=0", "pwm0/enable=0", "pwm0/duty_cycle=0", "pwm0/period=20000000",
                          "pwm0/duty_cycle=1500000", "pwm0/enable=1",  //
                          "export=1", "pwm1/enable=0", "pwm1/duty_cycle=0", "pwm1/period=20000000",
                          "pwm1/duty_cycle=1500000", "pwm1/enable=1"));
  EXPECT_TRUE(motors.check());
}

TEST(SysfsPwm, IsLeftRunningIfItRunsAsItShould) {
  FakeFiles files;
  ASSERT_TRUE(SysfsPwm(kUri, files).prepare());
  (void)files.takeLog();
  ASSERT_TRUE(SysfsPwm(kUri, files).prepare());
  EXPECT_THAT(files.takeLog(), ElementsAre("pwm0/duty_cycle=1500000", "pwm1/duty_cycle=1500000"));
}

TEST(SysfsPwm, StopsTheMotorFirstThenStraightensTheSteeringThenReleases) {
  FakeFiles files;
  SysfsPwm motors(kUri, files);
  ASSERT_TRUE(motors.prepare());
  ASSERT_TRUE(motors.write({-1, 0.5, false, ""}));
  (void)files.takeLog();
  ASSERT_TRUE(motors.write({}));
  ASSERT_TRUE(motors.release());
  EXPECT_THAT(files.takeLog(), ElementsAre("pwm0/duty_cycle=1500000", "pwm1/duty_cycle=1500000",
                                           "pwm0/enable=0", "pwm1/enable=0"));
}

TEST(SysfsPwm, TriesTheSteeringWhenTheMotorFails) {
  FakeFiles files;
  SysfsPwm motors(kUri, files);
  ASSERT_TRUE(motors.prepare());
  (void)files.takeLog();
  files.broken = "/pwm/pwm0/duty_cycle";
  EXPECT_FALSE(motors.write({}));
  EXPECT_THAT(files.takeLog(), ElementsAre("pwm1/duty_cycle=1500000"));
}

TEST(SysfsPwm, SaysWhatIsMissing) {
  FakeFiles files;
  const SysfsPwmUri elsewhere{.directory = "/sys/class/pwm/pwmchip9", .pwm = {}};
  EXPECT_THAT(SysfsPwm(elsewhere, files).prepare().error().message,
              HasSubstr("there is no /sys/class/pwm/pwmchip9"));
}

TEST(SysfsPwm, NoticesThatAnotherProgramUsesIt) {
  FakeFiles files;
  SysfsPwm motors(kUri, files);
  ASSERT_TRUE(motors.prepare());
  files.files["/pwm/pwm1/enable"] = "0";
  EXPECT_THAT(motors.check().error().message, HasSubstr("pwm1 has lost its settings"));
}

}  // namespace
}  // namespace rtcpub::car
