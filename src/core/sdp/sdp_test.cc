#include "core/sdp/sdp.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace rtcpub::sdp {
namespace {

using testing::HasSubstr;

std::string fixture(const std::string& name) {
  const std::string path = std::string(RTCPUB_FIXTURES) + "/offers/" + name;
  const std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string withoutCarriageReturns(std::string text) {
  std::erase(text, '\r');
  return text;
}

TEST(UseOneTransport, DoesWhatTheSeedsSdpUpdateDid) {
  EXPECT_EQ(useOneTransport(fixture("aiortc-1.4-pub.sdp")),
            fixture("rtcpub-python-after-sdpupdate.sdp"));
}

TEST(UseOneTransport, KeepsTheLinesEnds) {
  EXPECT_EQ(useOneTransport(withoutCarriageReturns(fixture("aiortc-1.4-pub.sdp"))),
            withoutCarriageReturns(fixture("rtcpub-python-after-sdpupdate.sdp")));
}

TEST(UseOneTransport, LeavesOffersWithOneTransportAsTheyAre) {
  for (const auto* name :
       {"chromium-156-pub.sdp", "chromium-156-sub.sdp", "chromium-156-pub-av-simulcast.sdp",
        "rtcpub-python-after-sdpupdate.sdp"}) {
    const auto offer = fixture(name);
    EXPECT_EQ(useOneTransport(offer), offer) << name;
  }
}

TEST(UseOneTransport, KeepsTheCandidatesOfEverySection) {
  const auto edited = useOneTransport(fixture("aiortc-1.4-av.sdp")).value();
  EXPECT_THAT(edited, HasSubstr("a=candidate:"));
  const auto count = [&edited](std::string_view what) {
    int found = 0;
    for (auto at = edited.find(what); at != std::string::npos; at = edited.find(what, at + 1)) {
      ++found;
    }
    return found;
  };
  EXPECT_EQ(count("a=ice-ufrag:tXP4\r\n"), 3);
  EXPECT_EQ(count("a=ice-pwd:eTdviHxxdetjB9wtWZe1d7\r\n"), 3);
  EXPECT_EQ(count("a=candidate:"), 6);
}

TEST(UseOneTransport, TakesTheSessionsValuesWhereTheFirstSectionHasNone) {
  EXPECT_EQ(useOneTransport("v=0\na=ice-ufrag:s\na=ice-pwd:sp\na=fingerprint:f\n"
                            "m=video 9 x 1\nm=audio 9 x 1\na=ice-ufrag:t\na=fingerprint:g\n"),
            "v=0\na=ice-ufrag:t\na=ice-pwd:sp\na=fingerprint:g\n"
            "m=video 9 x 1\nm=audio 9 x 1\na=ice-ufrag:t\na=fingerprint:g\n");
  const std::string session =
      "v=0\na=ice-ufrag:s\na=ice-pwd:sp\na=fingerprint:f\nm=video 9 x 1\nm=audio 9 x 1\n";
  EXPECT_EQ(useOneTransport(session), session);
}

TEST(UseOneTransport, PutsTheFirstSectionsValuesAboveTheSessions) {
  EXPECT_EQ(useOneTransport("v=0\na=ice-ufrag:s\na=ice-pwd:sp\na=fingerprint:f\n"
                            "m=video 9 x 1\na=ice-ufrag:v\na=ice-pwd:vp\nm=audio 9 x 1\n"),
            "v=0\na=ice-ufrag:v\na=ice-pwd:vp\na=fingerprint:f\n"
            "m=video 9 x 1\na=ice-ufrag:v\na=ice-pwd:vp\nm=audio 9 x 1\n");
}

TEST(UseOneTransport, CopiesAllFingerprintsOfTheFirstSection) {
  EXPECT_EQ(useOneTransport("v=0\r\nm=video 9 x 1\r\na=ice-ufrag:v\r\na=ice-pwd:vp\r\n"
                            "a=fingerprint:1\r\na=fingerprint:2\r\n"
                            "m=audio 9 x 1\r\na=fingerprint:3"),
            "v=0\r\nm=video 9 x 1\r\na=ice-ufrag:v\r\na=ice-pwd:vp\r\n"
            "a=fingerprint:1\r\na=fingerprint:2\r\n"
            "m=audio 9 x 1\r\na=fingerprint:1\r\na=fingerprint:2");
}

TEST(UseOneTransport, SaysWhatIsMissing) {
  const auto messageOf = [](const std::string& sdp) {
    const auto result = useOneTransport(sdp);
    if (result) return std::string("no error");
    EXPECT_EQ(result.error().code, ErrorCode::kProtocol);
    return result.error().message;
  };
  const std::string full = "v=0\nm=video 9 x 1\na=ice-ufrag:v\na=ice-pwd:p\na=fingerprint:f\n";
  EXPECT_EQ(messageOf(full), "no error");
  EXPECT_THAT(messageOf(""), HasSubstr("v=0"));
  EXPECT_THAT(messageOf("garbage"), HasSubstr("v=0"));
  EXPECT_THAT(messageOf("v=0\na=ice-ufrag:v\n"), HasSubstr("no media section"));
  for (const std::string line : {"a=ice-ufrag:v\n", "a=ice-pwd:p\n", "a=fingerprint:f\n"}) {
    auto without = full;
    without.erase(without.find(line), line.size());
    EXPECT_THAT(messageOf(without), HasSubstr(line.substr(0, line.find(':'))));
  }
  EXPECT_THAT(messageOf("v=0\nm=video 9 x 1\na=ice-ufrag:\na=ice-pwd:p\na=fingerprint:f\n"),
              HasSubstr("a=ice-ufrag"));
}

TEST(UseOneTransport, LeavesMixedLineEndsAlone) {
  const std::string sdp =
      "v=0\nm=video 9 x 1\na=ice-ufrag:v\r\na=ice-pwd:p\na=fingerprint:1\r\na=fingerprint:2\n";
  EXPECT_EQ(useOneTransport(sdp), sdp);
}

TEST(UseOneTransport, RefusesControlCharactersInWhatItCopies) {
  EXPECT_FALSE(useOneTransport(
      "v=0\r\nm=video 9 x 1\r\na=ice-ufrag:v\r\r\na=ice-pwd:p\r\na=fingerprint:f\r\n"));
}

TEST(UseOneTransport, DoesNotBlowUpASmallText) {
  std::string longValue = "v=0\nm=video 9 x 1\na=ice-ufrag:" + std::string(600, 'u') +
                          "\na=ice-pwd:p\na=fingerprint:f\n";
  EXPECT_FALSE(useOneTransport(longValue));
  std::string many = "v=0\nm=video 9 x 1\na=ice-ufrag:v\na=ice-pwd:p\n";
  for (int i = 0; i < 5; ++i) many += "a=fingerprint:f\n";
  EXPECT_FALSE(useOneTransport(many));
}

TEST(IceFacts, TellWhoTheServerIs) {
  const auto lite = iceFacts(
      "v=0\r\na=ice-lite\r\nm=video 9 x 96\r\na=ice-ufrag:abcd\r\nm=x\r\na=ice-ufrag:e\r\n");
  EXPECT_TRUE(lite.lite);
  EXPECT_FALSE(lite.trickles);
  EXPECT_EQ(lite.ufrag, "abcd");
  const auto full = iceFacts("v=0\nm=video 9 x 96\na=ice-options:ice2 trickle\n");
  EXPECT_FALSE(full.lite);
  EXPECT_TRUE(full.trickles);
  EXPECT_EQ(full.ufrag, "");
}

TEST(IceFacts, TakeAnyText) {
  for (const char* text : {"", "\n", "a=ice-ufrag:", "m=", "a=ice-ufrag"}) {
    EXPECT_EQ(iceFacts(text).ufrag, "") << text;
  }
}

TEST(WithCandidates, PutsThemIntoTheFirstSection) {
  EXPECT_EQ(withCandidates("v=0\r\nm=video 9 x 96\r\na=mid:0\r\nm=application 9 y z\r\n",
                           {"candidate:1", "candidate:2"}),
            "v=0\r\nm=video 9 x 96\r\na=mid:0\r\na=candidate:1\r\na=candidate:2\r\n"
            "m=application 9 y z\r\n");
  EXPECT_EQ(withCandidates("v=0\r\nm=video 9 x 96", {"candidate:1"}),
            "v=0\r\nm=video 9 x 96\r\na=candidate:1\r\n");
  EXPECT_EQ(withCandidates("v=0\r\n", {"candidate:1"}), "v=0\r\n");
}

TEST(WithoutFec, LeavesOutItsPayloadTypesAndItsSsrcs) {
  EXPECT_EQ(withoutFec("v=0\r\n"
                       "m=video 9 UDP/TLS/RTP/SAVPF 96 97 49 9\r\n"
                       "a=rtpmap:96 H264/90000\r\n"
                       "a=rtpmap:97 rtx/90000\r\n"
                       "a=fmtp:97 apt=96\r\n"
                       "a=rtpmap:49 flexfec-03/90000\r\n"
                       "a=rtcp-fb:49 goog-remb\r\n"
                       "a=fmtp:49 repair-window=10000000\r\n"
                       "a=ssrc-group:FID 11 12\r\n"
                       "a=ssrc-group:FEC-FR 11 13\r\n"
                       "a=ssrc:11 cname:c\r\n"
                       "a=ssrc:12 cname:c\r\n"
                       "a=ssrc:13 cname:c\r\n"
                       "a=ssrc:13 msid:s t\r\n"
                       "a=ssrc:131 cname:c\r\n"
                       "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"),
            "v=0\r\n"
            "m=video 9 UDP/TLS/RTP/SAVPF 96 97 9\r\n"
            "a=rtpmap:96 H264/90000\r\n"
            "a=rtpmap:97 rtx/90000\r\n"
            "a=fmtp:97 apt=96\r\n"
            "a=ssrc-group:FID 11 12\r\n"
            "a=ssrc:11 cname:c\r\n"
            "a=ssrc:12 cname:c\r\n"
            "a=ssrc:131 cname:c\r\n"
            "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n");
}

TEST(WithoutFec, KeepsAPayloadTypeThatMeansSomethingElseInAnotherSection) {
  const std::string other = "m=audio 9 x 49\na=rtpmap:49 opus/48000/2\na=fmtp:49 stereo=1\n";
  EXPECT_EQ(withoutFec("v=0\nm=video 9 x 96 49\na=rtpmap:49 flexfec-03/90000\n" + other),
            "v=0\nm=video 9 x 96\n" + other);
}

TEST(WithoutFec, LeavesOffersWithoutItAsTheyAre) {
  for (const auto* name :
       {"aiortc-1.4-pub.sdp", "chromium-156-pub.sdp", "chromium-156-pub-av-simulcast.sdp"}) {
    EXPECT_EQ(withoutFec(fixture(name)), fixture(name)) << name;
  }
  for (const char* text : {"", "\n", "m=", "a=ssrc", "a=ssrc-group:FEC-FR ", "a=rtpmap:"}) {
    EXPECT_EQ(withoutFec(text), std::string_view(text) == "a=ssrc-group:FEC-FR " ? "" : text);
  }
}

}  // namespace
}  // namespace rtcpub::sdp
