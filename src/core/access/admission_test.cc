#include "core/access/admission.h"

#include <gtest/gtest.h>

namespace rtcpub {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kNow = 1'800'000'000;

/// Takes each token for its claims, but for one.
class FakeVerifier final : public TokenVerifier {
 public:
  [[nodiscard]] tl::expected<std::string, Refusal> verify(std::string_view token) const override {
    ++verified;
    if (token == "forged") {
      return tl::unexpected(
          Refusal{.status = 401, .code = "bad-signature", .message = "it is not signed"});
    }
    return std::string(token);
  }

  [[nodiscard]] bool isQuick(std::string_view /*token*/) const override { return quick; }

  mutable int verified = 0;
  bool quick = true;
};

std::string token(const std::string& channels, const std::string& rights,
                  const std::string& more = "") {
  return R"({"aud":"rtcpub","channels":")" + channels + R"(","rights":")" + rights + '"' + more +
         "}";
}

class AdmissionTest : public testing::Test {
 protected:
  tl::expected<Grant, Refusal> ask(const AccessRequest& request) {
    return admission.ask(request, now);
  }
  /// The code of the refusal; empty: admitted.
  std::string refusal(const AccessRequest& request) {
    const auto grant = ask(request);
    return grant ? "" : grant.error().code;
  }

  std::shared_ptr<FakeVerifier> verifier = std::make_shared<FakeVerifier>();
  Admission admission{verifier, "rtcpub"};
  AccessTime now{Time{1h}, UnixTime{std::chrono::seconds(kNow)}};
};

TEST_F(AdmissionTest, GrantsWhatTheTokenSays) {
  const auto grant =
      ask({.action = Right::kView,
           .channel = "car-1",
           .token = token("car-*", "view,publish", R"(,"name":"Kim","exp":1800000030)")});
  ASSERT_TRUE(grant) << grant.error().message;
  EXPECT_EQ(grant->rights, (Rights{Right::kPublish, Right::kView}));
  EXPECT_EQ(grant->name, "Kim");
  EXPECT_EQ(grant->until, now.monotonic + 30s);
  EXPECT_TRUE(grant->channels.match("car-2"));
}

TEST_F(AdmissionTest, GrantsForEverWithoutAnEnd) {
  EXPECT_FALSE(ask({.channel = "car-1", .token = token("car-1", "view")})->until);
  const auto far = ask({.channel = "car-1", .token = token("car-1", "view", R"(,"exp":1e300)")});
  ASSERT_TRUE(far);
  EXPECT_EQ(far->until, now.monotonic + 24h * 365 * 100);
}

TEST_F(AdmissionTest, LetsWhoDrivesView) {
  EXPECT_EQ(refusal({.action = Right::kView, .channel = "a", .token = token("a", "drive")}), "");
  EXPECT_EQ(refusal({.action = Right::kDrive, .channel = "a", .token = token("a", "view")}),
            "no-right");
}

TEST_F(AdmissionTest, LetsNoOtherRightStandForAnother) {
  EXPECT_EQ(refusal({.action = Right::kView, .channel = "a", .token = token("a", "admin")}),
            "no-right");
  EXPECT_EQ(refusal({.action = Right::kPublish, .channel = "a", .token = token("a", "drive")}),
            "no-right");
  EXPECT_EQ(refusal({.action = Right::kAdmin, .channel = "a", .token = token("a", "publish")}),
            "no-right");
}

TEST_F(AdmissionTest, RefusesByNameWhatIsWrongWithAToken) {
  const auto of = [&](std::string text) {
    return refusal(
        {.action = Right::kView, .channel = "car-1", .token = std::move(text), .loopback = true});
  };
  EXPECT_EQ(of(""), "no-token");
  EXPECT_EQ(of("forged"), "bad-signature");
  EXPECT_EQ(of("[]"), "bad-token");
  EXPECT_EQ(of(token("car-1", "view", R"(,"exp":"never")")), "bad-claim");
  EXPECT_EQ(of(token("car-1", "view", R"(,"exp":1800000000)")), "expired");
  EXPECT_EQ(of(token("car-1", "view", R"(,"nbf":1800003600)")), "not-yet-valid");
  EXPECT_EQ(of(R"({"aud":"shop","channels":"car-1","rights":"view"})"), "wrong-audience");
  EXPECT_EQ(of(token("car-1", "view,fly")), "unknown-right");
  EXPECT_EQ(of(token("car-1", "publish")), "no-right");
  EXPECT_EQ(of(token("car-2", "view")), "wrong-channel");
}

TEST_F(AdmissionTest, TellsWhoIsUnknownFromWhoMayNot) {
  const auto status = [&](const AccessRequest& request) { return ask(request).error().status; };
  EXPECT_EQ(status({.action = Right::kView, .channel = "a"}), 401);
  EXPECT_EQ(status({.action = Right::kView, .channel = "a", .token = "forged"}), 401);
  EXPECT_EQ(status({.action = Right::kView, .channel = "a", .token = token("b", "view")}), 403);
  EXPECT_EQ(status({.action = Right::kView, .channel = "a", .token = token("a", "publish")}), 403);
}

TEST_F(AdmissionTest, AsksForNoChannelWhereAnyWillDo) {
  EXPECT_EQ(refusal({.action = Right::kView, .token = token("car-1", "view")}), "");
  EXPECT_EQ(refusal({.token = token("car-1", "publish")}), "");
  EXPECT_EQ(refusal({.action = Right::kView, .token = token("car-1", "publish")}), "no-right");
}

TEST_F(AdmissionTest, AsksForAllChannelsWhereAllAreMeant) {
  EXPECT_EQ(refusal({.action = Right::kAdmin, .token = token("car-*", "admin")}), "wrong-channel");
  EXPECT_EQ(refusal({.action = Right::kAdmin, .token = token("*", "admin")}), "");
  EXPECT_EQ(
      refusal({.action = Right::kAdmin, .channel = "car-1", .token = token("car-*", "admin")}), "");
}

TEST_F(AdmissionTest, AsksProgramsOnThisMachineTheSame) {
  EXPECT_EQ(refusal({.action = Right::kView, .channel = "a", .loopback = true}), "no-token");
  EXPECT_EQ(refusal({.action = Right::kAdmin, .loopback = true}), "no-token");
}

TEST_F(AdmissionTest, AnswersTooManyRefusalsShortly) {
  const AccessRequest bad{
      .action = Right::kView, .channel = "a", .token = "forged", .address = "192.0.2.1"};
  for (int i = 0; i < 20; ++i) EXPECT_EQ(refusal(bad), "bad-signature");
  const auto grant = ask(bad);
  ASSERT_FALSE(grant);
  EXPECT_EQ(grant.error().status, 429);
  EXPECT_EQ(grant.error().code, "too-many-refusals");
  EXPECT_EQ(grant.error().retryAfter, 60s);
  now.monotonic += 60s;
  EXPECT_EQ(refusal(bad), "bad-signature");
}

TEST_F(AdmissionTest, AdmitsWhoIsGoodBesideOneWhoIsRefused) {
  const AccessRequest bad{.action = Right::kView, .channel = "a", .address = "192.0.2.1"};
  for (int i = 0; i < 50; ++i) (void)refusal(bad);
  EXPECT_EQ(refusal(bad), "too-many-refusals");
  AccessRequest good = bad;
  good.token = token("a", "view");
  EXPECT_EQ(refusal(good), "");
}

TEST_F(AdmissionTest, LooksAtFewTokensThatTakeLongOfWhoIsToldToWait) {
  verifier->quick = false;
  AccessRequest request{
      .action = Right::kView, .channel = "a", .token = "forged", .address = "192.0.2.1"};
  for (int i = 0; i < 100; ++i) (void)refusal(request);
  EXPECT_EQ(verifier->verified, 25);
  request.token = token("a", "view");
  const auto grant = ask(request);
  ASSERT_FALSE(grant);
  EXPECT_EQ(grant.error().code, "too-many-refusals");
  EXPECT_EQ(grant.error().retryAfter, 60s);
  verifier->quick = true;  // it was verified before, say
  EXPECT_EQ(refusal(request), "");
  verifier->quick = false;
  now.monotonic += 1s;
  EXPECT_EQ(refusal(request), "");
}

TEST_F(AdmissionTest, LooksAtAllTokensThatTakeNoTime) {
  AccessRequest request{
      .action = Right::kView, .channel = "a", .token = "forged", .address = "192.0.2.1"};
  for (int i = 0; i < 100; ++i) (void)refusal(request);
  EXPECT_EQ(verifier->verified, 100);
  request.token = token("a", "view");
  EXPECT_EQ(refusal(request), "");
}

TEST_F(AdmissionTest, LooksAtSoManyTokensThatTakeLongHoweverManyAddressesBringThem) {
  verifier->quick = false;
  for (int i = 0; i < 200; ++i) {
    (void)refusal({.action = Right::kView,
                   .channel = "a",
                   .token = "forged",
                   .address = "192.0.2." + std::to_string(i)});
  }
  EXPECT_EQ(verifier->verified, 25);
  now.monotonic += 1s;
  EXPECT_EQ(refusal({.action = Right::kView,
                     .channel = "a",
                     .token = token("a", "view"),
                     .address = "198.51.100.1"}),
            "");
}

TEST_F(AdmissionTest, LeavesThoseThatWereNotRefusedTheirShareOfWhatTakesLong) {
  verifier->quick = false;
  const auto forge = [&] {
    for (int i = 0; i < 240; ++i) {
      (void)refusal({.action = Right::kView,
                     .channel = "a",
                     .token = "forged",
                     .address = "192.0.2." + std::to_string(i % 12)});
    }
  };
  forge();  // each was refused by now
  now.monotonic += 1s;
  const int before = verifier->verified;
  forge();
  EXPECT_EQ(verifier->verified - before, 25);
  for (int i = 0; i < 25; ++i) {
    EXPECT_EQ(refusal({.action = Right::kView,
                       .channel = "a",
                       .token = token("a", "view"),
                       .address = "198.51.100.1"}),
              "");
  }
}

TEST_F(AdmissionTest, EndsARightWithTheTokenToTheMicrosecond) {
  now.unixTime += 999ms;
  const auto grant = ask({.channel = "a", .token = token("a", "view", R"(,"exp":1800000030)")});
  ASSERT_TRUE(grant);
  EXPECT_EQ(grant->until, now.monotonic + 30s - 999ms);
  EXPECT_EQ(grant->expires, UnixTime(std::chrono::seconds(1'800'000'030)));
}

TEST_F(AdmissionTest, CountsNoRefusalsOfThisMachine) {
  const AccessRequest bad{
      .action = Right::kView, .channel = "a", .address = "127.0.0.1", .loopback = true};
  for (int i = 0; i < 50; ++i) EXPECT_EQ(refusal(bad), "no-token");
}

TEST_F(AdmissionTest, CountsWhatWasRefusedByItsName) {
  (void)ask({.action = Right::kView, .channel = "a", .address = "192.0.2.1"});
  (void)ask({.action = Right::kView, .channel = "a", .token = "forged", .address = "192.0.2.1"});
  (void)ask({.action = Right::kView, .channel = "a", .token = token("a", "view")});
  EXPECT_EQ(admission.refusals(),
            (std::map<std::string, std::uint64_t>{{"bad-signature", 1}, {"no-token", 1}}));
}

TEST(NewAdmission, LetsInNobody) {
  Admission admission;
  EXPECT_FALSE(admission.open());
  const auto grant = admission.ask({.action = Right::kView, .channel = "a", .loopback = true}, {});
  ASSERT_FALSE(grant);
  EXPECT_EQ(grant.error().status, 503);
  EXPECT_EQ(grant.error().code, "starting");
}

TEST(OpenAdmission, GrantsAllButAdmin) {
  Admission admission;
  admission.openToAll();
  EXPECT_TRUE(admission.open());
  const auto grant =
      admission.ask({.action = Right::kPublish, .channel = "a", .address = "192.0.2.1"}, {});
  ASSERT_TRUE(grant);
  EXPECT_EQ(grant->rights, (Rights{Right::kPublish, Right::kView, Right::kDrive}));
  EXPECT_FALSE(grant->until);
  EXPECT_TRUE(grant->channels.match("anything"));
  EXPECT_EQ(admission.ask({.action = Right::kAdmin, .address = "192.0.2.1"}, {}).error().code,
            "no-right");
}

TEST(OpenAdmission, GrantsAdminToProgramsOnThisMachine) {
  Admission admission;
  admission.openToAll();
  EXPECT_TRUE(admission.ask({.action = Right::kAdmin, .loopback = true}, {}));
}

TEST(OpenAdmission, TakesATokenThatNobodyAsksFor) {
  Admission admission;
  admission.openToAll();
  EXPECT_TRUE(admission.ask({.action = Right::kView, .channel = "a", .token = "x"}, {}));
}

}  // namespace
}  // namespace rtcpub
