#include "core/sdp/tidy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace rtcpub::sdp {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr std::string_view kDigest =
    "01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13:14:15:16:17:18:19:1A:1B:1C:1D:1E:1F:"
    "20";

std::string session() { return "v=0\r\no=- 7 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"; }

/// A tidy offer; `more` are lines of its only section.
std::string offer(const std::string& more = "") {
  return session() + "a=group:BUNDLE 0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96 97\r\na=mid:0\r\n" +
         "a=sendonly\r\na=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\n"
         "a=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack pli\r\na=rtpmap:97 rtx/90000\r\n"
         "a=fmtp:97 apt=96\r\n" +
         more;
}

std::string tidied(const std::string& sdp, const TakesCandidate& takes = {}) {
  const auto result = tidy(sdp, takes);
  return result ? result->sdp : "refused: " + result.error().message;
}

TEST(Tidy, LeavesATidyOfferAsItIs) { EXPECT_EQ(tidied(offer()), offer()); }

TEST(Tidy, ChangesNothingTheSecondTime) {
  int files = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(RTCPUB_FIXTURES) + "/offers")) {
    if (entry.path().extension() != ".sdp") continue;
    std::stringstream text;
    text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    const auto once = tidy(text.str(), [](std::string_view) { return true; });
    ASSERT_TRUE(once) << entry.path() << once.error().message;
    EXPECT_TRUE(once->declined.empty()) << entry.path();
    EXPECT_EQ(tidied(once->sdp, [](std::string_view) { return true; }), once->sdp);
    ++files;
  }
  EXPECT_GE(files, 29);
}

struct PassedOver {
  const char* name;
  std::string sdp;
};

class TidyPassesOver : public testing::TestWithParam<PassedOver> {};

TEST_P(TidyPassesOver, WhatTheRestStandsWithout) { EXPECT_EQ(tidied(GetParam().sdp), offer()); }

INSTANTIATE_TEST_SUITE_P(
    Lines, TidyPassesOver,
    testing::Values(
        PassedOver{"AByteOrderMark", "\xEF\xBB\xBF" + offer()},
        PassedOver{"EmptyLines", "\r\n\n" + offer() + "\r\n \r\n"},
        PassedOver{"AMissingLineEnd", offer().substr(0, offer().size() - 2)},
        PassedOver{"UnknownPayloadTypes",
                   offer("a=rtpmap:98 H264/90000\r\na=fmtp:98 x=1\r\na=rtcp-fb:98 nack\r\n")},
        PassedOver{"PayloadTypesOutOfRange",
                   offer("a=rtpmap:128 H264/90000\r\na=fmtp:-1 x=1\r\na=rtcp-fb:a nack\r\n")},
        PassedOver{"SecondMeanings", offer("a=rtpmap:96 H264/90000\r\n")},
        PassedOver{"MappingsThatAreNone", offer("a=rtpmap:96\r\na=rtpmap:97 x\r\na=rtpmap:\r\n")},
        PassedOver{"FeedbackOfNoKind", offer("a=rtcp-fb:96\r\na=fmtp:96\r\n")},
        PassedOver{"ExtensionsWithoutNumberOrName",
                   offer("a=extmap:x urn:y\r\na=extmap:1\r\na=extmap:300 urn:y\r\na=extmap:\r\n")},
        PassedOver{"EncryptedExtensions",
                   offer("a=extmap:1 urn:ietf:params:rtp-hdrext:encrypt urn:y\r\n")},
        PassedOver{"Candidates", offer("a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n")},
        PassedOver{"SourcesThatAreNone", offer("a=ssrc:1\r\na=ssrc:x cname:y\r\na=ssrc:4294967296 "
                                               "cname:y\r\na=ssrc:1 msid:a b c\r\na=ssrc:1 x\r\n")},
        PassedOver{"GroupsThatAreNone", offer("a=ssrc-group:FID\r\na=ssrc-group:FID 1 1\r\n"
                                              "a=ssrc-group:FID 1 x\r\n")},
        PassedOver{"SimulcastThatIsNone", offer("a=simulcast:send\r\na=simulcast:send 1;;2\r\n"
                                                "a=simulcast:send 1 send 2\r\na=rid:q\r\n"
                                                "a=rid:q:r send\r\n")},
        PassedOver{"MsidsThatAreNone", offer("a=msid:\r\na=msid:a b c\r\na=msid: b\r\n")},
        PassedOver{"RolesThatAreNone", offer("a=setup:maybe\r\na=setup\r\n")},
        PassedOver{"UnknownHashes", offer("a=fingerprint:sha3-256 AA\r\na=fingerprint:md5 AA:BB\r\n"
                                          "a=fingerprint:sha-256 AA:BB\r\na=fingerprint:x\r\n")},
        PassedOver{"ControlCharacters", offer("a=msid:a\tb\r\na=ice-options:\x01\r\n")},
        PassedOver{"WhatNobodyHeeds", offer("b=AS:x\r\nc=IN IP4 224.1.1.1/3\r\na=crypto:1\r\na=\r\n"
                                            "a=rtcp:x\r\nk=\r\nx\r\na=cryptex\r\n")}),
    [](const auto& passed) { return passed.param.name; });

TEST(Tidy, LeavesOutFormatsThatNothingExplains) {
  auto untidy = offer();
  untidy.replace(untidy.find(" 96 97\r\n"), 8, " 96 98 97 96 500 x\r\n");
  EXPECT_EQ(tidied(untidy), offer());
}

TEST(Tidy, KnowsTheStaticPayloadTypesOfAudio) {
  const auto audio = tidied(session() + "m=audio 9 RTP/AVP 0 8 96\r\na=rtpmap:0 opus/48000/2\r\n");
  EXPECT_THAT(audio, HasSubstr("m=audio 9 RTP/AVP 0 8\r\n"));
  EXPECT_THAT(audio, Not(HasSubstr("opus")));
}

TEST(Tidy, KeepsFeedbackForAllFormats) {
  EXPECT_EQ(tidied(offer("a=rtcp-fb:* nack\r\n")), offer("a=rtcp-fb:* nack\r\n"));
}

TEST(Tidy, LeavesPacketTimesOutOfParameters) {
  const std::string head = session() + "m=audio 9 RTP/AVP 96\r\na=rtpmap:96 opus/48000/2\r\n";
  EXPECT_THAT(tidied(head + "a=fmtp:96 minptime=10; maxptime=5;useinbandfec=1\r\na=ptime:20\r\n"),
              testing::EndsWith("a=fmtp:96 minptime=10;useinbandfec=1\r\n"));
  EXPECT_THAT(tidied(head + "a=fmtp:96 ptime=20\r\n"), Not(HasSubstr("fmtp")));
  EXPECT_THAT(tidied(head + "a=fmtp:96 minptime=2147483647;x=1\r\n"),
              testing::EndsWith("a=fmtp:96 x=1\r\n"));
}

TEST(Tidy, WritesTheHeaderThatIsMissing) {
  const auto result = tidied("v=0\nm=video 9 RTP/SAVPF 96\na=rtpmap:96 VP8/90000\n");
  EXPECT_THAT(result, StartsWith("v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=video 9 "));
}

TEST(Tidy, NamesTheSectionsThatHaveNoMid) {
  const auto result = tidied(session() +
                             "m=video 9 RTP/SAVPF 96\r\na=rtpmap:96 VP8/90000\r\na=mid:0\r\n"
                             "m=audio 9 RTP/SAVPF 0\r\nm=audio 9 RTP/SAVPF 8\r\n");
  EXPECT_THAT(result, HasSubstr("m=audio 9 RTP/SAVPF 0\r\na=mid:1\r\n"));
  EXPECT_THAT(result, HasSubstr("m=audio 9 RTP/SAVPF 8\r\na=mid:2\r\n"));
}

TEST(Tidy, BundlesOnlySectionsThatThereAre) {
  auto sdp = offer();
  sdp.replace(sdp.find("BUNDLE 0"), 8, "BUNDLE 0 7");
  EXPECT_EQ(tidied(sdp), offer());
  EXPECT_THAT(tidied(session() + "a=group:LS 0\r\na=group:BUNDLE\r\n"),
              testing::EndsWith("t=0 0\r\na=group:BUNDLE\r\n"));
}

TEST(Tidy, TakesTheStrongestFingerprintOfEachLevel) {
  const std::string strong = "a=fingerprint:sha-256 " + std::string(kDigest) + "\r\n";
  const std::string weak = "a=fingerprint:sha-1 " + std::string(kDigest.substr(0, 59)) + "\r\n";
  EXPECT_EQ(tidied(offer(strong + weak)), offer(strong));
  EXPECT_EQ(tidied(offer(weak + strong)), offer(strong));
  EXPECT_EQ(tidied(offer(weak)), offer(weak));
  const auto both = tidied(session() + strong + weak + "m=audio 9 RTP/AVP 0\r\n" + weak);
  EXPECT_THAT(both, HasSubstr("t=0 0\r\n" + strong + "m=audio"));
  EXPECT_THAT(both, testing::EndsWith(weak));
}

TEST(Tidy, PutsExtensionsOnOneLevel) {
  const auto both = session() + "a=extmap:1 urn:x\r\nm=audio 9 RTP/AVP 0\r\na=extmap:2 urn:y\r\n";
  EXPECT_THAT(tidied(both), Not(HasSubstr("urn:x")));
  EXPECT_THAT(tidied(session() + "a=extmap:1 urn:x\r\nm=audio 9 RTP/AVP 0\r\n"),
              HasSubstr("a=extmap:1 urn:x\r\nm=audio"));
}

TEST(Tidy, AsksForEachCandidate) {
  std::vector<std::string> asked;
  const auto result = tidied(offer("a=candidate:1 1 udp\r\na=candidate:2  1 udp\r\n"),
                             [&](std::string_view candidate) {
                               asked.emplace_back(candidate);
                               return candidate.starts_with("candidate:2");
                             });
  EXPECT_THAT(asked, testing::ElementsAre("candidate:1 1 udp", "candidate:2 1 udp"));
  EXPECT_EQ(result, offer("a=candidate:2 1 udp\r\n"));
}

TEST(Tidy, ReadsBothFormsOfDataSections) {
  const auto data = [](const std::string& lines) { return tidied(session() + lines); };
  EXPECT_THAT(data("m=application 9 DTLS/SCTP 5000\r\na=sctp-port:5001\r\na=sctpmap:5000 x\r\n"),
              testing::EndsWith("m=application 9 DTLS/SCTP 5000\r\na=mid:0\r\n"));
  EXPECT_THAT(
      data("m=application 9 UDP/DTLS/SCTP wrtc\r\na=sctp-port:5001\r\n"),
      testing::EndsWith("UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:0\r\na=sctp-port:5001\r\n"));
  EXPECT_THAT(
      data("m=application 9 UDP/DTLS/SCTP x\r\na=max-message-size:18446744073709551615\r\n"),
      HasSubstr("a=max-message-size:2147483647\r\n"));
  EXPECT_THAT(data("m=application 9 UDP/DTLS/SCTP x\r\na=max-message-size:-1\r\n"),
              Not(HasSubstr("max-message-size")));
}

TEST(Tidy, DeclinesSectionsThatItCannotUse) {
  const auto result =
      tidy(offer("m=application 50000 UDP/BFCP *\r\na=x:y\r\nm=audio 0 RTP/AVP\r\n"
                 "m=text 9 DTLS/SCTP 5000\r\n"));
  ASSERT_TRUE(result) << result.error().message;
  ASSERT_EQ(result->declined.size(), 3U);
  EXPECT_EQ(result->declined[0].index, 1U);
  EXPECT_EQ(result->declined[0].mLine, "m=application 0 UDP/BFCP *");
  EXPECT_THAT(result->declined[0].why, StartsWith("line 15 \"m=application 50000 UDP/BFCP *\": "));
  EXPECT_EQ(result->declined[1].mLine, "m=audio 0 RTP/AVP 0");
  EXPECT_EQ(result->declined[2].mLine, "m=text 0 DTLS/SCTP 5000");
  EXPECT_THAT(result->sdp, StartsWith(offer() + "m=unknown 0 RTP/AVP 0\r\na=mid:1\r\nm=unknown"));
}

TEST(Tidy, RejectsInTheAnswerWhatItDeclined) {
  const std::string answer =
      "v=0\r\nm=video 9 x 96\r\na=mid:0\r\nm=unknown 0 RTP/AVP 0\r\na=mid:1\r\n";
  EXPECT_EQ(reject(answer, {{.index = 1, .mLine = "m=image 0 udptl t38", .why = ""}}),
            "v=0\r\nm=video 9 x 96\r\na=mid:0\r\nm=image 0 udptl t38\r\na=mid:1\r\n");
  EXPECT_EQ(reject(answer, {}), answer);
}

struct Refused {
  const char* name;
  std::string sdp;
  const char* says;
};

class TidyRefuses : public testing::TestWithParam<Refused> {};

TEST_P(TidyRefuses, WithTheLine) {
  const auto result = tidy(GetParam().sdp);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kProtocol);
  EXPECT_THAT(result.error().message, StartsWith(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    Lines, TidyRefuses,
    testing::Values(Refused{"Nothing", "", "line 1 \"\": an SDP begins with"},
                    Refused{"AnotherText", "\r\n{\"type\": \"offer\"}",
                            "line 2 \"{\"type\": \"offer\"}\": an SDP"},
                    Refused{"AMediaLineOfOneWord", offer("m=video\r\n"),
                            "line 15 \"m=video\": a section names"},
                    Refused{"APortInWords", offer("m=video x RTP/AVP 0\r\n"),
                            "line 15 \"m=video x RTP/AVP 0\": its port"},
                    Refused{"APortBeyondPorts", offer("m=video 65536 RTP/AVP 0\r\n"), "line 15"},
                    Refused{"AMidTwice", offer("m=audio 9 RTP/AVP 0\r\na=mid:0\r\n"),
                            "line 16 \"a=mid:0\": another"},
                    Refused{"AMidWithASpace", offer("m=audio 9 RTP/AVP 0\r\na=mid:a b\r\n"),
                            "line 16 \"a=mid:a b\": a mid"},
                    Refused{"AnSctpPortInWords",
                            offer("m=application 9 DTLS/SCTP x\r\na=sctp-port:y\r\n"),
                            "line 16 \"a=sctp-port:y\": its port"}),
    [](const auto& refused) { return refused.param.name; });

TEST(Tidy, QuotesNoMoreThanALine) {
  const auto result = tidy("\x1b[31m" + std::string(100'000, 'x'));
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message, StartsWith("line 1 \"?[31mxxx"));
  EXPECT_LT(result.error().message.size(), 200U);
}

TEST(Tidy, WritesCleanLinesWhateverItReads) {
  const auto whole = offer("m=application 9 DTLS/SCTP 5000\r\n");
  for (std::size_t i = 0; i < whole.size(); ++i) {
    for (const char byte : {'\0', '\r', '\n', ' ', ':', '\x80', 'm'}) {
      std::string flipped = whole;
      flipped[i] = byte;
      const auto result = tidy(flipped);
      if (!result) continue;
      auto lines = result->sdp;
      std::erase(lines, '\r');
      std::erase(lines, '\n');
      EXPECT_TRUE(std::ranges::none_of(lines, [](char c) { return c >= 0 && c < ' '; })) << i;
      EXPECT_EQ(tidied(result->sdp), result->sdp) << i;
    }
  }
}

}  // namespace
}  // namespace rtcpub::sdp
