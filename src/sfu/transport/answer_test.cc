#include "sfu/transport/answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sfu/transport/offers_fixture.h"

namespace rtcpub::sfu {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::string> codecs(const MediaSection& section) {
  std::vector<std::string> all;
  for (const auto& codec : section.codecs) all.push_back(shortName(codec.codec));
  return all;
}

TEST(Answer, TakesEveryKnownCodecOfAPublisherUnderItsOwnPayloadTypes) {
  const auto result = negotiate(fixture("aiortc-1.4-pub.sdp"), options(kPublisher));
  ASSERT_TRUE(result);
  ASSERT_EQ(result->media.sections.size(), 1U);
  const auto& video = result->media.sections[0];
  EXPECT_THAT(codecs(video), ElementsAre("VP8", "H264/4200", "H264/42e0"));
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

TEST(Answer, TakesNoFecWithoutItsSsrcAndNoneOfAViewer) {
  const auto group = std::string("a=ssrc-group:FEC-FR 21 22\r\n");
  for (const auto& result : {negotiate(fecOffer(""), options(kPublisher)),
                             negotiate(fecOffer(group), options(kViewer))}) {
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
  EXPECT_THAT(codecs(result->media.sections[0]), ElementsAre("H264/4200", "H264/42e0"));
  EXPECT_THAT(result->sdp, Not(HasSubstr("VP8")));
}

TEST(Answer, LeavesOutH264WithoutPacketizationMode1) {
  const auto result = negotiate(fixture("chromium-156-pub-av-simulcast.sdp"), options(kPublisher));
  ASSERT_TRUE(result);
  EXPECT_THAT(codecs(result->media.sections[0]),
              ElementsAre("VP8", "H264/4200", "H264/42e0", "H264/4d00", "VP9/0", "VP9/2"));
  EXPECT_THAT(result->sdp, Not(HasSubstr("packetization-mode=0")));
  EXPECT_TRUE(result->feedback[0].transportCc);
  EXPECT_TRUE(result->reducedSizeRtcp);
}

std::string h264Offer(const std::string& parameters) {
  return smallOffer("m=video 9 UDP/TLS/RTP/SAVPF 96", "H264/90000") +
         "a=fmtp:96 profile-level-id=42e01f" + parameters + "\r\n";
}

TEST(Answer, TakesH264OfEitherPacketizationModeOfAPublisher) {
  for (const std::string mode : {"", ";packetization-mode=0", ";packetization-mode=1"}) {
    const auto result = negotiate(h264Offer(mode), options(kPublisher));
    ASSERT_TRUE(result) << mode << result.error().message;
    EXPECT_THAT(codecs(result->media.sections[0]), ElementsAre("H264/42e0"));
    EXPECT_EQ(count(result->sdp, "packetization-mode"), mode.empty() ? 0 : 1);
    EXPECT_THAT(result->sdp, HasSubstr(mode.substr(mode.empty() ? 0 : 1)));
  }
}

TEST(Answer, LeavesOutH264WhoseProfileIsNone) {
  for (const std::string profile : {"", "42e0", "42e01f1f", "zz0000", "-42e01", "0x42e0"}) {
    const auto result =
        negotiate(smallOffer("m=video 9 UDP/TLS/RTP/SAVPF 96 97") +
                      "a=rtpmap:97 H264/90000\r\na=fmtp:97 profile-level-id=" + profile + "\r\n",
                  options(kPublisher));
    ASSERT_TRUE(result) << profile << result.error().message;
    EXPECT_THAT(codecs(result->media.sections[0]), ElementsAre("VP8")) << profile;
  }
}

/// What publishers send has fragments, which mode 0 can't carry.
TEST(Answer, SendsNoH264ToAViewerThatSaysModeZeroOnly) {
  EXPECT_TRUE(negotiate(h264Offer(""), options(kViewer)));
  EXPECT_TRUE(negotiate(h264Offer(";packetization-mode=1"), options(kViewer)));
  const auto result = negotiate(h264Offer(";packetization-mode=0"), options(kViewer));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(result.error().message, HasSubstr("packetization-mode=1"));
}

TEST(Answer, SendsAViewerVideoUnderTheServersOwnSsrcs) {
  const auto result = negotiate(fixture("chromium-156-sub.sdp"), options(kViewer));
  ASSERT_TRUE(result);
  ASSERT_FALSE(result->media.sections.empty());
  const auto& sdp = result->sdp;
  EXPECT_THAT(sdp, HasSubstr("a=sendonly"));
  EXPECT_THAT(sdp, HasSubstr("a=ssrc-group:FID 11 12"));
  EXPECT_THAT(sdp, HasSubstr("a=ssrc:11 cname:rtcpub"));
  EXPECT_THAT(sdp, HasSubstr("a=msid:rtcpub-video video"));
  EXPECT_THAT(sdp, HasSubstr("playout-delay"));
}

TEST(Answer, NumbersPacketsForAViewerThatReportsTheirArrival) {
  const auto browser = negotiate(fixture("chromium-156-sub.sdp"), options(kViewer));
  ASSERT_TRUE(browser);
  EXPECT_THAT(browser->sdp, HasSubstr("transport-cc"));
  EXPECT_THAT(browser->sdp, HasSubstr("transport-wide-cc"));
  auto mute = fixture("chromium-156-sub.sdp");
  for (auto at = mute.find("transport-cc"); at != mute.npos; at = mute.find("transport-cc")) {
    mute.replace(at, 12, "something");
  }
  const auto other = negotiate(mute, options(kViewer));
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

TEST(Answer, SendsNothingToAViewerThatOnlySends) {
  const auto result =
      negotiate(replaced(smallOffer(), "a=sendrecv", "a=sendonly"), options(kViewer));
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->media.sections.empty());
  EXPECT_THAT(result->sdp, HasSubstr("a=inactive"));
}

TEST(Answer, SaysWhatWasOfferedAndWhatIsKnownWithoutACommonCodec) {
  for (const auto rights : {kPublisher, kViewer}) {
    const auto result =
        negotiate(smallOffer("m=video 9 UDP/TLS/RTP/SAVPF 96", "AV1/90000"), options(rights));
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

TEST(Offer, IgnoresSixtyFourCandidatesAndRefusesMore) {
  const std::string candidate = "a=candidate:1 1 udp 1 192.0.2.2 5000 typ host\r\n";
  std::string offer = smallOffer();
  for (int i = 0; i < 64; ++i) offer += candidate;
  EXPECT_TRUE(negotiate(offer, options(kPublisher)));
  const auto refused = negotiate(offer + candidate, options(kPublisher));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kProtocol);
  EXPECT_THAT(refused.error().message,
              ::testing::HasSubstr("says more than is read: line 80 \"a=candidate:1 1 udp"));
}

TEST(Offer, SurvivesEveryTruncationAndEveryFlippedByte) {
  for (const auto& whole : {smallOffer(), fixture("aiortc-1.4-pub.sdp")}) {
    for (std::size_t i = 0; i < whole.size(); i += 3) {
      (void)negotiate(whole.substr(0, i), options(kPublisher));
      std::string flipped = whole;
      flipped[i] = static_cast<char>(flipped[i] ^ 0x15);
      (void)negotiate(flipped, options(kViewer));
    }
  }
}

}  // namespace
}  // namespace rtcpub::sfu
