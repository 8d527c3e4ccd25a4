#include "core/address/page_origin.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rtcpub {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string problem(std::string_view text) {
  const auto origin = parsePageOrigin(text);
  return origin ? "none" : origin.error().message;
}

TEST(PageOrigin, HasASchemeAHostAndPerhapsAPort) {
  for (const char* text : {"https://example.com", "http://127.0.0.1:8080", "http://localhost:1",
                           "https://a-b.xn--9t4b11yi5a:65535", "https://robot_1.local"}) {
    EXPECT_EQ(parsePageOrigin(text), text);
  }
}

TEST(PageOrigin, IsWrittenInLowerCase) {
  EXPECT_EQ(parsePageOrigin("HTTPS://Example.COM:443"), "https://example.com:443");
}

TEST(PageOrigin, IsNoNameWithoutAScheme) {
  for (const char* text : {"example.com", "null", "", "file:///home/me/a.html", "//example.com",
                           "wss://example.com", "'self'", "*", "https:"}) {
    EXPECT_THAT(problem(text), HasSubstr("as https://example.com")) << text;
  }
}

TEST(PageOrigin, EndsBeforeThePath) {
  EXPECT_THAT(problem("https://Example.com:81/app/?a"),
              HasSubstr("leave out what comes after the name: https://example.com:81"));
  EXPECT_THAT(problem("https://example.com/"), HasSubstr("the name: https://example.com"));
  EXPECT_THAT(problem("https://example.com#x"), HasSubstr("the name: https://example.com"));
}

TEST(PageOrigin, IsNoPattern) {
  for (const char* text : {"https://*", "https://*.example.com", "https://example.com:*"}) {
    EXPECT_THAT(problem(text), HasSubstr("instead of a pattern")) << text;
  }
}

TEST(PageOrigin, IsNoIpv6Address) {
  EXPECT_THAT(problem("http://[::1]:8080"), HasSubstr("no IPv6 addresses"));
}

TEST(PageOrigin, CannotAddToAPolicy) {
  for (const char* text :
       {"https://a.example; script-src a", "https://a.example 'unsafe-inline'",
        "https://a.example\r\nX: y", "https://a.example,https://b.example", "https://me@a.example",
        "https://", "https://.a", "https://a..b", "https://-a", "https://예.한국"}) {
    EXPECT_THAT(problem(text), HasSubstr("other characters")) << text;
  }
  EXPECT_THAT(problem("https://a.example\r\nX: y"), Not(HasSubstr("\n")));
}

TEST(PageOrigin, HasAPortThatThereIs) {
  for (const char* text : {"https://a:0", "https://a:65536", "https://a:", "https://a:1:2"}) {
    EXPECT_THAT(problem(text), HasSubstr("port")) << text;
  }
}

TEST(PageOrigin, IsNotLongerThanANameCanBe) {
  EXPECT_THAT(problem("https://" + std::string(1'000'000, 'a')), HasSubstr("longer"));
  EXPECT_THAT(problem("https://" + std::string(254, 'a')), HasSubstr("other characters"));
}

}  // namespace
}  // namespace rtcpub
