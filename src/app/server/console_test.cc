#include "app/server/console.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

namespace rtcpub {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Key;
using testing::Not;
using testing::Pair;

/// The door's answer to a request for `path`, by `host`.
net::HttpResponse answer(const std::string& path, const std::vector<std::string>& embedders = {},
                         const std::string& host = "robots.example") {
  const auto routes = consoleRoutes(embedders);
  const auto route = std::ranges::find(routes, path, &net::Route::pattern);
  EXPECT_NE(route, routes.end()) << path;
  std::optional<net::HttpResponse> given;
  if (route != routes.end()) {
    route->handle({.host = host}, [&](net::HttpResponse response) { given = std::move(response); });
  }
  return given.value_or(net::HttpResponse());
}

TEST(Console, IsInNobodysFrame) {
  EXPECT_THAT(answer("/").headers,
              AllOf(Contains(Pair("X-Frame-Options", "DENY")),
                    Contains(Pair("Content-Security-Policy",
                                  HasSubstr("; frame-ancestors 'none'; connect-src 'self' ")))));
}

TEST(Console, IsInTheFramesOfThoseWhoAreNamed) {
  const auto response = answer("/", {"https://a.example", "http://127.0.0.1:8080"});
  EXPECT_THAT(
      response.headers,
      Contains(Pair("Content-Security-Policy",
                    HasSubstr("; frame-ancestors https://a.example http://127.0.0.1:8080; "))));
  // It knows no names: DENY would keep them out, too.
  EXPECT_THAT(response.headers, Not(Contains(Key("X-Frame-Options"))));
}

TEST(Console, ReadsWhoMayHaveItInAFrame) {
  EXPECT_THAT(*consoleEmbedders({"https://A.example", "https://a.example", "http://b.example:81"}),
              ElementsAre("https://a.example", "http://b.example:81"));
  EXPECT_THAT(consoleEmbedders({"https://a.example", "b.example"}).error().message,
              AllOf(HasSubstr("embeddingOrigins: "), HasSubstr("b.example")));
}

TEST(Console, TellsBrowsersWhatItsFilesAre) {
  EXPECT_EQ(answer("/").contentType, "text/html; charset=utf-8");
  EXPECT_EQ(answer("/console.js").contentType, "text/javascript; charset=utf-8");
  EXPECT_EQ(answer("/console.css").contentType, "text/css; charset=utf-8");
  EXPECT_EQ(answer("/favicon.svg").contentType, "image/svg+xml");
  EXPECT_EQ(answer("/manifest.webmanifest").contentType, "application/manifest+json");
  for (const char* icon : {"/icon-180.png", "/icon-192.png", "/icon-512.png"}) {
    EXPECT_EQ(answer(icon).contentType, "image/png");
    EXPECT_TRUE(answer(icon).body.starts_with("\x89PNG")) << icon;
  }
}

TEST(Console, PutsNoForeignTextIntoItsPolicy) {
  for (const auto& [name, value] : answer("/", {}, "a; script-src *").headers) {
    EXPECT_THAT(value, Not(HasSubstr("script-src"))) << name;
  }
}

}  // namespace
}  // namespace rtcpub
