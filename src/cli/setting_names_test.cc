#include "cli/setting_names.h"

#include <gtest/gtest.h>

namespace rtcpub::cli {
namespace {

TEST(InOptions, SaysTheOptionWhereTheLibrarySaysTheSetting) {
  EXPECT_EQ(inOptions("relayOnly: there is none; name one by iceServers turn:U:P@H"),
            "--relay-only: there is none; name one by --ice turn:U:P@H");
  EXPECT_EQ(inOptions("open the video without pass-through (passThrough = false)"),
            "open the video without pass-through (--reencode)");
  EXPECT_EQ(inOptions("pin it (fingerprint = sha256:…); dataDir keeps tlsKeyFile; caFile"),
            "pin it (--fingerprint sha256:…); --data-dir keeps --tls-key; --ca");
  EXPECT_EQ(inOptions("embeddingOrigins: 'a.example' is not where a page comes from"),
            "--allow-embedding: 'a.example' is not where a page comes from");
  EXPECT_EQ(
      inOptions("give a token with the right to publish (token = …)"),
      "give a token with the right to publish (--token-file FILE; 'rtcpub token' makes one on "
      "the server's machine)");
}

TEST(InOptions, LeavesTheRestAsItIs) {
  for (const auto* text : {"", "the server is away", "a relay only"}) {
    EXPECT_EQ(inOptions(text), text);
  }
}

}  // namespace
}  // namespace rtcpub::cli
