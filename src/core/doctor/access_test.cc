#include "core/doctor/access.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rtcpub::doctor {
namespace {

using testing::HasSubstr;

constexpr std::int64_t kNow = 1'800'000'000;

Check judged(unsigned status, std::string_view body, bool given = true) {
  return judgeAccess(readAccess(status, body), given, kNow);
}

TEST(Access, SaysWhatATokenLetsAndForHowLong) {
  const auto check =
      judged(200, R"({"rights":["publish","view"],"name":"Kim","until":1800028800})");
  EXPECT_EQ(check.name, "token");
  EXPECT_EQ(check.result, CheckResult::kOk);
  EXPECT_EQ(check.found, "it lets publish and view, as Kim, for 8 h more");
  EXPECT_EQ(check.advice, "");
  EXPECT_EQ(check.figures.at("seconds_left"), 28800);
}

TEST(Access, WarnsOfATokenThatEndsSoon) {
  const auto check = judged(200, R"({"rights":["publish"],"name":"","until":1800000060})");
  EXPECT_EQ(check.result, CheckResult::kWarning);
  EXPECT_EQ(check.found, "it lets publish, for 60 s more");
  EXPECT_NE(check.advice, "");
}

TEST(Access, NeedsTheRightToPublish) {
  const auto check = judged(200, R"({"rights":["view","drive","teleport"],"until":null})");
  EXPECT_EQ(check.result, CheckResult::kFailed);
  EXPECT_EQ(check.found, "it lets view and drive, but not publish");
  EXPECT_THAT(check.advice, HasSubstr("the right to publish"));
}

TEST(Access, IsNotAskedForByAnOpenServer) {
  const auto check = judged(200, R"({"rights":["publish","view","drive"],"until":null})", false);
  EXPECT_EQ(check.result, CheckResult::kOk);
  EXPECT_EQ(check.found, "none is needed");
}

TEST(Access, SaysThatATokenIsMissing) {
  const auto check = judged(401, R"({"error":"a token is needed","code":"no-token"})", false);
  EXPECT_EQ(check.result, CheckResult::kFailed);
  EXPECT_EQ(check.found, "the server asks for one: a token is needed");
  EXPECT_THAT(check.advice, HasSubstr("Give a token with the right to publish"));
}

TEST(Access, SaysWhyATokenIsRefusedAndWhatHelps) {
  const auto expired = judged(401, R"({"error":"it expired 2 h ago","code":"expired"})");
  EXPECT_EQ(expired.result, CheckResult::kFailed);
  EXPECT_EQ(expired.found, "refused: it expired 2 h ago");
  EXPECT_THAT(expired.advice, HasSubstr("a new token"));
  EXPECT_THAT(judged(403, R"({"error":"x","code":"wrong-channel"})").advice, HasSubstr("channel"));
  EXPECT_THAT(judged(401, R"({"error":"x","code":"not-yet-valid"})").advice, HasSubstr("clock"));
  EXPECT_THAT(judged(401, R"({"error":"x","code":"wrong-audience"})").advice,
              HasSubstr("another server"));
  EXPECT_THAT(judged(401, R"({"error":"x","code":"bad-signature"})").advice,
              HasSubstr("of this server"));
}

TEST(Access, IsUnknownWhereTheServerDoesNotTell) {
  for (const unsigned status : {200U, 404U, 426U, 500U}) {
    EXPECT_EQ(judged(status, "<html>").result, CheckResult::kUnknown) << status;
  }
  EXPECT_EQ(judged(429, "{}").result, CheckResult::kUnknown);
  const auto unreachable =
      judgeAccess(fail(ErrorCode::kUnreachable, "the server can't be reached"), true, kNow);
  EXPECT_EQ(unreachable.result, CheckResult::kUnknown);
  EXPECT_EQ(unreachable.advice, "The server can't be reached.");
}

TEST(Access, ReadsWhateverAServerSays) {
  for (const char* body : {"", "null", "[]", R"({"rights":7,"name":[],"until":"x","code":{}})",
                           R"({"rights":[1,null,"view,drive"]})"}) {
    const auto finding = readAccess(200, body);
    EXPECT_EQ(finding.until, std::nullopt) << body;
    EXPECT_FALSE(finding.rights.has(Right::kPublish)) << body;
  }
  EXPECT_EQ(readAccess(401, "{\"error\":\"\\u001b[31mred\"}").reason, "?[31mred");
}

}  // namespace
}  // namespace rtcpub::doctor
