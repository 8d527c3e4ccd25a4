#include "net/routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rtcpub::net {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Pair;

Route route(std::string method, std::string pattern) {
  return {
      .method = std::move(method),
      .pattern = pattern,
      .handle = atOnce([pattern](const HttpRequest&) { return HttpResponse{.body = pattern}; })};
}

Routes table() {
  return Routes({route("GET", "/"), route("GET", "/api/members"), route("PUT", "/api/members"),
                 route("POST", "/api/members/*/remove"), route("DELETE", "/whip/*")});
}

/// The pattern, with what its `*` stands for, or the status of the refusal.
std::string taken(std::string_view method, std::string_view path) {
  const Routes routes = table();
  const auto found = routes.find(method, path);
  if (!found) return std::to_string(found.error().status);
  return found->route->pattern + (found->segment.empty() ? "" : " " + found->segment);
}

HttpResponse refusal(std::string_view method, std::string_view path) {
  const Routes routes = table();
  const auto found = routes.find(method, path);
  return found ? HttpResponse{.status = 0} : found.error();
}

TEST(Routes, FindByMethodAndPath) {
  EXPECT_EQ(taken("GET", "/"), "/");
  EXPECT_EQ(taken("GET", "/api/members"), "/api/members");
  EXPECT_EQ(taken("GET", "/api/members/"), "404");
  EXPECT_EQ(taken("GET", "/API/members"), "404");
  EXPECT_EQ(taken("GET", ""), "404");
}

TEST(Routes, TellWhatTheStarStandsFor) {
  EXPECT_EQ(taken("POST", "/api/members/17/remove"), "/api/members/*/remove 17");
  EXPECT_EQ(taken("DELETE", "/whip/a%2Fb"), "/whip/* a/b");
  EXPECT_EQ(taken("POST", "/api/members//remove"), "404");
  EXPECT_EQ(taken("POST", "/api/members/remove"), "404");
  EXPECT_EQ(taken("POST", "/api/members/1/2/remove"), "404");
  EXPECT_EQ(taken("DELETE", "/whip/"), "404");
  EXPECT_EQ(taken("DELETE", "/whip/%zz"), "404");
  EXPECT_EQ(taken("DELETE", "/whip/%00"), "404");
}

TEST(Routes, SayWhichMethodsThereAre) {
  const auto response = refusal("POST", "/api/members");
  EXPECT_EQ(response.status, 405);
  EXPECT_THAT(response.headers, Contains(Pair("Allow", "GET, HEAD, PUT, OPTIONS")));
  EXPECT_THAT(refusal("GET", "/whip/x").headers, Contains(Pair("Allow", "DELETE, OPTIONS")));
}

TEST(Routes, AnswerOptions) {
  const auto response = refusal("OPTIONS", "/");
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(response.body, "");
  EXPECT_THAT(response.headers, Contains(Pair("Allow", "GET, HEAD, OPTIONS")));
  EXPECT_THAT(refusal("OPTIONS", "*").headers,
              Contains(Pair("Allow", "GET, HEAD, PUT, POST, DELETE, OPTIONS")));
  EXPECT_EQ(taken("OPTIONS", "/nothing"), "404");
}

TEST(Routes, TellUnknownMethodsFromThoseThatAreNotPossible) {
  EXPECT_EQ(taken("TRACE", "/"), "405");
  EXPECT_EQ(taken("BREW", "/"), "501");
  EXPECT_EQ(taken("get", "/"), "501") << "methods have a case (RFC 9110 section 9.1)";
  EXPECT_EQ(taken("CONNECT", "host:443"), "404");
}

TEST(Routes, SayWhereThingsAre) {
  EXPECT_THAT(Routes({}, "the console is at /").find("GET", "/x").error().body,
              HasSubstr("there is nothing at /x: the console is at /"));
}

TEST(Routes, QuoteNoControlCharacters) {
  EXPECT_THAT(refusal("GET", "/a\x1b[31m").body, testing::Not(HasSubstr("\x1b")));
}

TEST(Routes, TakeTheFirstOfSeveral) {
  const Routes routes({route("GET", "/a/b"), route("GET", "/a/*")});
  EXPECT_EQ(routes.find("GET", "/a/b")->route->pattern, "/a/b");
  EXPECT_EQ(routes.find("GET", "/a/c")->route->pattern, "/a/*");
}

TEST(AtOnce, Answers) {
  std::string body;
  route("GET", "/x").handle({}, [&](const HttpResponse& response) { body = response.body; });
  EXPECT_EQ(body, "/x");
}

}  // namespace
}  // namespace rtcpub::net
