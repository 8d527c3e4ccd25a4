#include "core/text/redact.h"

#include <gtest/gtest.h>

#include <chrono>

namespace rtcpub {
namespace {

TEST(Redact, CutsUserAndPasswordOutOfUrls) {
  EXPECT_EQ(redact("rtsp://eve:secret@10.0.0.1/a?b=c@d"), "rtsp://10.0.0.1/a?b=c@d");
  EXPECT_EQ(redact("x rtsp://u:p@h ! y http://v:q@i/ z"), "x rtsp://h ! y http://i/ z");
  EXPECT_EQ(redact("rtsp://eve:se/cret@host/a"), "rtsp://host/a");
  EXPECT_EQ(redact("rtsp://eve:s@cret@host/a"), "rtsp://host/a");
}

TEST(Redact, CutsTheValuesOfSecretProperties) {
  EXPECT_EQ(redact("rtspsrc user-id=eve user-pw=\"a b\" latency=0"),
            "rtspsrc user-id=*** user-pw=*** latency=0");
  EXPECT_EQ(redact("user-pw='open"), "user-pw=***");
  EXPECT_EQ(redact("user-pw="), "user-pw=***");
}

TEST(Redact, CutsTokens) {
  EXPECT_EQ(redact("https://h/?channel=a#token=abc.def"), "https://h/?channel=a#token=***");
  EXPECT_EQ(redact("TOKEN=a&b=c"), "TOKEN=***&b=c");
  EXPECT_EQ(redact("authorization: bearer abc.d-_~+/=, x"), "authorization: bearer ***, x");
  EXPECT_EQ(redact("rtcpub, rtcpub.token.abc"), "rtcpub, rtcpub.token.***");
  EXPECT_EQ(redact("the token eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.c2ln was refused"),
            "the token *** was refused");
  EXPECT_EQ(redact("token="), "token=");
}

TEST(RedactTarget, CutsTokensHoweverTheirNamesAreWritten) {
  EXPECT_EQ(redactTarget("/live/ws/pub?channel=a&token=x.y&brate=8"),
            "/live/ws/pub?channel=a&token=***&brate=8");
  EXPECT_EQ(redactTarget("/a?%74oken=x"), "/a?%74oken=***");
  EXPECT_EQ(redactTarget("/a?Token=x&ACCESS_TOKEN=y"), "/a?Token=***&ACCESS_TOKEN=***");
  EXPECT_EQ(redactTarget("/a?t%6Fken=x%zz"), "/a?t%6Fken=***");
  EXPECT_EQ(redactTarget("/a?%zz=secret"), "/a?***");
  EXPECT_EQ(redactTarget("/a?channel=eyJh.eyJi.c"), "/a?channel=***");
  EXPECT_EQ(redactTarget("/a/eyJh.eyJi.c"), "/a/***");
  EXPECT_EQ(redactTarget("/a?b&&c="), "/a?b&&c=");
  EXPECT_EQ(redactTarget("/"), "/");
}

/// By the square of its length each of these would take seconds, and a flood of them the server.
TEST(RedactTarget, TakesTimeByItsLengthWhateverStrangersWrite) {
  constexpr std::size_t kLength = 100'000;
  const auto began = std::chrono::steady_clock::now();
  for (const std::string part : {"=", "eyJ", "eyJ.", "a", "%", "t", "Bearer", "token=", "token=,",
                                 "&", "a=b&", "eyJ.,", "rtcpub.token.", "://a:", "?", "/"}) {
    std::string text;
    while (text.size() < kLength) text += part;
    EXPECT_LE(redactTarget("/" + text).size(), text.size() + 10) << part;
    EXPECT_LE(redactTarget("/?" + text).size(), 3 * text.size()) << part;
  }
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(20));
}

TEST(Redact, LeavesOtherTextAlone) {
  for (const char* text : {"", "videotestsrc ! fakesink", "rtsp://host/a@b", "a@b", "://",
                           "give a token with --token-file", "eyJust.two", "bearer"}) {
    EXPECT_EQ(redact(text), text);
  }
}

}  // namespace
}  // namespace rtcpub
