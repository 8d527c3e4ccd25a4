#include "core/text/redact.h"

#include <gtest/gtest.h>

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

TEST(Redact, LeavesOtherTextAlone) {
  for (const char* text : {"", "videotestsrc ! fakesink", "rtsp://host/a@b", "a@b", "://"}) {
    EXPECT_EQ(redact(text), text);
  }
}

}  // namespace
}  // namespace rtcpub
