#include "sfu/transport/answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace rtcpub::sfu {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::string fixture(const std::string& name) {
  std::ifstream file(std::string(RTCPUB_FIXTURES) + "/offers/" + name);
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_FALSE(text.str().empty()) << name;
  return text.str();
}

AnswerOptions options(spider::Role role) {
  return {.role = role,
          .codec = {},
          .ice = {"serverufrag", "serverpasswordserverpass"},
          .fingerprint = {"sha-256", std::vector<std::uint8_t>(32, 0xAB)},
          .udp = {{"192.0.2.9", "2001:db8::9"}, 8268},
          .ssrcs = {11, 12, 13},
          .sessionId = 42};
}

Result<Negotiation> negotiate(const std::string& sdp, const AnswerOptions& wanted) {
  const auto offer = Offer::parse(sdp);
  if (!offer) return tl::unexpected(offer.error());
  return answer(*offer, wanted);
}

int count(const std::string& text, const std::string& part) {
  int found = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++found;
  return found;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != text.npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::vector<std::string> keys(const MediaSection& section) {
  std::vector<std::string> all;
  for (const auto& codec : section.codecs) all.push_back(codec.key);
  return all;
}

constexpr auto kPublisher = spider::Role::kPublisher;
constexpr auto kSubscriber = spider::Role::kSubscriber;

/// A small offer to break in different ways.
std::string smallOffer(const std::string& mLine = "m=video 9 UDP/TLS/RTP/SAVPF 96",
                       const std::string& codec = "VP8/90000") {
  return "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\n" + mLine +
         "\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=sendrecv\r\na=rtcp-mux\r\na=ice-ufrag:abcd\r\n"
         "a=ice-pwd:0123456789012345678901\r\na=setup:actpass\r\na=fingerprint:sha-256 "
         "34:F1:09:0F:46:E3:C4:E0:C9:02:BF:12:F6:A0:AD:A2:D8:03:D6:DA:48:AE:42:95:F9:0B:10:A3:AF:"
         "C6:E0:AC\r\na=rtpmap:96 " +
         codec + "\r\n";
}

class EveryFixture : public ::testing::TestWithParam<const char*> {};

TEST_P(EveryFixture, IsAnsweredForBothRolesOnOneTransport) {
  for (const auto role : {kPublisher, kSubscriber}) {
    const auto result = negotiate(fixture(GetParam()), options(role));
    ASSERT_TRUE(result) << result.error().message;
    const auto& sdp = result->sdp;
    EXPECT_THAT(sdp, HasSubstr("a=ice-lite\r\n"));
    EXPECT_EQ(count(sdp, "a=ice-ufrag:serverufrag\r\n"), count(sdp, "m="));
    EXPECT_EQ(count(sdp, "a=candidate:1 1 udp 2130706431 192.0.2.9 8268 typ host\r\n"),
              count(sdp, "m="));
    EXPECT_EQ(count(sdp, "a=end-of-candidates\r\n"), count(sdp, "m="));
    EXPECT_THAT(sdp, HasSubstr("a=setup:passive\r\n"));
    EXPECT_THAT(sdp, HasSubstr("a=group:BUNDLE 0"));
    EXPECT_THAT(sdp, Not(HasSubstr("a=simulcast")));
    if (role == kSubscriber) {
      EXPECT_THAT(sdp, Not(HasSubstr("goog-remb")));
    }
    EXPECT_THAT(sdp, Not(HasSubstr("color-space")));
    EXPECT_THAT(sdp, Not(HasSubstr("m=video 0 ")));
    EXPECT_TRUE(result->data.has_value() || count(sdp, "m=application") == 0);
  }
}

INSTANTIATE_TEST_SUITE_P(Offers, EveryFixture,
                         ::testing::Values("aiortc-1.4-av.sdp", "aiortc-1.4-pub.sdp",
                                           "aiortc-1.4-sub.sdp",
                                           "chromium-156-pub-av-simulcast.sdp",
                                           "chromium-156-pub.sdp", "chromium-156-sub.sdp",
                                           "rtcpub-python-after-sdpupdate.sdp"));

TEST(Answer, TakesEveryKnownCodecOfAPublisherUnderItsOwnPayloadTypes) {
  const auto result = negotiate(fixture("aiortc-1.4-pub.sdp"), options(kPublisher));
  ASSERT_TRUE(result);
  ASSERT_EQ(result->media.sections.size(), 1U);
  const auto& video = result->media.sections[0];
  EXPECT_THAT(keys(video), ElementsAre("VP8", "H264/4200", "H264/42e0"));
  EXPECT_EQ(video.codecs[0].payloadType, 97);
  EXPECT_EQ(video.codecs[0].rtxPayloadType, 98);
  EXPECT_TRUE(video.active);
  EXPECT_NE(video.ssrc, 0U);
  EXPECT_NE(video.rtxSsrc, 0U);
  EXPECT_TRUE(result->feedback[0].nack);
  EXPECT_TRUE(result->feedback[0].pli);
  EXPECT_FALSE(result->feedback[0].transportCc);
  EXPECT_THAT(result->sdp, HasSubstr("a=recvonly"));
}

/// An offer with FlexFEC, and whatever else.
std::string fecOffer(const std::string& lines) {
  return smallOffer("m=video 9 UDP/TLS/RTP/SAVPF 96 97") +
         "a=rtpmap:97 flexfec-03/90000\r\na=fmtp:97 repair-window=10000000\r\n"
         "a=ssrc:21 cname:robot\r\na=ssrc:22 cname:robot\r\na=ssrc:21 msid:a b\r\n"
         "a=ssrc:22 msid:a b\r\n" +
         lines;
}

TEST(Answer, TakesTheFecOfAPublisherThatSaysWhereItComes) {
  const auto result = negotiate(fecOffer("a=ssrc-group:FEC-FR 21 22\r\n"), options(kPublisher));
  ASSERT_TRUE(result) << result.error().message;
  const auto& video = result->media.sections.at(0);
  EXPECT_EQ(video.ssrc, 21U);
  EXPECT_EQ(video.fecSsrc, 22U);
  EXPECT_EQ(video.fecPayloadType, 97);
  EXPECT_EQ(video.codecs.size(), 1U);
  EXPECT_THAT(result->sdp, HasSubstr("a=rtpmap:97 flexfec-03/90000"));
  EXPECT_THAT(result->sdp, HasSubstr("SAVPF 96 97\r\n"));
}

TEST(Answer, TakesNoFecWithoutItsSsrcAndNoneOfASubscriber) {
  const auto group = std::string("a=ssrc-group:FEC-FR 21 22\r\n");
  for (const auto& result : {negotiate(fecOffer(""), options(kPublisher)),
                             negotiate(fecOffer(group), options(kSubscriber))}) {
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_THAT(result->sdp, Not(HasSubstr("flexfec")));
    EXPECT_EQ(result->media.sections.at(0).fecPayloadType, -1);
    EXPECT_EQ(result->media.sections.at(0).fecSsrc, 0U);
  }
}

TEST(Answer, TakesOnlyTheCodecThatAPublisherIsAskedFor) {
  auto wanted = options(kPublisher);
  wanted.codec = VideoCodec::kH264;
  const auto result = negotiate(fixture("aiortc-1.4-pub.sdp"), wanted);
  ASSERT_TRUE(result);
  EXPECT_THAT(keys(result->media.sections[0]), ElementsAre("H264/4200", "H264/42e0"));
  EXPECT_THAT(result->sdp, Not(HasSubstr("VP8")));
}

TEST(Answer, LeavesOutH264WithoutPacketizationMode1) {
  const auto result = negotiate(fixture("chromium-156-pub-av-simulcast.sdp"), options(kPublisher));
  ASSERT_TRUE(result);
  EXPECT_THAT(keys(result->media.sections[0]),
              ElementsAre("VP8", "H264/4200", "H264/42e0", "H264/4d00", "VP9/0", "VP9/2"));
  EXPECT_THAT(result->sdp, Not(HasSubstr("packetization-mode=0")));
  EXPECT_TRUE(result->feedback[0].transportCc);
  EXPECT_TRUE(result->reducedSizeRtcp);
}

TEST(Answer, SendsASubscriberVideoUnderTheServersOwnSsrcs) {
  const auto result = negotiate(fixture("chromium-156-sub.sdp"), options(kSubscriber));
  ASSERT_TRUE(result);
  ASSERT_FALSE(result->media.sections.empty());
  const auto& sdp = result->sdp;
  EXPECT_THAT(sdp, HasSubstr("a=sendonly"));
  EXPECT_THAT(sdp, HasSubstr("a=ssrc-group:FID 11 12"));
  EXPECT_THAT(sdp, HasSubstr("a=ssrc:11 cname:rtcpub"));
  EXPECT_THAT(sdp, HasSubstr("a=msid:rtcpub-video video"));
  EXPECT_THAT(sdp, HasSubstr("playout-delay"));
}

TEST(Answer, NumbersPacketsForASubscriberThatReportsTheirArrival) {
  const auto browser = negotiate(fixture("chromium-156-sub.sdp"), options(kSubscriber));
  ASSERT_TRUE(browser);
  EXPECT_THAT(browser->sdp, HasSubstr("transport-cc"));
  EXPECT_THAT(browser->sdp, HasSubstr("transport-wide-cc"));
  auto mute = fixture("chromium-156-sub.sdp");
  for (auto at = mute.find("transport-cc"); at != mute.npos; at = mute.find("transport-cc")) {
    mute.replace(at, 12, "something");
  }
  const auto other = negotiate(mute, options(kSubscriber));
  ASSERT_TRUE(other);
  EXPECT_THAT(other->sdp, Not(HasSubstr("transport-wide-cc")));
}

TEST(Answer, KeepsTheLegacyFormOfTheDataSection) {
  const auto legacy = negotiate(fixture("aiortc-1.4-pub.sdp"), options(kPublisher));
  ASSERT_TRUE(legacy);
  EXPECT_THAT(legacy->sdp, HasSubstr("DTLS/SCTP 5000"));
  EXPECT_THAT(legacy->sdp, HasSubstr("a=sctpmap:5000 webrtc-datachannel"));
  EXPECT_EQ(legacy->data->maxMessageSize, 65536U);
  const auto modern = negotiate(smallOffer("m=application 9 UDP/DTLS/SCTP webrtc-datachannel") +
                                    "a=sctp-port:5001\r\na=max-message-size:1000000\r\n",
                                options(kPublisher));
  ASSERT_TRUE(modern) << modern.error().message;
  EXPECT_THAT(modern->sdp, HasSubstr("UDP/DTLS/SCTP webrtc-datachannel"));
  EXPECT_THAT(modern->sdp, HasSubstr("a=sctp-port:5000"));
  EXPECT_EQ(modern->data->port, 5001);
  EXPECT_EQ(modern->data->maxMessageSize, 262144U);
}

TEST(Answer, StartsDtlsWhenTheClientWaitsForIt) {
  const auto result =
      negotiate(replaced(smallOffer(), "a=setup:actpass", "a=setup:passive"), options(kPublisher));
  ASSERT_TRUE(result);
  EXPECT_THAT(result->sdp, HasSubstr("a=setup:active"));
}

TEST(Answer, AnswersASecondVideoSectionAsInactiveInTheBundle) {
  auto offer = smallOffer();
  const auto section = offer.substr(offer.find("m=video"));
  offer = replaced(offer, "BUNDLE 0", "BUNDLE 0 1") + replaced(section, "a=mid:0", "a=mid:1");
  const auto result = negotiate(offer, options(kPublisher));
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->media.sections.size(), 1U);
  EXPECT_EQ(count(result->sdp, "a=inactive"), 1);
  EXPECT_THAT(result->sdp, HasSubstr("a=group:BUNDLE 0 1"));
}

TEST(Answer, BundlesTheSectionsOfAPeerThatDoesNotOfferTo) {
  const auto offer = replaced(fixture("aiortc-1.4-pub.sdp"), "a=group:BUNDLE 0 1\r\n", "");
  const auto result = negotiate(offer, options(kPublisher));
  ASSERT_TRUE(result);
  EXPECT_THAT(result->sdp, HasSubstr("a=group:BUNDLE 0 1"));
}

TEST(Answer, SendsNothingToASubscriberThatOnlySends) {
  const auto result =
      negotiate(replaced(smallOffer(), "a=sendrecv", "a=sendonly"), options(kSubscriber));
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->media.sections.empty());
  EXPECT_THAT(result->sdp, HasSubstr("a=inactive"));
}

TEST(Answer, SaysWhatWasOfferedAndWhatIsKnownWithoutACommonCodec) {
  for (const auto role : {kPublisher, kSubscriber}) {
    const auto result =
        negotiate(smallOffer("m=video 9 UDP/TLS/RTP/SAVPF 96", "AV1/90000"), options(role));
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::kUnsupported);
    EXPECT_THAT(result.error().message, HasSubstr("AV1"));
    EXPECT_THAT(result.error().message, HasSubstr("VP8"));
  }
}

TEST(Answer, LeavesOutPayloadTypesThatRtcpNeeds) {
  const auto result =
      negotiate(replaced(smallOffer("m=video 9 UDP/TLS/RTP/SAVPF 72"), "rtpmap:96", "rtpmap:72"),
                options(kPublisher));
  EXPECT_FALSE(result);
}

TEST(Offer, TellsTheFirstSectionsTransport) {
  const auto offer = Offer::parse(fixture("aiortc-1.4-sub.sdp"));
  ASSERT_TRUE(offer);
  EXPECT_EQ(offer->ice(), (IceCredentials{"QxqM", "dNzFQGN6BbkBsgUYZQyyRq"}));
  EXPECT_EQ(offer->fingerprint().algorithm, "sha-256");
  EXPECT_EQ(offer->fingerprint().digest.size(), 32U);
  EXPECT_FALSE(offer->waitsForDtls());
}

struct Broken {
  const char* name;
  std::string sdp;
  const char* says;
};

class BrokenOffer : public ::testing::TestWithParam<Broken> {};

TEST_P(BrokenOffer, IsRefusedInWords) {
  const auto offer = Offer::parse(GetParam().sdp);
  ASSERT_FALSE(offer);
  EXPECT_EQ(offer.error().code, ErrorCode::kProtocol);
  EXPECT_THAT(offer.error().message, HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    Offers, BrokenOffer,
    ::testing::Values(
        Broken{"Empty", "", "no valid SDP"}, Broken{"Garbage", "garbage", "no valid SDP"},
        Broken{"NoSection", "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n",
               "no media section"},
        Broken{"Rejected", smallOffer("m=video 0 UDP/TLS/RTP/SAVPF 96"), "rejected"},
        Broken{"NoUfrag", replaced(smallOffer(), "a=ice-ufrag:abcd\r\n", ""), "ICE"},
        Broken{"NoFingerprint", replaced(smallOffer(), "a=fingerprint", "a=x-fingerprint"),
               "fingerprint"},
        Broken{"ShortFingerprint", replaced(smallOffer(), ":C6:E0:AC", ""), "fingerprint"},
        Broken{"OddProtocol", smallOffer("m=video 9 FOO 96"), "neither RTP nor SCTP"},
        Broken{"RtpData", smallOffer("m=application 9 UDP/TLS/RTP/SAVPF 96"),
               "neither RTP nor SCTP"},
        Broken{"SctpOfAnUnknownKind", smallOffer("m=text 9 DTLS/SCTP 5000"),
               "neither RTP nor SCTP"},
        Broken{"ZeroByte", smallOffer() + std::string(1, '\0'), "zero byte"},
        Broken{"Large", smallOffer() + std::string(300000, 'a'), "larger than"}),
    [](const auto& broken) { return broken.param.name; });

TEST(Offer, IgnoresAThousandCandidates) {
  std::string offer = smallOffer();
  for (int i = 0; i < 1000; ++i) {
    offer += "a=candidate:" + std::to_string(i) + " 1 udp 1 192.0.2.2 5000 typ host\r\n";
  }
  EXPECT_TRUE(negotiate(offer, options(kPublisher)));
}

TEST(Offer, SurvivesEveryTruncationAndEveryFlippedByte) {
  for (const auto& whole : {smallOffer(), fixture("aiortc-1.4-pub.sdp")}) {
    for (std::size_t i = 0; i < whole.size(); i += 3) {
      (void)negotiate(whole.substr(0, i), options(kPublisher));
      std::string flipped = whole;
      flipped[i] = static_cast<char>(flipped[i] ^ 0x15);
      (void)negotiate(flipped, options(kSubscriber));
    }
  }
}

}  // namespace
}  // namespace rtcpub::sfu
