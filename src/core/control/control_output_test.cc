#include <gtest/gtest.h>

#include "rtcpub/control.h"

namespace rtcpub {
namespace {

TEST(ControlOutputJson, SaysForHowLongTheAxesHold) {
  const ControlOutput output{.axes = {{kSteering, -0.25}, {kThrottle, 1.0 / 3}},
                             .neutral = false,
                             .slowDown = true,
                             .reason = StopReason::kNone,
                             .until = Time(std::chrono::microseconds(123'456'789))};
  EXPECT_EQ(toJson(output),
            R"({"axes":{"steering":-0.25,"throttle":0.3333},"slow_down":true,"until":123456789})");
}

TEST(ControlOutputJson, SaysOfNeutralOnlyWhy) {
  EXPECT_EQ(toJson(ControlOutput{.reason = StopReason::kSilence}),
            R"({"neutral":true,"reason":"silence"})");
  EXPECT_EQ(toJson(ControlOutput{.reason = StopReason::kNone}), R"({"neutral":true,"reason":""})");
}

TEST(ControlOutputJson, TakesWhatWouldHoldForEverForNeutral) {
  EXPECT_EQ(toJson(ControlOutput{
                .axes = {{kThrottle, 1}}, .neutral = false, .reason = StopReason::kNone}),
            R"({"neutral":true,"reason":""})");
}

}  // namespace
}  // namespace rtcpub
