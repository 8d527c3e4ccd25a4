#include "app/server/refusal_response.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rtcpub {
namespace {

using testing::Contains;
using testing::Key;
using testing::Not;
using testing::Pair;

TEST(RefusalResponse, SaysWhyForPeopleAndPrograms) {
  const auto response =
      refusalResponse({.status = 403, .code = "no-right", .message = "this needs the right"});
  EXPECT_EQ(response.status, 403);
  EXPECT_EQ(response.body, R"({"error":"this needs the right","code":"no-right"})");
  EXPECT_THAT(response.headers, Contains(Pair("Cache-Control", "no-store")));
}

TEST(RefusalResponse, AsksForATokenAsRfc6750Says) {
  const auto asked = [](int status, const char* code) {
    return refusalResponse({.status = status, .code = code, .message = ""}).headers;
  };
  const std::string realm = R"(Bearer realm="rtcpub")";
  EXPECT_THAT(asked(401, "no-token"), Contains(Pair("WWW-Authenticate", realm)));
  EXPECT_THAT(asked(401, "expired"),
              Contains(Pair("WWW-Authenticate", realm + R"(, error="invalid_token")")));
  EXPECT_THAT(asked(403, "no-right"),
              Contains(Pair("WWW-Authenticate", realm + R"(, error="insufficient_scope")")));
  EXPECT_THAT(asked(429, "too-many-refusals"), Not(Contains(Key("WWW-Authenticate"))));
}

TEST(RefusalResponse, SaysWhenToTryAgain) {
  const auto response = refusalResponse({.status = 429,
                                         .code = "too-many-refusals",
                                         .message = "",
                                         .retryAfter = std::chrono::seconds(60)});
  EXPECT_THAT(response.headers, Contains(Pair("Retry-After", "60")));
}

}  // namespace
}  // namespace rtcpub
