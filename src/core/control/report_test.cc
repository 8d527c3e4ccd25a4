#include "core/control/report.h"

#include <gtest/gtest.h>

namespace rtcpub::control {
namespace {

const std::string kGood =
    R"({"gate":{"state":"driven","reason":"","lease":3,"seq":17,"delay":87.5,"factor":0.8,)"
    R"("verdicts":{"accepted":100,"expired":2},"stops":1,"estop":0,"by":"",)"
    R"("settings":{"life":150,"warn":100,"stop":200,"blind":600,"allow_blind":false,)"
    R"("speed_axes":["throttle"]}}})";

TEST(GateReport, IsReadAndWritten) {
  const auto report = parseReport(kGood);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->state, GateState::kDriven);
  EXPECT_EQ(report->reason, StopReason::kNone);
  EXPECT_EQ(report->lease, 3U);
  EXPECT_EQ(report->delayMs, 87.5);
  EXPECT_EQ(report->factor, 0.8);
  EXPECT_EQ(report->verdicts.at("expired"), 2U);
  EXPECT_EQ(format(*report), kGood);
}

TEST(GateReport, MayBeShort) {
  const auto report = parseReport(R"({"gate":{"state":"idle"}})");
  ASSERT_TRUE(report);
  EXPECT_EQ(*report, (GateReport{.state = GateState::kIdle, .reason = StopReason::kNone}));
}

TEST(GateReport, RefusesWhatCannotBeOne) {
  EXPECT_FALSE(parseReport(""));
  EXPECT_FALSE(parseReport(R"({"gate":1})"));
  EXPECT_FALSE(parseReport(R"({"gate":{"state":"flying"}})"));
  EXPECT_FALSE(parseReport(std::string(5000, ' ')));
}

TEST(GateReport, PassesOverNumbersThatCannotBe) {
  const auto report = parseReport(
      R"({"gate":{"state":"idle","lease":-1,"seq":1e300,"delay":-5,"factor":7,"estop":"x",)"
      R"("verdicts":{"accepted":-1},"settings":{"life":1e9,"speed_axes":[1]}}})");
  ASSERT_TRUE(report);
  EXPECT_EQ(*report, (GateReport{.state = GateState::kIdle, .reason = StopReason::kNone}));
}

TEST(GateReport, WritesWordsThatAreNoText) { EXPECT_TRUE(parseReport(format({.by = "\xff\xfe"}))); }

}  // namespace
}  // namespace rtcpub::control
