#include "core/sdp/codecs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rtcpub::sdp {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

constexpr std::string_view kRest =
    "v=0\r\ns=-\r\nm=video 9 UDP/TLS/RTP/SAVPF 97 96\r\na=mid:0\r\na=sendonly\r\n"
    "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=sctp-port:5000\r\n";

TEST(SdpCodecs, LeaveTheRestAsItIs) {
  const auto taken = takeCodecs(
      "v=0\r\ns=-\r\nm=video 9 UDP/TLS/RTP/SAVPF 97 96\r\na=mid:0\r\na=rtpmap:96 VP8/90000\r\n"
      "a=rtcp-fb:96 nack pli\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\na=sendonly\r\n"
      "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=sctp-port:5000\r\n");
  EXPECT_EQ(taken.sdp, kRest);
  EXPECT_EQ(takeCodecs(kRest).sdp, kRest);
  ASSERT_THAT(taken.codecs, SizeIs(2));
  EXPECT_THAT(taken.codecs[1], IsEmpty());
}

TEST(SdpCodecs, StandInTheOrderOfTheFormats) {
  const auto codecs = takeCodecs(
                          "m=video 9 UDP/TLS/RTP/SAVPF 97 96\r\na=rtpmap:96 VP8/90000\r\n"
                          "a=rtpmap:97 H264/90000\r\n")
                          .codecs.at(0);
  ASSERT_THAT(codecs, SizeIs(2));
  EXPECT_EQ(codecs[0].name, "H264");
  EXPECT_EQ(codecs[1].payloadType, 96);
}

TEST(SdpCodecs, HaveRateChannelsParametersAndFeedback) {
  const auto codecs = takeCodecs(
                          "m=audio 9 UDP/TLS/RTP/SAVPF 111 101 0\r\n"
                          "a=rtcp-fb:* transport-cc\r\na=rtcp-fb:111 nack\r\n"
                          "a=rtcp-fb:111 ccm fir\r\na=rtcp-fb:111 nack\r\n"
                          "a=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10; useinbandfec=1;\r\n"
                          "a=fmtp:111 minptime=20\r\n"
                          "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n")
                          .codecs.at(0);
  ASSERT_THAT(codecs, SizeIs(3));
  EXPECT_EQ(codecs[0].clockRate, 48000);
  EXPECT_EQ(codecs[0].channels, 2);
  EXPECT_THAT(codecs[0].parameters, ElementsAre(Pair("minptime", "20"), Pair("useinbandfec", "1")));
  EXPECT_THAT(codecs[0].feedback,
              ElementsAre(Pair("nack", ""), Pair("ccm", "fir"), Pair("transport-cc", "")));
  EXPECT_EQ(codecs[1].channels, 1);
  EXPECT_THAT(codecs[1].parameters, ElementsAre(Pair("", "0-15")));
  EXPECT_EQ(codecs[2].name, "") << "PCMU by its number";
  EXPECT_THAT(codecs[2].feedback, ElementsAre(Pair("transport-cc", "")));
}

}  // namespace
}  // namespace rtcpub::sdp
