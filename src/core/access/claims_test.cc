#include "core/access/claims.h"

#include <gtest/gtest.h>

namespace rtcpub {
namespace {

constexpr std::int64_t kNow = 1'800'000'000;

/// The claims of a good token, and these besides.
std::string with(const std::string& more) {
  return R"({"aud":"rtcpub","channels":"car-1","rights":"view")" +
         (more.empty() ? "" : "," + more) + "}";
}

std::string code(const std::string& json) {
  const auto claims = parseClaims(json);
  return claims ? "" : claims.error().code;
}

std::string message(const std::string& json) {
  const auto claims = parseClaims(json);
  return claims ? "" : claims.error().message;
}

/// Of a good token with these claims besides.
std::string checked(const std::string& more, std::int64_t now = kNow) {
  const auto claims = parseClaims(with(more));
  if (!claims) return "unread: " + claims.error().message;
  const auto valid = checkClaims(*claims, "rtcpub", now);
  return valid ? "" : valid.error().code;
}

std::string checkedAudience(const std::string& audience) {
  const auto claims = parseClaims(R"({"channels":"a","rights":"view")" + audience + "}");
  if (!claims) return claims.error().code;
  const auto valid = checkClaims(*claims, "rtcpub", kNow);
  return valid ? "" : valid.error().code;
}

TEST(Claims, AreReadFromTextsAndArraysOfThem) {
  const auto texts = parseClaims(
      R"({"aud":"rtcpub","channels":"car-1,truck-*","rights":"view,drive","name":"Kim","exp":9})");
  const auto arrays = parseClaims(
      R"({"aud":["rtcpub"],"channels":["car-1","truck-*"],"rights":["drive","view"],"name":"Kim","exp":9})");
  ASSERT_TRUE(texts) << texts.error().message;
  ASSERT_TRUE(arrays) << arrays.error().message;
  EXPECT_EQ(*texts, *arrays);
  EXPECT_TRUE(texts->channels.match("truck-7"));
  EXPECT_EQ(texts->rights, (Rights{Right::kView, Right::kDrive}));
  EXPECT_EQ(texts->name, "Kim");
  EXPECT_EQ(texts->expires, 9);
}

TEST(Claims, LeaveOthersAlone) {
  EXPECT_EQ(code(with(R"("iss":"https://id.example","jti":7,"scope":{"a":[1,2]},"azp":null)")), "");
}

TEST(Claims, TakeTheSubjectForAName) {
  EXPECT_EQ(parseClaims(with(R"("sub":"u-17")"))->name, "u-17");
  EXPECT_EQ(parseClaims(with(R"("sub":"u-17","name":"Kim")"))->name, "Kim");
  EXPECT_EQ(parseClaims(with(""))->name, "");
}

TEST(Claims, CutALongNameBetweenCharacters) {
  std::string name = "a";
  for (int i = 0; i < 200; ++i) name += "ü";
  EXPECT_EQ(parseClaims(with(R"("name":")" + name + '"'))->name, name.substr(0, 127));
}

TEST(Claims, RefuseOneThatIsNotOfItsType) {
  for (const char* more : {R"("exp":"1900000000")", R"("exp":true)", R"("exp":null)",
                           R"("exp":[1])", R"("nbf":"soon")", R"("nbf":{})", R"("iat":"now")",
                           R"("name":7)", R"("sub":["a"])", R"("name":null)"}) {
    EXPECT_EQ(code(with(more)), "bad-claim") << more;
  }
  EXPECT_EQ(message(with(R"("exp":"1900000000")")), "the token's \"exp\" is not a number");
  for (const char* claims :
       {R"("channels":7,"rights":"view")", R"("channels":["a",7],"rights":"view")",
        R"("channels":{"a":1},"rights":"view")", R"("channels":"a","rights":1)",
        R"("channels":"a","rights":[["view"]])", R"("channels":"a","rights":null)"}) {
    EXPECT_EQ(code(std::string(R"({"aud":"rtcpub",)") + claims + "}"), "bad-claim") << claims;
  }
  for (const char* audience : {R"(,"aud":7)", R"(,"aud":["rtcpub",7])", R"(,"aud":{"rtcpub":1})",
                               R"(,"aud":null)", R"(,"aud":true)"}) {
    EXPECT_EQ(checkedAudience(audience), "bad-claim") << audience;
  }
}

TEST(Claims, RefuseATokenForNoChannelOrNothing) {
  EXPECT_EQ(code(R"({"aud":"rtcpub","rights":"view"})"), "bad-claim");
  EXPECT_EQ(code(R"({"aud":"rtcpub","channels":[],"rights":"view"})"), "bad-claim");
  EXPECT_EQ(code(R"({"aud":"rtcpub","channels":"car 1","rights":"view"})"), "bad-claim");
  EXPECT_EQ(code(R"({"aud":"rtcpub","channels":"a"})"), "bad-claim");
  EXPECT_EQ(code(R"({"aud":"rtcpub","channels":"a","rights":[]})"), "bad-claim");
}

TEST(Claims, NameTheRightThatIsUnknown) {
  EXPECT_EQ(code(R"({"channels":"a","rights":"view,fly"})"), "unknown-right");
  EXPECT_EQ(code(R"({"channels":"a","rights":["view","Drive"]})"), "unknown-right");
  EXPECT_EQ(code(R"({"channels":"a","rights":""})"), "unknown-right");
}

TEST(Claims, RefuseWhatIsNoObject) {
  for (const char* json :
       {"", "[]", "7", "null", "{", "{\"exp\":1e999}", "{\"a\":\"\xFF\"}", "{}x"}) {
    EXPECT_EQ(code(json), "bad-token") << json;
  }
  EXPECT_EQ(code("{\"a\":" + std::string(100, '[') + std::string(100, ']') + "}"), "bad-token");
}

TEST(Claims, HoldForTheirAudienceOnly) {
  EXPECT_EQ(checkedAudience(R"(,"aud":"rtcpub")"), "");
  EXPECT_EQ(checkedAudience(R"(,"aud":["shop","rtcpub"])"), "");
  EXPECT_EQ(checkedAudience(R"(,"aud":"shop")"), "wrong-audience");
  EXPECT_EQ(checkedAudience(R"(,"aud":["shop","RTCPub"])"), "wrong-audience");
  EXPECT_EQ(checkedAudience(R"(,"aud":"rtcpub,shop")"), "wrong-audience");
  EXPECT_EQ(checkedAudience(R"(,"aud":[])"), "wrong-audience");
  EXPECT_EQ(checkedAudience(""), "wrong-audience");
}

TEST(Claims, EndWithTheSecondThatTheyName) {
  EXPECT_EQ(checked("\"exp\":1800000001"), "");
  EXPECT_EQ(checked("\"exp\":1800000000"), "expired");
  EXPECT_EQ(checked("\"exp\":1800000000.9"), "expired");
  EXPECT_EQ(checked("\"exp\":-1"), "expired");
  EXPECT_EQ(checked("\"exp\":0"), "expired");
  EXPECT_EQ(checked("\"exp\":1e300"), "");
  EXPECT_EQ(checked("\"exp\":99999999999999999999"), "");
  EXPECT_EQ(checked(""), "");
}

TEST(Claims, BeginWithTheSecondThatTheyNameAndSomeoneElsesClock) {
  EXPECT_EQ(checked("\"nbf\":1800000000"), "");
  EXPECT_EQ(checked("\"nbf\":1800000010"), "");
  EXPECT_EQ(checked("\"nbf\":1800000010.1"), "not-yet-valid");
  EXPECT_EQ(checked("\"nbf\":1800000011"), "not-yet-valid");
  EXPECT_EQ(checked("\"nbf\":1e300"), "not-yet-valid");
  EXPECT_EQ(checked("\"nbf\":-1e300"), "");
}

TEST(Claims, DoNotDependOnWhenTheyWereMade) {
  EXPECT_EQ(checked("\"iat\":1900000000"), "");
  EXPECT_EQ(checked("\"iat\":1.5"), "");
}

TEST(Claims, AreWrittenSoThatTheyAreReadAsTheSame) {
  const Claims claims{.audience = {"rtcpub"},
                      .channels = ChannelPatterns::make({"car-*", "truck"}).value(),
                      .rights = {Right::kView, Right::kDrive},
                      .name = "Kim \"K\" Ö",
                      .expires = kNow,
                      .notBefore = kNow - 5};
  EXPECT_EQ(parseClaims(format(claims)).value(), claims);
  EXPECT_EQ(format(Claims{.audience = {"rtcpub"},
                          .channels = ChannelPatterns::make({"car-1"}).value(),
                          .rights = Right::kView}),
            R"({"aud":"rtcpub","channels":"car-1","rights":"view"})");
}

}  // namespace
}  // namespace rtcpub
