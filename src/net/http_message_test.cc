#include "net/http_message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rtcpub::net {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(HttpHeaders, AreFoundInAnyCase) {
  const HttpHeaders headers{{"Authorization", "Bearer x"}};
  EXPECT_EQ(headers["authorization"], "Bearer x");
  EXPECT_EQ(headers["AUTHORIZATION"], "Bearer x");
  EXPECT_TRUE(headers.has("aUTHORIZATION"));
  EXPECT_EQ(headers["Authorizatio"], "");
  EXPECT_FALSE(headers.has("Authorization2"));
  EXPECT_FALSE(headers.has(""));
}

TEST(HttpHeaders, JoinWhatCameSeveralTimes) {
  HttpHeaders headers;
  headers.add("X-Forwarded-For", "a");
  headers.add("Host", "h");
  headers.add("x-forwarded-for", "");
  headers.add("X-FORWARDED-FOR", "b, c");
  EXPECT_EQ(headers["X-Forwarded-For"], "a, , b, c");
  EXPECT_EQ(headers.count("x-Forwarded-for"), 3U);
  EXPECT_EQ(headers.size(), 4U);
}

TEST(HttpHeaders, TellAnEmptyOneFromNone) {
  const HttpHeaders headers{{"Origin", ""}};
  EXPECT_TRUE(headers.has("Origin"));
  EXPECT_EQ(headers["Origin"], "");
  EXPECT_FALSE(headers.has("Host"));
}

TEST(ElementsOf, LeavesOutBlanksAndEmptyParts) {
  EXPECT_THAT(elementsOf(" a ,b\t,, c d,"), ElementsAre("a", "b", "c d"));
  EXPECT_THAT(elementsOf(""), IsEmpty());
  EXPECT_THAT(elementsOf(" , ,"), IsEmpty());
}

TEST(HttpRequest, HasAPathAndAQuery) {
  const HttpRequest request{.target = "/api/access?channel=car-1&x=%20"};
  EXPECT_EQ(request.path(), "/api/access");
  const auto query = request.query();
  ASSERT_TRUE(query);
  EXPECT_EQ(query->at("channel"), "car-1");
  EXPECT_EQ(query->at("x"), " ");
  EXPECT_TRUE(HttpRequest{.target = "/"}.query()->empty());
  EXPECT_FALSE(HttpRequest{.target = "/?a=1&a=2"}.query());
}

TEST(ErrorResponse, IsJsonWithACodeForPrograms) {
  const auto plain = errorResponse(404, "no \"such\" \xff thing");
  EXPECT_EQ(plain.status, 404);
  EXPECT_EQ(plain.body, "{\"error\":\"no \\\"such\\\" \xef\xbf\xbd thing\"}");
  EXPECT_EQ(errorResponse(401, "why", "no-token").body, R"({"error":"why","code":"no-token"})");
}

}  // namespace
}  // namespace rtcpub::net
