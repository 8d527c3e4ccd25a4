#include <gmock/gmock.h>

#include "sfu/transport/offers_fixture.h"

// Offers of real peers, and offers that are odd or broken in one place.

namespace rtcpub::sfu {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string inShort(const Feedback& feedback) {
  return std::string(feedback.nack ? " +nack" : "") + (feedback.pli ? "+pli" : "") +
         (feedback.fir ? "+fir" : "") + (feedback.transportCc ? "+cc" : "") + "; ";
}

/// What was negotiated, in short: "kind mid ssrc/rtx key=payload type/RTX's … +nack+pli…".
std::string inShort(const Negotiation& negotiation) {
  std::ostringstream text;
  for (std::size_t i = 0; i < negotiation.media.sections.size(); ++i) {
    const auto& section = negotiation.media.sections[i];
    text << (section.kind == MediaKind::kVideo ? "video " : "audio ") << section.mid << " "
         << section.ssrc << "/" << section.rtxSsrc;
    for (const auto& codec : section.codecs) {
      text << " " << shortName(codec.codec) << "=" << codec.payloadType;
      if (codec.rtxPayloadType >= 0) text << "/" << codec.rtxPayloadType;
    }
    text << inShort(negotiation.feedback[i]);
  }
  if (negotiation.data) {
    text << "data " << negotiation.data->port << "/" << negotiation.data->maxMessageSize;
  }
  return text.str();
}

struct Real {
  const char* file;
  Rights rights;
  const char* negotiated;
};

class RealOffer : public ::testing::TestWithParam<Real> {};

TEST_P(RealOffer, IsAnsweredRight) {
  const auto result = negotiate(fixture(GetParam().file), options(GetParam().rights));
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(inShort(*result), GetParam().negotiated);
  for (const char* codec : {"AV1/", "H265/", "red/", "ulpfec/", "packetization-mode=0"}) {
    EXPECT_THAT(result->sdp, Not(HasSubstr(codec)));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Offers, RealOffer,
    ::testing::Values(
        Real{"aiortc-1.11-sub.sdp", kViewer,
             "video 0 11/12 VP8=97/98 H264/4200=99/100 H264/42e0=101/102 +nack+pli; audio "
             "1 13/0 opus=96; data 5000/65536"},
        Real{"aiortc-1.16-pub.sdp", kPublisher,
             "video 0 930072375/1779570678 VP8=97/98 H264/4200=99/100 H264/42e0=101/102 "
             "+nack+pli; data 5000/262144"},
        Real{"aiortc-1.16-sub.sdp", kViewer,
             "video 0 11/12 VP8=97/98 H264/4200=99/100 H264/42e0=101/102 +nack+pli; data "
             "5000/262144"},
        Real{"aiortc-1.4-av.sdp", kPublisher,
             "video 0 87706395/1659153513 VP8=97/98 H264/4200=99/100 H264/42e0=101/102 "
             "+nack+pli; audio 1 592478291/0 opus=96; data 5000/65536"},
        Real{"aiortc-1.4-pub.sdp", kPublisher,
             "video 0 2358705464/2453154096 VP8=97/98 H264/4200=99/100 H264/42e0=101/102 "
             "+nack+pli; data 5000/65536"},
        Real{"aiortc-1.4-sub.sdp", kViewer,
             "video 0 11/12 VP8=97/98 H264/4200=99/100 H264/42e0=101/102 +nack+pli; data "
             "5000/65536"},
        Real{"chromium-156-pub-av-simulcast.sdp", kPublisher,
             "video 0 0/0 VP8=96/97 H264/4200=102/103 H264/42e0=108/109 H264/4d00=116/117 "
             "VP9/0=98/99 VP9/2=100/101 +nack+pli+fir+cc; audio 1 1299946909/0 "
             "opus=111+cc; "},
        Real{"chromium-156-pub.sdp", kPublisher,
             "video 0 586354235/2588021380 VP8=96/97 H264/4200=102/103 H264/42e0=108/109 "
             "H264/4d00=116/117 VP9/0=98/99 VP9/2=100/101 +nack+pli+fir+cc; data "
             "5000/262144"},
        Real{"chromium-156-sub.sdp", kViewer,
             "video 0 11/12 VP8=96/97 VP9/0=98/99 VP9/2=100/101 VP9/1=35/36 VP9/3=37/38 "
             "H264/4200=102/103 H264/42e0=108/109 H264/4d00=116/117 H264/f400=41/42 "
             "+nack+pli+fir+cc; audio 1 13/0 opus=111+cc; data 5000/262144"},
        Real{"ffmpeg-8.1-whip-pub.sdp", kPublisher,
             "video 1 2544161472/2544161473 H264/4200=106/105 +nack; "},
        Real{"firefox-esr-153-pub.sdp", kPublisher,
             "video 0 3154666566/1645223197 VP8=120/124 VP9/0=121/125 +nack+pli+fir+cc; "
             "data 5000/262144"},
        Real{"firefox-esr-153-sub-vp8-preferred.sdp", kViewer,
             "video 0 11/12 VP8=120/124 +nack+pli+fir+cc; data 5000/262144"},
        Real{"firefox-esr-153-sub.sdp", kViewer,
             "video 0 11/12 VP8=120/124 VP9/0=121/125 +nack+pli+fir+cc; data 5000/262144"},
        Real{"gstreamer-1.22-pub-h264.sdp", kPublisher,
             "video video0 3617868409/1675324758 H264/42c0=96/97 +nack+pli+fir; data "
             "5000/65536"},
        Real{"gstreamer-1.22-sub-h264.sdp", kViewer,
             "video video0 11/12 H264/42e0=96/97 +nack+pli+fir; data 5000/65536"},
        Real{"node-datachannel-0.33-pub.sdp", kPublisher,
             "video 0 42/0 H264/42e0=102 VP8=96/97 +nack+pli; data 5000/262144"},
        Real{"node-datachannel-0.33-sub.sdp", kViewer,
             "video 0 11/12 H264/42e0=102 VP8=96/97 +nack+pli; data 5000/262144"},
        Real{"pion-4.2-pub.sdp", kPublisher,
             "video 0 2744098837/2925370872 VP8=96/97 H264/4200=102/103 H264/42e0=106/107 "
             "H264/4d00=127/125 VP9/0=98/99 VP9/2=100/101 H264/6400=112/113 "
             "+nack+pli+fir+cc; data 5000/262144"},
        Real{"pion-4.2-sub.sdp", kViewer,
             "video 0 11/12 VP8=96/97 H264/4200=102/103 H264/42e0=106/107 "
             "H264/4d00=127/125 VP9/0=98/99 VP9/2=100/101 H264/6400=112/113 "
             "+nack+pli+fir+cc; data 5000/262144"},
        Real{"roamhq-wrtc-0.10-pub.sdp", kPublisher,
             "video 0 3623943409/788192642 VP8=96/97 VP9/0=98/99 VP9/2=100/101 "
             "+nack+pli+fir+cc; data 5000/262144"},
        Real{"roamhq-wrtc-0.10-sub.sdp", kViewer,
             "video 0 11/12 VP8=96/97 VP9/0=98/99 VP9/2=100/101 VP9/1=35/36 VP9/3=37/38 "
             "+nack+pli+fir+cc; data 5000/262144"},
        Real{"rtcpub-python-after-sdpupdate.sdp", kPublisher,
             "video 0 2358705464/2453154096 VP8=97/98 H264/4200=99/100 H264/42e0=101/102 "
             "+nack+pli; data 5000/65536"},
        Real{"simple-whip-client-2024-pub.sdp", kPublisher,
             "video video0 1/0 H264/42c0=96+pli+fir; "},
        Real{"str0m-0.25-pub-snap.sdp", kPublisher,
             "video B2R 1058097064/4190792181 VP8=96/97 H264/4200=127/121 "
             "H264/42e0=108/109 H264/4d00=123/119 H264/6400=114/115 VP9/0=98/99 "
             "VP9/2=100/101 +nack+pli+fir+cc; data 5000/262144"},
        Real{"str0m-0.25-pub.sdp", kPublisher,
             "video eXo 4159427752/2507224683 VP8=96/97 H264/4200=127/121 "
             "H264/42e0=108/109 H264/4d00=123/119 H264/6400=114/115 VP9/0=98/99 "
             "VP9/2=100/101 +nack+pli+fir+cc; data 5000/262144"},
        Real{"str0m-0.25-sub-snap.sdp", kViewer,
             "video 2XM 11/12 VP8=96/97 H264/4200=127/121 H264/42e0=108/109 "
             "H264/4d00=123/119 H264/6400=114/115 VP9/0=98/99 VP9/2=100/101 "
             "+nack+pli+fir+cc; data 5000/262144"},
        Real{"str0m-0.25-sub.sdp", kViewer,
             "video uBg 11/12 VP8=96/97 H264/4200=127/121 H264/42e0=108/109 "
             "H264/4d00=123/119 H264/6400=114/115 VP9/0=98/99 VP9/2=100/101 "
             "+nack+pli+fir+cc; data 5000/262144"},
        Real{"werift-0.25-pub.sdp", kPublisher,
             "video 0 762570647/0 VP8=98 +nack+pli; data 5000/65536"},
        Real{"werift-0.25-sub.sdp", kViewer, "video 0 11/0 VP8=98 +nack+pli; data 5000/65536"}));

/// Every fixture, with either kind of rights.
class EveryOffer : public ::testing::TestWithParam<std::tuple<Real, Rights>> {};

TEST_P(EveryOffer, IsAnsweredOnOneTransport) {
  const auto [real, rights] = GetParam();
  const auto offer = fixture(real.file);
  const auto result = negotiate(offer, options(rights));
  ASSERT_TRUE(result) << result.error().message;
  const auto& sdp = result->sdp;
  const int sections = count(sdp, "\r\nm=");
  EXPECT_EQ(sections, count(offer, "\nm="));
  EXPECT_THAT(sdp, HasSubstr("a=ice-lite\r\n"));
  EXPECT_EQ(count(sdp, "a=ice-ufrag:serverufrag\r\n"), sections);
  EXPECT_EQ(count(sdp, "a=fingerprint:sha-256 AB:AB"), sections);
  EXPECT_EQ(count(sdp, "a=setup:passive\r\n"), sections);
  EXPECT_EQ(count(sdp, "a=end-of-candidates\r\n"), sections);
  EXPECT_THAT(sdp, Not(HasSubstr("m=video 0 ")));
  // GStreamer lets a section of its bundle have port 0 (RFC 8843 section 6).
  EXPECT_THAT(sdp, Not(HasSubstr("m=application 0 ")));
  EXPECT_EQ(count(sdp, "a=group:BUNDLE "), sections > 1 || count(offer, "a=group:BUNDLE") == 1);
  EXPECT_TRUE(result->data.has_value() || count(sdp, "m=application") == 0);
}

TEST_P(EveryOffer, IsNotAnsweredWithWhatTheServerDoesNotDo) {
  const auto [real, rights] = GetParam();
  const auto result = negotiate(fixture(real.file), options(rights));
  ASSERT_TRUE(result) << result.error().message;
  for (const char* what : {"cryptex", "sctp-init", "rtcp-xr", "color-space", "extmap-allow-mixed",
                           "a=framerate", "a=end-of-candidates\r\na=end-of-candidates"}) {
    EXPECT_THAT(result->sdp, Not(HasSubstr(what)));
  }
  if (rights == kViewer) {
    EXPECT_THAT(result->sdp, Not(HasSubstr("goog-remb")));
  }
  // Feedback about packets that carry no number would never come.
  EXPECT_EQ(count(result->sdp, " transport-cc\r\n") > 0,
            count(result->sdp, "transport-wide-cc") > 0);
}

TEST_P(EveryOffer, IsToldTheAddressesInTheirOrderUdpFirst) {
  const auto [real, rights] = GetParam();
  auto wanted = options(rights);
  wanted.tcp = {{"192.0.2.9"}, 8267};
  const auto result = negotiate(fixture(real.file), wanted);
  ASSERT_TRUE(result) << result.error().message;
  // FFmpeg tries no other than the first.
  EXPECT_EQ(count(result->sdp,
                  "a=candidate:1 1 udp 2130706431 192.0.2.9 8268 typ host\r\n"
                  "a=candidate:2 1 udp 2130706175 2001:db8::9 8268 typ host\r\n"
                  "a=candidate:3 1 tcp 1520435199 192.0.2.9 8267 typ host tcptype passive\r\n"
                  "a=end-of-candidates\r\n"),
            count(result->sdp, "\r\nm="));
  EXPECT_EQ(count(result->sdp, "a=candidate:"), 3 * count(result->sdp, "\r\nm="));
}

constexpr const char* kEveryFile[] = {"aiortc-1.11-sub.sdp",
                                      "aiortc-1.16-pub.sdp",
                                      "aiortc-1.16-sub.sdp",
                                      "aiortc-1.4-av.sdp",
                                      "aiortc-1.4-pub.sdp",
                                      "aiortc-1.4-sub.sdp",
                                      "chromium-156-pub-av-simulcast.sdp",
                                      "chromium-156-pub.sdp",
                                      "chromium-156-sub.sdp",
                                      "ffmpeg-8.1-whip-pub.sdp",
                                      "firefox-esr-153-pub.sdp",
                                      "firefox-esr-153-sub-vp8-preferred.sdp",
                                      "firefox-esr-153-sub.sdp",
                                      "gstreamer-1.22-pub-h264.sdp",
                                      "gstreamer-1.22-sub-h264.sdp",
                                      "node-datachannel-0.33-pub.sdp",
                                      "node-datachannel-0.33-sub.sdp",
                                      "pion-4.2-pub.sdp",
                                      "pion-4.2-sub.sdp",
                                      "roamhq-wrtc-0.10-pub.sdp",
                                      "roamhq-wrtc-0.10-sub.sdp",
                                      "rtcpub-python-after-sdpupdate.sdp",
                                      "simple-whip-client-2024-pub.sdp",
                                      "str0m-0.25-pub-snap.sdp",
                                      "str0m-0.25-pub.sdp",
                                      "str0m-0.25-sub-snap.sdp",
                                      "str0m-0.25-sub.sdp",
                                      "werift-0.25-pub.sdp",
                                      "werift-0.25-sub.sdp"};

INSTANTIATE_TEST_SUITE_P(Offers, EveryOffer,
                         ::testing::Combine(::testing::ValuesIn([] {
                                              std::vector<Real> all;
                                              for (const char* file : kEveryFile) {
                                                all.push_back({file, kPublisher, ""});
                                              }
                                              return all;
                                            }()),
                                            ::testing::Values(kPublisher, kViewer)));

TEST(RealOffers, StartDtlsAsTheySay) {
  EXPECT_FALSE(Offer::parse(fixture("ffmpeg-8.1-whip-pub.sdp"))->waitsForDtls());
  EXPECT_TRUE(
      Offer::parse(replaced(fixture("ffmpeg-8.1-whip-pub.sdp"), "setup:active", "setup:passive"))
          ->waitsForDtls());
}

TEST(RealOffers, GetAllTheirSimulcastLayersAccepted) {
  const auto simulcast = fixture("chromium-156-pub-av-simulcast.sdp");
  const auto result = negotiate(simulcast, options(kPublisher));
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_THAT(result->media.sections.at(0).rids, ::testing::ElementsAre("q", "h", "f"));
  EXPECT_THAT(result->sdp, HasSubstr("a=rid:q recv\r\na=rid:h recv\r\na=rid:f recv\r\n"));
  EXPECT_THAT(result->sdp, HasSubstr("a=simulcast:recv q;h;f\r\n"));
  EXPECT_THAT(result->sdp, HasSubstr("sdes:rtp-stream-id"));
  EXPECT_THAT(result->sdp, HasSubstr("sdes:repaired-rtp-stream-id"));
  // One layer is no simulcast, and without their header extension they can't be told apart.
  for (const auto& none : {replaced(simulcast, "send q;h;f", "send f"),
                           replaced(simulcast, "sdes:rtp-stream-id", "sdes:something")}) {
    const auto plain = negotiate(none, options(kPublisher));
    ASSERT_TRUE(plain) << plain.error().message;
    EXPECT_TRUE(plain->media.sections.at(0).rids.empty());
    EXPECT_THAT(plain->sdp, Not(HasSubstr("simulcast")));
    EXPECT_THAT(plain->sdp, Not(HasSubstr("rtp-stream-id")));
  }
  EXPECT_THAT(negotiate(replaced(simulcast, "a=sendonly", "a=sendrecv"), options(kViewer))->sdp,
              Not(HasSubstr("simulcast")));
}

TEST(RealOffers, KeepTheLegacyFormOfTheDataSection) {
  const auto result = negotiate(fixture("aiortc-1.11-sub.sdp"), options(kViewer));
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_THAT(result->sdp, HasSubstr("m=application 9 DTLS/SCTP 5000\r\n"));
  EXPECT_THAT(result->sdp, HasSubstr("a=sctpmap:5000 webrtc-datachannel"));
  EXPECT_THAT(result->sdp, Not(HasSubstr("sctp-port")));
}

// --- what is taken

struct Odd {
  const char* name;
  std::string sdp;
};

class OddOffer : public ::testing::TestWithParam<Odd> {};

TEST_P(OddOffer, IsTakenAsTheSameWithoutItsOddity) {
  const auto result = negotiate(GetParam().sdp, options(kPublisher));
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->sdp, negotiate(smallOffer(), options(kPublisher))->sdp);
}

INSTANTIATE_TEST_SUITE_P(
    Offers, OddOffer,
    ::testing::Values(
        Odd{"FeedbackOfUnknownPayloadType", smallOffer() + "a=rtcp-fb:121 nack pli\r\n"},
        Odd{"ParametersOfUnknownPayloadType", smallOffer() + "a=fmtp:121 max-fs=12288\r\n"},
        Odd{"MappingOfUnknownPayloadType", smallOffer() + "a=rtpmap:121 VP9/90000\r\n"},
        Odd{"FormatWithoutMapping", smallOffer("m=video 9 UDP/TLS/RTP/SAVPF 96 97 300 x")},
        Odd{"MappingThatIsNone",
            smallOffer("m=video 9 UDP/TLS/RTP/SAVPF 96 97") + "a=rtpmap:97 VP9\r\n"},
        Odd{"SecondMapping", smallOffer() + "a=rtpmap:96 VP9/90000\r\n"},
        Odd{"MalformedCandidate", smallOffer() + "a=candidate:1 1 udp x\r\n"},
        Odd{"EmptyLastLine", smallOffer() + "\r\n"},
        Odd{"NoLastLineEnd", smallOffer().substr(0, smallOffer().size() - 2)},
        Odd{"ByteOrderMark", "\xEF\xBB\xBF" + smallOffer()},
        Odd{"LineFeedsOnly", replaced(smallOffer(), "\r\n", "\n")},
        Odd{"SpacesAtTheEnd", replaced(smallOffer(), "\r\n", " \r\n")},
        Odd{"NoNameNoTime", replaced(replaced(smallOffer(), "s=-\r\n", ""), "t=0 0\r\n", "")},
        Odd{"UnknownHash", smallOffer() + "a=fingerprint:sha3-256 AA:BB\r\n"},
        Odd{"HashOfOldAndWrongSize", smallOffer() + "a=fingerprint:sha-512 AA:BB\r\n"},
        Odd{"UnknownSetup", smallOffer() + "a=setup:maybe\r\n"},
        Odd{"BandwidthInWords", smallOffer() + "b=AS:plenty\r\nb=TIAS\r\n"},
        Odd{"Multicast", replaced(smallOffer(), "c=IN IP4 0.0.0.0", "c=IN IP4 224.2.1.1/127")},
        Odd{"SourceWithoutAttribute", smallOffer() + "a=ssrc:1\r\na=ssrc:x cname:y\r\n"},
        Odd{"SourceTwiceInAGroup", smallOffer() + "a=ssrc-group:FID 1 1\r\n"},
        Odd{"SimulcastOfADraft", smallOffer() + "a=simulcast: send rid=q;h\r\n"},
        Odd{"PacketTimesThatDisagree", smallOffer() + "a=ptime:60\r\na=maxptime:x\r\n"},
        Odd{"KeysOfAnotherKind", smallOffer() + "a=crypto:1 AES_CM_128 inline:x\r\n"},
        Odd{"NamelessAttributes", smallOffer() + "a=\r\na=:\r\nx=y\r\nnonsense\r\n"}),
    [](const auto& odd) { return odd.param.name; });

TEST(Offer, TakesTheStrongestOfSeveralFingerprints) {
  const std::string sha1 = "a=fingerprint:sha-1 " + std::string("11") + [] {
    std::string rest;
    for (int i = 1; i < 20; ++i) rest += ":11";
    return rest;
  }() + "\r\n";
  const auto right = Offer::parse(smallOffer())->fingerprint();
  for (const auto& sdp :
       {smallOffer() + sha1, replaced(smallOffer(), kFingerprint, sha1 + kFingerprint)}) {
    const auto offer = Offer::parse(sdp);
    ASSERT_TRUE(offer) << offer.error().message;
    EXPECT_EQ(offer->fingerprint(), right);
  }
  EXPECT_EQ(Offer::parse(replaced(smallOffer(), kFingerprint, sha1))->fingerprint().algorithm,
            "sha-1");
}

/// Sections that can't be used stand rejected beside one that can.
TEST(Offer, IsTakenBesideSectionsThatCanNot) {
  for (const std::string line :
       {"m=audio 0 RTP/AVP", "m=application 50000 UDP/BFCP *", "m=audio 9 UDP/TLS/RTP/SAVPF 96",
        "m=image 9 udptl t38", "m=text 9 DTLS/SCTP 5000",
        "m=application 9 UDP/TLS/RTP/SAVPF 100"}) {
    const auto result =
        negotiate(smallOffer() + line + "\r\na=mid:odd\r\na=fmtp:1 x\r\n", options(kPublisher));
    ASSERT_TRUE(result) << line << ": " << result.error().message;
    EXPECT_EQ(result->media.sections.size(), 1U);
    EXPECT_THAT(result->sdp, HasSubstr("a=group:BUNDLE 0\r\n"));
    const auto fields = line.substr(0, line.find(' '));
    EXPECT_THAT(result->sdp, HasSubstr("\r\n" + fields + " 0 "));
    EXPECT_EQ(count(result->sdp, "a=end-of-candidates"), 1);
  }
  const auto bfcp =
      negotiate(smallOffer() + "m=application 50000 UDP/BFCP *\r\n", options(kPublisher));
  EXPECT_THAT(bfcp->sdp, HasSubstr("\r\nm=application 0 UDP/BFCP *\r\n"));
}

TEST(Offer, IsTakenWhenAllSectionsButOneAreRejected) {
  const auto offer =
      replaced(fixture("chromium-156-pub.sdp"), "a=group:BUNDLE 0 1", "a=group:BUNDLE 1");
  const auto mLine = offer.find("m=video ") + 8;
  const auto stopped = offer.substr(0, mLine) + "0" + offer.substr(offer.find(' ', mLine));
  const auto result = negotiate(stopped, options(kPublisher));
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_THAT(result->sdp, HasSubstr("m=video 0 "));
  EXPECT_THAT(result->sdp, HasSubstr("a=group:BUNDLE 1\r\n"));
  EXPECT_TRUE(result->media.sections.empty());
  EXPECT_TRUE(result->data);
}

TEST(Offer, WithNothingLiveCanBeAnsweredThoughNotConnected) {
  const auto offer =
      Offer::parse(replaced(smallOffer("m=video 0 UDP/TLS/RTP/SAVPF 96"), "BUNDLE 0", "BUNDLE"));
  ASSERT_TRUE(offer) << offer.error().message;
  EXPECT_FALSE(offer->checkLive());
  const auto result = answer(*offer, options(kPublisher));
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_THAT(result->sdp, HasSubstr("m=video 0 UDP/TLS/RTP/SAVPF 96\r\n"));
  EXPECT_THAT(result->sdp, HasSubstr("a=group:BUNDLE\r\n"));
  EXPECT_THAT(result->sdp, Not(HasSubstr("a=candidate")));
  EXPECT_TRUE(result->media.sections.empty());
}

/// libwebrtc's writer aborts when an offer's longest packet is shorter than its shortest.
TEST(Offer, WithPacketTimesThatDisagreeIsAnswered) {
  const auto audio = smallOffer("m=audio 9 UDP/TLS/RTP/SAVPF 96", "opus/48000/2");
  for (const std::string lines :
       {"a=fmtp:96 minptime=60;maxptime=20\r\n", "a=fmtp:96 minptime=60\r\na=maxptime:20\r\n"}) {
    const auto result = negotiate(audio + lines, options(kPublisher));
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_THAT(result->sdp, HasSubstr("minptime=60"));
  }
  EXPECT_TRUE(negotiate(audio + "a=fmtp:96 minptime=2147483647\r\n", options(kPublisher)));
}

// --- what is not taken

struct Broken {
  const char* name;
  std::string sdp;
  const char* says;
};

class BrokenOffer : public ::testing::TestWithParam<Broken> {};

TEST_P(BrokenOffer, IsRefusedInWords) {
  const auto result = negotiate(GetParam().sdp, options(kPublisher));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kProtocol);
  EXPECT_THAT(result.error().message, HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    Offers, BrokenOffer,
    ::testing::Values(
        Broken{"Empty", "", "no valid SDP"},
        Broken{"Garbage", "garbage", "no valid SDP: line 1 \"garbage\": an SDP begins"},
        Broken{"NoSection", "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n",
               "no media section"},
        Broken{"Rejected", smallOffer("m=video 0 UDP/TLS/RTP/SAVPF 96"), "rejected"},
        Broken{"NoUfrag", replaced(smallOffer(), "a=ice-ufrag:abcd\r\n", ""), "ICE"},
        Broken{"NoFingerprint", replaced(smallOffer(), "a=fingerprint", "a=x-fingerprint"),
               "no DTLS fingerprint (a=fingerprint)"},
        Broken{"ShortFingerprint", replaced(smallOffer(), ":C6:E0:AC", ""),
               "line 14 \"a=fingerprint:sha-256 34:F1"},
        Broken{"OddProtocol", smallOffer("m=video 9 FOO 96"),
               "can't be served: line 6 \"m=video 9 FOO 96\": neither"},
        Broken{"RtpData", smallOffer("m=application 9 UDP/TLS/RTP/SAVPF 96"),
               "neither audio nor video by RTP"},
        Broken{"SctpOfAnUnknownKind", smallOffer("m=text 9 DTLS/SCTP 5000"),
               "neither audio nor video by RTP"},
        Broken{"NoCodec", replaced(smallOffer(), "a=rtpmap:96", "a=rtpmap:97"),
               "no format that an a=rtpmap explains"},
        Broken{"PortInWords", smallOffer("m=video nine UDP/TLS/RTP/SAVPF 96"),
               "line 6 \"m=video nine UDP/TLS/RTP/SAVPF 96\": its port"},
        Broken{"MidTwice", smallOffer() + "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n",
               "line 17 \"a=mid:0\": another section"},
        Broken{
            "SctpPort",
            smallOffer("m=application 9 UDP/DTLS/SCTP webrtc-datachannel") + "a=sctp-port:many\r\n",
            "line 16 \"a=sctp-port:many\": its port"},
        Broken{"ZeroByte", smallOffer() + std::string(1, '\0'), "zero byte"},
        Broken{"Large", smallOffer() + std::string(300000, 'a'),
               "says more than is read: line 16 \"aaaa"}),
    [](const auto& broken) { return broken.param.name; });

}  // namespace
}  // namespace rtcpub::sfu
