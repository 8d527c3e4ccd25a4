#include "rtcpub/stats.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace rtcpub {
namespace {

using namespace std::chrono_literals;

Stats minimal() {
  Stats stats;
  stats.time = std::chrono::sys_days(2024y / 2 / 29) + 23h + 5min + 9s + 7ms + 999us;
  return stats;
}

TEST(Stats, LeavesOutWhatDoesNotApply) {
  EXPECT_EQ(toJson(minimal()), R"({"time":"2024-02-29T23:05:09.007Z","state":"idle"})");
}

TEST(Stats, HasTheFormThatTheProtocolDocuments) {
  Stats stats = minimal();
  stats.state = ConnectionState::kConnected;
  stats.video = VideoStats{"H264", 1280, 720, 29.96, 1980.4, 1234, 0, 0.0};
  stats.rttMs = 0.4;
  stats.latencyMs = LatencyStats{7.1, 8.3, 11.0};
  stats.data["metric"] = {0, 12, 0};
  EXPECT_EQ(toJson(stats),
            R"({"time":"2024-02-29T23:05:09.007Z","state":"connected",)"
            R"("video":{"codec":"H264","width":1280,"height":720,"fps":30.0,"kbps":1980,)"
            R"("frames":1234,"freezes":0,"loss":0.0},"rtt_ms":0.4,)"
            R"("latency_ms":{"p50":7.1,"p95":8.3,"p99":11.0},)"
            R"("data":{"metric":{"sent":0,"received":12}}})");
}

TEST(Stats, RoundsToWhatMatters) {
  Stats stats = minimal();
  stats.rttMs = 0.12345;
  stats.latencyMs = LatencyStats{7.005001, 8.34499, 1000.0 / 3};
  EXPECT_EQ(toJson(stats), R"({"time":"2024-02-29T23:05:09.007Z","state":"idle","rtt_ms":0.12,)"
                           R"("latency_ms":{"p50":7.01,"p95":8.34,"p99":333.33}})");
}

TEST(Stats, TellsDropsWaitingMessagesAndViewersWhenThereAreSome) {
  Stats stats = minimal();
  stats.data["a"] = {1, 2, 3, 4};
  stats.viewers = 0;
  EXPECT_EQ(toJson(stats),
            R"({"time":"2024-02-29T23:05:09.007Z","state":"idle",)"
            R"("data":{"a":{"sent":1,"received":2,"dropped":3,"waiting":4}},"viewers":0})");
}

TEST(Stats, TellsWhyViewersSeeNothing) {
  Stats stats = minimal();
  stats.codecMismatch = {.sent = "H264 High (6400)", .taken = {"VP8", "VP9"}, .viewers = 2};
  EXPECT_EQ(toJson(stats),
            R"x({"time":"2024-02-29T23:05:09.007Z","state":"idle","codec_mismatch":)x"
            R"x({"sent":"H264 High (6400)","taken":["VP8","VP9"],"viewers":2}})x");
}

TEST(Stats, TellsTheReasonAndWhatThePathCarries) {
  Stats stats = minimal();
  stats.state = ConnectionState::kReconnecting;
  stats.reason = "the server is gone";
  stats.estimateKbps = 4999.6;
  EXPECT_EQ(toJson(stats), R"({"time":"2024-02-29T23:05:09.007Z","state":"reconnecting",)"
                           R"("reason":"the server is gone","estimate_kbps":5000})");
}

TEST(Stats, TellsThatFeedbackIsMissing) {
  Stats stats = minimal();
  stats.estimateKbps = 800;
  stats.feedbackMissing = true;
  EXPECT_THAT(toJson(stats), testing::HasSubstr(R"("estimate_kbps":800,"feedback_missing":true)"));
}

TEST(Stats, TellsWhoEncodesAndWhichGroupsWereLeftOut) {
  Stats stats = minimal();
  stats.video = VideoStats{};
  stats.video->codec = "H264";
  stats.video->encoder = "pass-through";
  stats.video->droppedGroups = 2;
  stats.video->fecKbps = 612.4;
  EXPECT_EQ(toJson(stats),
            R"({"time":"2024-02-29T23:05:09.007Z","state":"idle","video":{"codec":"H264",)"
            R"("width":0,"height":0,"fps":0.0,"kbps":0,"frames":0,"freezes":0,"loss":0.0,)"
            R"("encoder":"pass-through","dropped_groups":2,"fec_kbps":612}})");
}

TEST(Stats, TellsHowLongDecodingTook) {
  Stats stats = minimal();
  stats.video = VideoStats{};
  stats.video->decodeMs = 3.456;
  EXPECT_NE(toJson(stats).find(R"("loss":0.0,"decode_ms":3.46})"), std::string::npos);
}

TEST(Stats, TellsOfPicturesThatCameIncomplete) {
  Stats stats = minimal();
  stats.video = VideoStats{};
  EXPECT_EQ(toJson(stats).find("incomplete_frames"), std::string::npos);
  stats.video->incompleteFrames = 3;
  EXPECT_NE(toJson(stats).find(R"("loss":0.0,"incomplete_frames":3})"), std::string::npos);
}

TEST(Stats, TellsOfTheGate) {
  Stats stats = minimal();
  stats.control = ControlStats{.state = GateState::kWarned, .reason = StopReason::kNone};
  EXPECT_NE(
      toJson(stats).find(R"("control":{"state":"warned","factor":1.0,"accepted":0,"refused":{},)"
                         R"("stops":0,"realtime":false})"),
      std::string::npos)
      << toJson(stats);
  stats.control = ControlStats{.state = GateState::kStopped,
                               .reason = StopReason::kSilence,
                               .driver = Driver{.id = 5, .name = "Kim"},
                               .delayP50Ms = 90.126,
                               .delayP99Ms = 140,
                               .factor = 0.5,
                               .verdicts = {{Verdict::kAccepted, 7}, {Verdict::kExpired, 2}},
                               .stops = 1,
                               .realtime = true};
  EXPECT_NE(toJson(stats).find(
                R"("control":{"state":"stopped","reason":"silence","driver":{"id":5,"name":"Kim"},)"
                R"("delay_ms":{"p50":90.13,"p99":140.0},"factor":0.5,"accepted":7,)"
                R"("refused":{"expired":2},"stops":1,"realtime":true})"),
            std::string::npos)
      << toJson(stats);
}

TEST(Stats, TellsWhichCameraIsOnTheAirAndWhyOneIsLost) {
  Stats stats = minimal();
  stats.cameras["front"] = {.onAir = true, .live = true, .reason = ""};
  stats.cameras["rear"] = {.onAir = false, .live = false, .reason = "unplugged"};
  stats.viewers = 1;
  EXPECT_EQ(toJson(stats),
            R"({"time":"2024-02-29T23:05:09.007Z","state":"idle","cameras":)"
            R"({"front":{"on_air":true,"live":true},)"
            R"("rear":{"on_air":false,"live":false,"reason":"unplugged"}},"viewers":1})");
}

TEST(Stats, StaysJsonWithAnyLabelAndNumber) {
  Stats stats = minimal();
  stats.rttMs = std::numeric_limits<double>::quiet_NaN();
  stats.data["\"\n\xFF"] = {};
  EXPECT_EQ(toJson(stats), R"({"time":"2024-02-29T23:05:09.007Z","state":"idle","rtt_ms":0.0,)"
                           "\"data\":{\"\\\"\\n\xEF\xBF\xBD\":{\"sent\":0,\"received\":0}}}");
}

TEST(Stats, LeavesOutACodecThatIsNotKnownYet) {
  Stats stats = minimal();
  stats.video = VideoStats{};
  EXPECT_EQ(toJson(stats),
            R"({"time":"2024-02-29T23:05:09.007Z","state":"idle","video":{"width":0,"height":0,)"
            R"("fps":0.0,"kbps":0,"frames":0,"freezes":0,"loss":0.0}})");
}

}  // namespace
}  // namespace rtcpub
