#include "net/forwarded.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rtcpub::net {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const RemoteAddress kProxy = remoteAddress("10.1.2.3");
const RemoteAddress kStranger = remoteAddress("198.51.100.7");

TrustedProxies trusting(const std::vector<std::string>& texts) {
  auto trusted = TrustedProxies::parse(texts);
  EXPECT_TRUE(trusted) << trusted.error().message;
  return *std::move(trusted);
}

const TrustedProxies kTrusted = trusting({"10.0.0.0/8", "127.0.0.1"});

RequestHead head(std::string forwardedFor, std::string host = "", std::string proto = "") {
  return {.method = "GET",
          .target = "/",
          .headers = {{"Host", "10.9.9.9:8267"},
                      {"X-Forwarded-For", std::move(forwardedFor)},
                      {"X-Forwarded-Host", std::move(host)},
                      {"X-Forwarded-Proto", std::move(proto)}}};
}

// --- who is trusted

TEST(TrustedProxies, AreAddressesAndNetworks) {
  const auto trusted = trusting({"192.0.2.7", "10.1.2.3/8", "::1", "2001:db8::/32"});
  for (const char* address : {"192.0.2.7", "10.0.0.0", "10.255.255.255", "::1", "2001:db8:7::1"}) {
    EXPECT_TRUE(trusted.contains(address)) << address;
  }
  for (const char* address :
       {"192.0.2.8", "11.0.0.0", "::2", "2001:db9::", "", "proxy", "::a00:1"}) {
    EXPECT_FALSE(trusted.contains(address)) << address;
  }
  EXPECT_FALSE(trusting({}).contains("127.0.0.1"));
  EXPECT_TRUE(trusting({"0.0.0.0/0"}).contains("192.0.2.7"));
}

TEST(TrustedProxies, AreNothingElse) {
  for (const char* text : {"", "proxy.example", "10.0.0.0/33", "10.0.0/8", "::/129", "10.0.0.1:80",
                           "10.0.0.0/", "*", "10.0.0.1 "}) {
    const auto trusted = TrustedProxies::parse({"127.0.0.1", text});
    ASSERT_FALSE(trusted) << text;
    EXPECT_EQ(trusted.error().code, ErrorCode::kInvalidArgument);
  }
  EXPECT_EQ(TrustedProxies::parse({"proxy"}).error().message,
            "cannot trust the proxy \"proxy\": it is neither an IP address nor a network as "
            "10.0.0.0/8");
}

// --- whom they name

TEST(Describe, BelievesATrustedProxy) {
  const auto request =
      describe(head("203.0.113.5", "robots.example:8443", "HTTPS"), kProxy, kTrusted);
  EXPECT_EQ(request.remoteAddress, "203.0.113.5");
  EXPECT_EQ(request.host, "robots.example:8443");
  EXPECT_EQ(request.scheme, "https");
  EXPECT_TRUE(request.proxied);
  EXPECT_FALSE(request.loopback);
}

TEST(Describe, BelievesNobodyElse) {
  for (const auto& trusted : {kTrusted, TrustedProxies{}}) {
    const auto request = describe(head("127.0.0.1", "evil.example", "https"), kStranger, trusted);
    EXPECT_EQ(request.remoteAddress, "198.51.100.7");
    EXPECT_EQ(request.host, "10.9.9.9:8267");
    EXPECT_EQ(request.scheme, "");
    EXPECT_FALSE(request.proxied);
    EXPECT_FALSE(request.loopback);
  }
}

TEST(Describe, TakesTheClientThatTheLastTrustedProxySaw) {
  for (const auto& [list, client] : std::vector<std::pair<std::string, std::string>>{
           {"127.0.0.1, 203.0.113.5", "203.0.113.5"},
           {"1.1.1.1,203.0.113.5 , 10.4.4.4", "203.0.113.5"},
           {"203.0.113.5:4711", "203.0.113.5"},
           {"2001:db8::5", "2001:db8::5"},
           {"[2001:db8::5]:443", "2001:db8::5"},
           {"[2001:db8::5]", "2001:db8::5"},
           {"::ffff:203.0.113.5", "203.0.113.5"},
           {"10.4.4.4, 10.5.5.5", "10.4.4.4"},
           {"203.0.113.5, unknown", "10.1.2.3"},
           {"203.0.113.5,", "10.1.2.3"},
           {"[", "10.1.2.3"},
           {",,,", "10.1.2.3"},
           {"", "10.1.2.3"}}) {
    EXPECT_EQ(describe(head(list), kProxy, kTrusted).remoteAddress, client) << list;
  }
  std::string endless;
  for (int i = 0; i < 1000; ++i) endless += "10.0.0.1,";
  EXPECT_EQ(describe(head(endless + "10.0.0.1"), kProxy, kTrusted).remoteAddress, "10.0.0.1");
}

TEST(Describe, CountsNobodyBehindAProxyAsThisMachineUnlessTheProxySaysSo) {
  const RemoteAddress local = remoteAddress("127.0.0.1");
  EXPECT_TRUE(describe(head(""), local, {}).loopback);
  EXPECT_FALSE(describe(head(""), local, kTrusted).loopback);
  EXPECT_FALSE(describe(head("203.0.113.5"), local, kTrusted).loopback);
  EXPECT_TRUE(describe(head("127.0.0.1"), local, kTrusted).loopback);
  EXPECT_FALSE(describe(head("127.0.0.1"), kProxy, kTrusted).loopback) << "that is its own machine";
}

TEST(Describe, CountsWhatNamesNoClientAsDirect) {
  const RemoteAddress local = remoteAddress("127.0.0.1");
  EXPECT_TRUE(describe(head(""), local, {}).direct);
  EXPECT_TRUE(describe(head("203.0.113.5"), local, {}).direct) << "by whom nobody trusts";
  EXPECT_TRUE(describe(head(""), local, kTrusted).direct);
  EXPECT_FALSE(describe(head("203.0.113.5"), local, kTrusted).direct);
  EXPECT_FALSE(describe(head("127.0.0.1"), local, kTrusted).direct);
  EXPECT_FALSE(describe(head(""), kProxy, kTrusted).direct);
  EXPECT_FALSE(describe(head(""), kStranger, kTrusted).direct);
}

TEST(Describe, TakesTheLastOfSeveralHosts) {
  const auto request =
      describe(head("", "evil.example, robots.example", "http, https"), kProxy, kTrusted);
  EXPECT_EQ(request.host, "robots.example");
  EXPECT_EQ(request.scheme, "https");
  EXPECT_EQ(describe(head("", " , "), kProxy, kTrusted).host, "10.9.9.9:8267");
}

TEST(Describe, TakesTheHostOfAnAbsoluteTarget) {
  for (const auto& [sent, target, host] :
       std::vector<std::tuple<std::string, std::string, std::string>>{
           {"http://robots.example/a?b=c", "/a?b=c", "robots.example"},
           {"HTTPS://robots.example:8267/", "/", "robots.example:8267"},
           {"http://robots.example", "/", "robots.example"},
           {"http://robots.example?b", "/?b", "robots.example"},
           {"http://[2001:db8::1]:80/a", "/a", "[2001:db8::1]:80"},
           {"http:///a", "/a", ""},
           {"/http://x/", "/http://x/", "10.9.9.9:8267"},
           {"ftp://x/", "ftp://x/", "10.9.9.9:8267"},
           {"*", "*", "10.9.9.9:8267"},
           {"", "", "10.9.9.9:8267"}}) {
    RequestHead absolute = head("");
    absolute.target = sent;
    const auto request = describe(absolute, kStranger, {});
    EXPECT_EQ(request.target, target);
    EXPECT_EQ(request.host, host) << sent;
  }
}

TEST(Describe, TellsBrowsersByTheirOriginAndTakesHeadForGet) {
  RequestHead asked = head("");
  EXPECT_FALSE(describe(asked, kStranger, {}).browser);
  asked.method = "HEAD";
  asked.headers.add("Origin", "");
  EXPECT_TRUE(describe(asked, kStranger, {}).browser) << "even an empty one";
  EXPECT_EQ(describe(asked, kStranger, {}).method, "GET");
}

// --- whose pages may come in

HttpRequest ofPage(const std::string& origin, const std::string& host, const std::string& scheme) {
  return {.host = host, .browser = true, .scheme = scheme, .headers = {{"Origin", origin}}};
}

std::string problem(const std::string& origin, const std::string& host, const std::string& scheme) {
  return originProblem(ofPage(origin, host, scheme));
}

TEST(OriginProblem, IsNoneOfTheServersOwnPages) {
  EXPECT_EQ(problem("https://robots.example", "robots.example", ""), "");
  EXPECT_EQ(problem("https://robots.example:8443", "robots.example:8443", "https"), "");
}

TEST(OriginProblem, NamesBothHostsAndTheCure) {
  EXPECT_THAT(problem("https://robots.example:8443", "127.0.0.1:8267", ""),
              AllOf(HasSubstr("a page of https://robots.example:8443"),
                    HasSubstr("was called 127.0.0.1:8267"), HasSubstr("pass on Host")));
  EXPECT_THAT(problem("null", "", ""), HasSubstr("by no name"));
  EXPECT_THAT(problem("https://\x1b[31m", "h", ""), HasSubstr("https://?[31m"));
}

TEST(OriginProblem, IsNoneOfPrograms) {
  EXPECT_EQ(originProblem({.host = "robots.example"}), "");
  EXPECT_EQ(crossSiteProblem({.method = "POST", .host = "robots.example"}), "");
}

TEST(CrossSiteProblem, LetsOtherPagesAskButChangeNothing) {
  auto request = ofPage("https://elsewhere.example", "localhost:8267", "");
  for (const char* method : {"GET", "OPTIONS"}) {
    request.method = method;
    EXPECT_EQ(crossSiteProblem(request), "") << method;
  }
  for (const char* method : {"POST", "DELETE", "PUT", "BREW", ""}) {
    request.method = method;
    EXPECT_THAT(crossSiteProblem(request), AllOf(HasSubstr("a page of https://elsewhere.example"),
                                                 HasSubstr("wanted to change something")))
        << method;
  }
  auto own = ofPage("http://localhost:8267", "localhost:8267", "");
  own.method = "POST";
  EXPECT_EQ(crossSiteProblem(own), "");
}

TEST(OriginProblem, IsAnotherSchemeThanTheProxys) {
  EXPECT_THAT(problem("http://robots.example", "robots.example", "https"),
              AllOf(HasSubstr("a page of http://robots.example"),
                    HasSubstr("was called https://robots.example")));
}

}  // namespace
}  // namespace rtcpub::net
