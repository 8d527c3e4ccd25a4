#include "cli/secret.h"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>

namespace rtcpub::cli {
namespace {

TEST(Secret, IsAMarkThatRefusesNothing) {
  CLI::App app;
  std::string token;
  std::string other;
  auto* const hidden = secret(app.add_option("--token", token, "The token"));
  auto* const plain = app.add_option("--other", other)->check(CLI::IsMember({"a", "b"}));
  EXPECT_TRUE(isSecret(*hidden));
  EXPECT_FALSE(isSecret(*plain));
  app.parse("--token x");
  EXPECT_EQ(token, "x");
  EXPECT_EQ(app.help().find("--token"), std::string::npos);
}

TEST(Secret, IsAPasswordInAUrl) {
  for (const char* text :
       {"turn:robot:secret@turn.example", "turns:a:b@[::1]:5349?transport=tcp",
        "rtsp://user:secret@10.0.0.9/stream", "front=rtsp://user:se/cret@10.0.0.9/stream",
        "rtsp://user:se@cret@10.0.0.9:554/", "rtsp://user:1234@10.0.0.9/",
        "gst:rtspsrc location=rtsp://cam user-id=a user-pw=b ! decodebin",
        "gst:rtspsrc location=\"rtsp://a:b@cam\" ! decodebin", "TURN:u:pw@h", "Turns:u:pw@h",
        "rtsp://user:12/34@host", "RTSP://user:1/2@host/", "turn:u:12?3@h", "rtsp://user:1#2@host",
        "gst:rtspsrc location=rtsp://cam user-pw = b ! decodebin", "rtsp://cam/?Password=b",
        "rtsp://10.0.0.9:554/stream@2"}) {  // which may be a password "554/stream"
    EXPECT_TRUE(hasPassword(text)) << text;
  }
}

TEST(Secret, IsNoPartOfWhatHasNoPassword) {
  for (const char* text :
       {"", "stun:stun.example:3478", "rtsp://10.0.0.9:554/stream", "rtsp://10.0.0.9/stream@2",
        "gst:a password ! b", "rtsp://camera/stream:1/@2", "wss://robots.example:8267",
        "libcamera:/base/soc/i2c0mux/i2c@1/ov5647@36", "test:?size=1280x720",
        "turn:", "rtsp://guest@10.0.0.9/"}) {
    EXPECT_FALSE(hasPassword(text)) << text;
  }
}

}  // namespace
}  // namespace rtcpub::cli
