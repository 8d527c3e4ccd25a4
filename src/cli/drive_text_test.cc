#include "cli/drive_text.h"

#include <gtest/gtest.h>

namespace rtcpub::cli {
namespace {

TEST(DriveText, IsALineOfJson) {
  EXPECT_EQ(
      driveJson({}),
      R"({"driver":null,"mine":false,"connected":false,"waiting":false,"asking":null,)"
      R"("answer":false,"gated":false,)"
      R"("emergency":false,"confirmed":false,"emergency_by":"","gate":"idle",)"
      R"("reason":"nobody","reason_detail":"","delay_ms":null,"factor":1.00,"verdicts":{},"refused":""})");
  const DriveState state{.driver = Driver{.id = 5, .name = "K\"\n"},
                         .mine = true,
                         .gate = GateState::kDriven,
                         .reason = StopReason::kNone,
                         .delayMs = 87.52,
                         .factor = 0.8,
                         .verdicts = {{"accepted", 3}, {"expired", 1}}};
  const auto line = driveJson(state);
  EXPECT_NE(line.find(R"({"driver":{"id":5,"name":"K\"\u000a"},"mine":true)"), line.npos) << line;
  EXPECT_NE(line.find(R"("delay_ms":87.5,"factor":0.80,"verdicts":{"accepted":3,"expired":1})"),
            line.npos)
      << line;
}

TEST(DriveText, SaysWhoDrivesAndHow) {
  EXPECT_EQ(driveStatus({}, {}), "nobody drives (t: take control)");
  EXPECT_EQ(driveStatus({.driver = Driver{.id = 5}, .gated = true, .gate = GateState::kDriven}, {}),
            "member 5 drives");
  const DriveState mine{.driver = Driver{.id = 5},
                        .mine = true,
                        .gated = true,
                        .gate = GateState::kDriven,
                        .delayMs = 250,
                        .factor = 0.8};
  EXPECT_EQ(driveStatus(mine, {{kThrottle, 0.5}}),
            "you drive  throttle 0.50  loop delay 250 ms  80 % of top speed");
}

TEST(DriveText, SaysThatWhoDrivesIsBeingAsked) {
  EXPECT_EQ(driveStatus({.waiting = true}, {}), "waiting for the server");
  EXPECT_EQ(driveStatus({.connected = true, .waiting = true}, {}), "asking for control");
  EXPECT_EQ(driveStatus({.connected = true,
                         .driver = Driver{.id = 5, .name = "Kim"},
                         .waiting = true,
                         .gated = true,
                         .gate = GateState::kDriven},
                        {}),
            "Kim drives  and is being asked to give it to you, for up to 10 s");
}

TEST(DriveText, SaysWhyItDoesNotGo) {
  DriveState state{.driver = Driver{.id = 5, .name = "Kim"},
                   .asking = Driver{.id = 6, .name = "Bob"},
                   .answer = true,
                   .gated = true,
                   .gate = GateState::kStopped,
                   .reason = StopReason::kSilence};
  EXPECT_EQ(driveStatus(state, {}),
            "Kim drives  Bob asks for it: y gives, n keeps  stopped: silence");
  state = {.emergency = true, .emergencyBy = "Kim: a child", .refused = "no"};
  EXPECT_EQ(driveStatus(state, {}),
            "nobody drives (t: take control)  EMERGENCY STOP by Kim: a child, not confirmed by "
            "the robot yet  no");
}

}  // namespace
}  // namespace rtcpub::cli
