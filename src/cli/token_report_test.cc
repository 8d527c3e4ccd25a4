#include "cli/token_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rtcpub::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

MadeToken forKim() {
  return {.token = "a.b.c",
          .channels = {"car-1"},
          .rights = {Right::kView, Right::kDrive},
          .lifetime = std::chrono::hours(8),
          .name = "Kim",
          .urls = {"https://192.0.2.1:8267", "http://127.0.0.1:8267"},
          .keyFile = "/data/token.key"};
}

TEST(TokenReport, PrintsTheTokenThenEachLink) {
  EXPECT_EQ(tokenLines(forKim()),
            "a.b.c\n"
            "https://192.0.2.1:8267/?channel=car-1#token=a.b.c\n"
            "http://127.0.0.1:8267/?channel=car-1#token=a.b.c\n");
}

TEST(TokenReport, LeadsToTheListWhereThereMayBeSeveralChannels) {
  auto made = forKim();
  made.urls.pop_back();
  made.channels = {"car-*"};
  EXPECT_THAT(linksTo(made), ElementsAre("https://192.0.2.1:8267/#token=a.b.c"));
  made.channels = {"car-1", "car-2"};
  EXPECT_THAT(linksTo(made), ElementsAre("https://192.0.2.1:8267/#token=a.b.c"));
}

TEST(TokenReport, HasNoLinkForWhoMayNotWatch) {
  auto made = forKim();
  made.rights = Right::kPublish;
  EXPECT_THAT(linksTo(made), IsEmpty());
  EXPECT_THAT(tokenRemarks(made),
              HasSubstr("rtcpub publish --server wss://192.0.2.1:8267 --channel "
                        "car-1 --video v4l2: --token-file FILE"));
  made.fingerprint = "sha256:ab";
  EXPECT_THAT(tokenRemarks(made), HasSubstr("--token-file FILE --fingerprint sha256:ab\n"));
  made.urls.clear();
  made.channels = {"car-*"};
  EXPECT_THAT(tokenRemarks(made), HasSubstr("--server wss://HOST --channel NAME "));
  made.rights = Right::kAdmin;
  EXPECT_THAT(tokenRemarks(made), Not(HasSubstr("link")));
}

TEST(TokenReport, SaysForWhomItIsAndHowLong) {
  EXPECT_EQ(tokenRemarks(forKim()),
            "a token to view,drive in car-1 for Kim, which ends in 8h; signed with "
            "/data/token.key\n");
  auto made = forKim();
  made.lifetime.reset();
  EXPECT_THAT(tokenRemarks(made), HasSubstr("which has no end"));
  EXPECT_THAT(tokenRemarks(made), Not(HasSubstr("a.b.c")));
}

TEST(TokenReport, SaysThatAKeyIsNew) {
  auto made = forKim();
  made.keyIsNew = true;
  EXPECT_THAT(tokenRemarks(made), HasSubstr(newKeyRemark(made)));
  EXPECT_THAT(newKeyRemark(made), HasSubstr(made.keyFile + " was made just now"));
  made.keyIsNew = false;
  EXPECT_EQ(newKeyRemark(made), "");
}

TEST(TokenReport, SaysWhatALinkTakes) {
  auto made = forKim();
  made.urls.clear();
  EXPECT_EQ(tokenLines(made), "a.b.c\n");
  EXPECT_THAT(tokenRemarks(made), HasSubstr("add --server https://HOST:PORT"));
}

TEST(TokenReport, IsReadByPrograms) {
  auto made = forKim();
  made.urls.pop_back();
  EXPECT_EQ(tokenJson(made),
            R"({"token":"a.b.c","links":["https://192.0.2.1:8267/?channel=car-1#token=a.b.c"],)"
            "\"seconds\":28800}\n");
  made.lifetime.reset();
  made.urls.clear();
  EXPECT_EQ(tokenJson(made), "{\"token\":\"a.b.c\",\"links\":[],\"seconds\":null}\n");
}

TEST(TokenReport, FindsTheConsoleOfAServer) {
  EXPECT_EQ(consoleUrlOf("wss://robots.example"), "https://robots.example:8267");
  EXPECT_EQ(consoleUrlOf("wss://robots.example:443/"), "https://robots.example:443");
  EXPECT_EQ(consoleUrlOf("https://robots.example"), "https://robots.example");
  EXPECT_EQ(consoleUrlOf("robots.example"), "https://robots.example:8267");
  EXPECT_EQ(consoleUrlOf("ws://127.0.0.1:9000"), "http://127.0.0.1:9000");
  EXPECT_EQ(consoleUrlOf("http://localhost"), "http://localhost");
  EXPECT_EQ(consoleUrlOf("[2001:db8::1]"), "https://[2001:db8::1]:8267");
  EXPECT_EQ(consoleUrlOf("wss://[2001:db8::1]:9000"), "https://[2001:db8::1]:9000");
}

TEST(TokenReport, FindsNoConsoleInWhatIsNoAddress) {
  for (const char* server : {"", "wss://", "ftp://a", "https://a/b", "https://a?b", "https://a#b",
                             "https://a b", "https://u@a", "https://a\"b"}) {
    EXPECT_EQ(consoleUrlOf(server), "") << server;
  }
}

}  // namespace
}  // namespace rtcpub::cli
