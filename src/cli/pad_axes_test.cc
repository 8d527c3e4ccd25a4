#include "cli/pad_axes.h"

#include <gtest/gtest.h>
#include <linux/input-event-codes.h>

#include <initializer_list>
#include <limits>

namespace rtcpub::cli {
namespace {

/// As the kernel's drivers for Xbox and PlayStation pads tell of themselves.
PadAxes padWithTriggers() {
  PadAxes pad;
  for (const std::uint16_t stick : {ABS_X, ABS_Y, ABS_RX, ABS_RY}) {
    pad.setRange(stick, {.least = -32768, .most = 32767, .value = 0});
  }
  for (const std::uint16_t trigger : {ABS_Z, ABS_RZ})
    pad.setRange(trigger, {.least = 0, .most = 255});
  return pad;
}

double throttleOf(const PadAxes& pad) {
  const auto axes = pad.axes(1);
  const auto found = axes.find(kThrottle);
  return found == axes.end() ? 0 : found->second;
}

TEST(PadAxes, AreNeutralAtRestAndWithinTheDeadZone) {
  auto pad = padWithTriggers();
  EXPECT_TRUE(pad.axes(1).empty());
  pad.onEvent(EV_ABS, ABS_X, 3900);
  pad.onEvent(EV_ABS, ABS_RZ, 20);
  EXPECT_TRUE(pad.axes(1).empty());
  EXPECT_TRUE(PadAxes().axes(1).empty()) << "nothing is known of it";
}

TEST(PadAxes, SteerByTheStickAndDriveByTheTriggers) {
  auto pad = padWithTriggers();
  pad.onEvent(EV_ABS, ABS_X, -32768);
  pad.onEvent(EV_ABS, ABS_RZ, 255);
  pad.onEvent(EV_ABS, ABS_Y, -32768);
  EXPECT_EQ(pad.axes(0.5), (Axes{{kSteering, -1}, {kThrottle, 0.5}}));
  pad.onEvent(EV_ABS, ABS_RZ, 0);
  pad.onEvent(EV_ABS, ABS_Z, 255);
  EXPECT_EQ(throttleOf(pad), -1);
}

TEST(PadAxes, DriveByTheStickWhereZIsAStickToo) {
  PadAxes pad;
  for (const std::uint16_t stick : {ABS_X, ABS_Y, ABS_Z, ABS_RZ}) {
    pad.setRange(stick, {.least = 0, .most = 255, .value = 128});
  }
  EXPECT_TRUE(pad.axes(1).empty());
  pad.onEvent(EV_ABS, ABS_Y, 0);
  EXPECT_EQ(throttleOf(pad), 1);
  pad.onEvent(EV_ABS, ABS_Y, 255);
  EXPECT_EQ(throttleOf(pad), -1);
}

TEST(PadAxes, StayWithinTheirLimitsWhateverADeviceSays) {
  constexpr auto kLeast = std::numeric_limits<std::int32_t>::min();
  constexpr auto kMost = std::numeric_limits<std::int32_t>::max();
  auto pad = padWithTriggers();
  pad.setRange(ABS_X, {.least = kLeast, .most = kMost, .value = 0});
  for (const std::int32_t value : {kLeast, -1, 0, kMost}) {
    for (std::uint32_t code = 0; code < 100; ++code) {
      pad.onEvent(EV_ABS, static_cast<std::uint16_t>(code), value);
    }
    for (const auto& [axis, amount] : pad.axes(1)) {
      EXPECT_GE(amount, -1) << axis;
      EXPECT_LE(amount, 1) << axis;
    }
  }
}

TEST(PadAxes, SayWhatElseIsWanted) {
  PadAxes pad;
  EXPECT_EQ(pad.onEvent(EV_KEY, BTN_START, 1), DriveWish::kTake);
  EXPECT_EQ(pad.onEvent(EV_KEY, BTN_SELECT, 1), DriveWish::kRelease);
  EXPECT_EQ(pad.onEvent(EV_KEY, BTN_EAST, 1), DriveWish::kEmergency);
  EXPECT_EQ(pad.onEvent(EV_KEY, BTN_EAST, 0), std::nullopt) << "let go";
  EXPECT_EQ(pad.onEvent(EV_KEY, BTN_SOUTH, 1), std::nullopt);
}

}  // namespace
}  // namespace rtcpub::cli
