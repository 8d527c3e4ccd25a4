#include "core/doctor/diagnosis.h"

#include <gmock/gmock.h>

namespace rtcpub::doctor {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr std::int64_t kNow = 1'800'000'000;
constexpr std::int64_t kDay = 86'400;
const ServerUrl kServer{true, "robots.example", 8267};
const stun::Endpoint kLocal{"192.168.1.5", 5000};

TlsFinding certificate(std::int64_t daysLeft, std::string problem = "") {
  return {"TLSv1.3",   "robots.example",       "Some CA",
          kNow - kDay, kNow + daysLeft * kDay, std::move(problem)};
}

StunFinding answered(const std::string& server, const stun::Endpoint& mapped) {
  return {{server, 3478}, kLocal, 20, mapped};
}

TEST(Diagnosis, EveryFailureSaysWhatToDo) {
  const Error error{ErrorCode::kUnreachable, "it broke"};
  const tl::unexpected<Error> failed(error);
  const std::vector<Check> checks{judgeName(kServer, failed),
                                  judgeTcp(kServer, failed),
                                  judgeTls(failed, false, kNow),
                                  judgeSignalling(failed),
                                  judgeMedia(failed),
                                  judgeUdp({{kLocal, kLocal, {}, {}}}, false, true),
                                  judgeRelay({"turn:a", "", ""}, false, {})};
  for (const auto& check : checks) {
    EXPECT_EQ(check.result, CheckResult::kFailed) << check.name;
    EXPECT_FALSE(check.advice.empty()) << check.name;
  }
  EXPECT_THAT(obstaclesIn(checks), ElementsAre("dns", "tcp", "tls", "websocket", "media"));
}

TEST(Diagnosis, NothingThatPublishingDoesWithoutIsAnObstacle) {
  EXPECT_THAT(obstaclesIn({judgeRelay({"turn:a", "", ""}, false, {}), judgeMtu(600),
                           judgeCameras({}), judgeEncoders({}), judgeClock(0, {}), judgeNat({}),
                           judgeBandwidth({}), judgeUdp({}, false, true)}),
              IsEmpty());
}

TEST(Diagnosis, ACertificateThatIsNotTrustedFailsUnlessAnyWillDo) {
  const auto refused = judgeTls(certificate(90, "pass caFile"), false, kNow);
  EXPECT_EQ(refused.result, CheckResult::kFailed);
  EXPECT_THAT(refused.found, HasSubstr("Some CA"));
  EXPECT_THAT(refused.advice, HasSubstr("caFile"));
  EXPECT_EQ(judgeTls(certificate(90, "pass caFile"), true, kNow).result, CheckResult::kWarning);
}

TEST(Diagnosis, AKeyThatIsPinnedIsAllThatCounts) {
  auto known = certificate(-2);
  known.pinned = true;
  const auto good = judgeTls(known, false, kNow);
  EXPECT_EQ(good.result, CheckResult::kOk);
  EXPECT_THAT(good.found, HasSubstr("known by its fingerprint"));
  EXPECT_TRUE(good.advice.empty());
  auto other = certificate(90, "its fingerprint is another");
  other.pinned = true;
  // Whoever accepts anybody besides has still asked for this one.
  EXPECT_EQ(judgeTls(other, true, kNow).result, CheckResult::kFailed);
}

TEST(Diagnosis, ACertificateIsRenewedInTime) {
  EXPECT_EQ(judgeTls(certificate(90), false, kNow).result, CheckResult::kOk);
  const auto soon = judgeTls(certificate(5), false, kNow);
  EXPECT_EQ(soon.result, CheckResult::kWarning);
  EXPECT_EQ(soon.figures.at("days_left"), 5);
  EXPECT_THAT(judgeTls(certificate(-2, "renew it"), false, kNow).found, HasSubstr("2 days ago"));
}

TEST(Diagnosis, AClockIsComparedWithTheServersAsFarAsSecondsGo) {
  EXPECT_EQ(judgeClock(kNow, kNow + 2).result, CheckResult::kOk);
  const auto minute = judgeClock(kNow, kNow + 60);
  EXPECT_EQ(minute.result, CheckResult::kWarning);
  EXPECT_THAT(minute.found, HasSubstr("60 s behind"));
  EXPECT_EQ(judgeClock(kNow + 400 * kDay, kNow).result, CheckResult::kFailed);
  EXPECT_EQ(judgeClock(kNow, std::nullopt).result, CheckResult::kUnknown);
  // A board without a battery: 1970, whatever the server says.
  EXPECT_EQ(judgeClock(100, std::nullopt).result, CheckResult::kFailed);
}

TEST(Diagnosis, AMachineWithoutNatIsSeenAtItsOwnAddress) {
  const auto check = judgeNat({answered("a", kLocal)});
  EXPECT_EQ(check.result, CheckResult::kOk);
  EXPECT_THAT(check.found, HasSubstr("none"));
}

TEST(Diagnosis, TheKindOfANatTakesTwoAnswers) {
  const stun::Endpoint outside{"203.0.113.9", 40000};
  const stun::Endpoint other{"203.0.113.9", 40001};
  EXPECT_EQ(judgeNat({answered("a", outside)}).result, CheckResult::kUnknown);
  EXPECT_THAT(judgeNat({answered("a", outside), answered("b", outside)}).found, HasSubstr("cone"));
  EXPECT_THAT(judgeNat({answered("a", outside), answered("b", other)}).found,
              HasSubstr("symmetric"));
  EXPECT_EQ(judgeNat({{kLocal, kLocal, {}, {}}}).result, CheckResult::kUnknown);
}

TEST(Diagnosis, SilentUdpIsJudgedByWhetherMediaConnects) {
  const std::vector<StunFinding> silent{{kLocal, kLocal, {}, {}}};
  EXPECT_EQ(judgeUdp(silent, false, false).result, CheckResult::kFailed);
  EXPECT_EQ(judgeUdp(silent, true, true).result, CheckResult::kWarning);
  EXPECT_EQ(judgeUdp(silent, true, false).result, CheckResult::kUnknown);
  EXPECT_EQ(judgeUdp({answered("a", kLocal)}, false, true).result, CheckResult::kOk);
}

TEST(Diagnosis, ARelaysRefusalNamesItsReason) {
  const auto refused =
      judgeRelay({"turn:a", "u", "secret"}, false, {.problem = "401 Unauthorized"});
  EXPECT_EQ(refused.result, CheckResult::kFailed);
  EXPECT_THAT(refused.found, HasSubstr("401 Unauthorized"));
  EXPECT_THAT(refused.advice, HasSubstr("password"));
  EXPECT_EQ(refused.advice.find("secret"), std::string::npos);
  EXPECT_EQ(judgeRelay({"turn:a", "", ""}, true, {}).result, CheckResult::kWarning);
}

TEST(Diagnosis, APathForShortPacketsOnlyIsToldOf) {
  EXPECT_EQ(judgeMtu(1500).result, CheckResult::kOk);
  EXPECT_EQ(judgeMtu(1200).result, CheckResult::kWarning);
  EXPECT_EQ(judgeMtu(std::nullopt).result, CheckResult::kUnknown);
}

TEST(Diagnosis, ARelaysRefusalSaysWhatItsCodeMeans) {
  const auto advice = [](const char* problem) {
    return judgeRelay({"turn:a", "u", "p"}, false, {.problem = problem}).advice;
  };
  EXPECT_THAT(advice("403 Forbidden"), Not(HasSubstr("heck user")));
  EXPECT_THAT(advice("486 Allocation Quota Reached"), HasSubstr("quota"));
  EXPECT_THAT(advice("odd words"), HasSubstr("Its log says why."));
}

TEST(Diagnosis, ARelaysCertificateIsNamed) {
  const auto check = judgeRelay({"turns:192.0.2.9:5349", "u", "p"}, false,
                                {.certificate = "its certificate is for a.example, not for b"});
  EXPECT_EQ(check.result, CheckResult::kFailed);
  EXPECT_THAT(check.found, HasSubstr("a.example"));
  EXPECT_THAT(check.advice, HasSubstr("caFile"));
}

TEST(Diagnosis, AServerThatTellsNothingOfWhatArrivesIsToldOf) {
  const auto check =
      judgeBandwidth({.connected = true, .estimateKbps = 8000, .feedbackMissing = true});
  EXPECT_EQ(check.result, CheckResult::kWarning);
  EXPECT_THAT(check.found, HasSubstr("transport-cc"));
}

TEST(Diagnosis, ANarrowOrLossyPathGetsAdvice) {
  MediaFinding media{.connected = true, .rttMs = 20, .estimateKbps = 8000, .sentKbps = 4000};
  EXPECT_EQ(judgeBandwidth(media).result, CheckResult::kOk);
  EXPECT_THAT(judgeBandwidth(media).found, HasSubstr("8.0 Mbit/s"));
  media.estimateKbps = 400;
  EXPECT_THAT(judgeBandwidth(media).advice, HasSubstr("bitrate"));
  media.loss = 0.1;
  EXPECT_THAT(judgeBandwidth(media).found, HasSubstr("10 % lost"));
  EXPECT_EQ(judgeRoundTrip(media).result, CheckResult::kOk);
  media.rttMs = 400;
  EXPECT_EQ(judgeRoundTrip(media).result, CheckResult::kWarning);
}

TEST(Diagnosis, AnAnswerWithoutAddressesIsTheServersMistake) {
  EXPECT_EQ(judgeSignalling(std::vector<stun::Endpoint>{}).result, CheckResult::kWarning);
  EXPECT_THAT(judgeSignalling(std::vector<stun::Endpoint>{kLocal}).found,
              HasSubstr("192.168.1.5:5000"));
}

TEST(Diagnosis, IsTheSameAsJson) {
  const Diagnosis diagnosis{{{"dns", CheckResult::kOk, "fine", "", {{"lookup_ms", 1.5}}},
                             {"tcp", CheckResult::kFailed, "\xFF", "do", {}}},
                            {"tcp"}};
  EXPECT_EQ(
      toJson(diagnosis),
      R"({"can_publish":false,"obstacles":["tcp"],"checks":[{"name":"dns","result":"ok","found":"fine",)"
      R"("figures":{"lookup_ms":1.5}},{"name":"tcp","result":"failed","found":")"
      "\xEF\xBF\xBD"
      R"(","advice":"do"}]})");
}

}  // namespace
}  // namespace rtcpub::doctor
