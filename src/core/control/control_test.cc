#include "rtcpub/control.h"

#include <gtest/gtest.h>

namespace rtcpub {
namespace {

TEST(ControlEvent, IsALineOfJson) {
  EXPECT_EQ(toJson({.kind = ControlEvent::Kind::kCommand,
                    .time = Time(std::chrono::microseconds(1234)),
                    .verdict = Verdict::kExpired,
                    .state = GateState::kDriven,
                    .reason = StopReason::kNone,
                    .lease = 3,
                    .sequence = 17,
                    .axes = {{"throttle", 0.5}},
                    .given = std::chrono::microseconds(777),
                    .age = std::chrono::microseconds(180'040),
                    .bound = std::chrono::microseconds(1'500),
                    .delay = std::chrono::microseconds(90'000),
                    .factor = 0.5}),
            R"({"at":1234,"event":"command","verdict":"expired","lease":3,"seq":17,)"
            R"("axes":{"throttle":0.5},"given":777,"age_ms":180.0,"bound_ms":1.5,"delay_ms":90.0,)"
            R"("state":"driven","factor":0.5})");
  EXPECT_EQ(toJson({.kind = ControlEvent::Kind::kState,
                    .state = GateState::kEmergency,
                    .reason = StopReason::kEmergency,
                    .driver = Driver{.id = 5, .name = "Kim"},
                    .lease = 3,
                    .detail = "Bo: a \"child\"\n\xff"}),
            "{\"at\":0,\"event\":\"state\",\"state\":\"emergency\",\"reason\":\"emergency\","
            "\"lease\":3,\"driver\":{\"id\":5,\"name\":\"Kim\"},"
            "\"detail\":\"Bo: a \\\"child\\\"\\n\xef\xbf\xbd\"}");
}

TEST(Axes, AreNeutralWhenAllAreAtRest) {
  EXPECT_TRUE(isNeutral({}));
  EXPECT_TRUE(isNeutral({{"throttle", 0}}));
  EXPECT_FALSE(isNeutral({{"throttle", 0}, {"steering", 0.001}}));
}

TEST(Verdict, HasAWordForEach) {
  for (int i = 0; i < kVerdicts; ++i) EXPECT_FALSE(name(static_cast<Verdict>(i)).empty());
  EXPECT_EQ(name(Verdict::kMalformed), "malformed");
  EXPECT_EQ(name(StopReason::kNotReady), "not-ready");
  EXPECT_EQ(name(GateState::kEmergency), "emergency");
}

}  // namespace
}  // namespace rtcpub
