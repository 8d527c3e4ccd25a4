#include "core/access/token_text.h"

#include <gtest/gtest.h>

#include "core/text/base64url.h"

namespace rtcpub {
namespace {

std::string token(std::string_view header, std::string_view claims) {
  return text::encodeBase64Url(header) + '.' + text::encodeBase64Url(claims) + '.' +
         text::encodeBase64Url("signature");
}

constexpr std::string_view kHeader = R"({"alg":"HS256","typ":"JWT"})";

/// Why it is refused.
std::string problem(std::string_view text) {
  const auto parsed = parseToken(text);
  if (parsed) return "";
  EXPECT_EQ(parsed.error().code, "bad-token");
  EXPECT_EQ(parsed.error().status, 401);
  return parsed.error().message;
}

TEST(TokenText, IsTakenApart) {
  EXPECT_EQ(parseToken(token(kHeader, "{}")).value(), (TokenText{"HS256", "{}"}));
}

/// RFC 7519 section 3.1, which writes its JSON over several lines.
TEST(TokenText, ReadsTheExampleOfRfc7519) {
  const auto parsed = parseToken(
      "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh"
      "0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->algorithm, "HS256");
  EXPECT_EQ(parsed->claims,
            "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}");
}

TEST(TokenText, DoesNotNeedAType) {
  EXPECT_EQ(problem(token(R"({"alg":"ES256"})", "{}")), "");
  EXPECT_EQ(problem(token(R"({"alg":"ES256","typ":"jwt","kid":"7"})", "{}")), "");
}

TEST(TokenText, RefusesOtherFormsAndTypes) {
  EXPECT_EQ(problem(token(R"({"alg":"RS256","typ":"dpop+jwt"})", "{}")),
            "the token's type (typ) is not JWT");
  EXPECT_EQ(problem(token(R"({"alg":"RS256","typ":7})", "{}")),
            "the token's type (typ) is not JWT");
  EXPECT_EQ(problem(token(R"({"alg":"RS256","crit":["b64"],"b64":false})", "{}")),
            "the token's header asks for extensions (crit)");
}

TEST(TokenText, RefusesEachPrefixOfAToken) {
  const std::string whole = token(kHeader, R"({"aud":"rtcpub"})");
  const std::size_t dots = whole.rfind('.') + 1;
  for (std::size_t size = 0; size < dots; ++size) {
    EXPECT_NE(problem(std::string_view(whole).substr(0, size)), "") << size;
  }
}

TEST(TokenText, RefusesOddHeaders) {
  for (const char* header : {"", "{", "[]", "null", "{\"alg\":7}", "{}", "{\"alg\":null}", "\xFF",
                             R"({"alg":["HS256"]})"}) {
    EXPECT_NE(problem(token(header, "{}")), "") << header;
  }
  EXPECT_NE(problem(token(std::string(500, '['), "{}")), "");
}

TEST(TokenText, RefusesOtherCharactersAndNumbersOfParts) {
  EXPECT_NE(problem(""), "");
  EXPECT_NE(problem("."), "");
  EXPECT_NE(problem("a.b"), "");
  EXPECT_NE(problem(token(kHeader, "{}") + ".more.parts"), "");
  EXPECT_NE(problem(token(kHeader, "{}") + " "), "");
  EXPECT_NE(problem(token(kHeader, "{}") + std::string(1, '\0')), "");
  EXPECT_NE(problem(token(kHeader, "{}") + "="), "");
}

TEST(TokenText, RefusesAMegabyteUnread) {
  EXPECT_EQ(problem(std::string(1 << 20, 'a')), "the token has 1048576 bytes; 8192 are the limit");
  EXPECT_EQ(problem(token(kHeader, std::string(4000, '['))), "the token has too many claims");
}

}  // namespace
}  // namespace rtcpub
