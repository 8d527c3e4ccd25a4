#include "peer/descriptions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/candidate.h"
#include "engine/engine.h"

namespace rtcpub::peer {
namespace {

using testing::HasSubstr;
using testing::Not;

class Descriptions : public testing::Test {
  void SetUp() override { engine::initialize(); }  // its parser logs what it refuses
};
using Candidates = Descriptions;

constexpr char kAnswer[] =
    "v=0\r\n"
    "o=- 1 1 IN IP4 0.0.0.0\r\n"
    "s=-\r\n"
    "t=0 0\r\n"
    "a=group:BUNDLE 0 1\r\n"
    "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n"
    "c=IN IP4 0.0.0.0\r\n"
    "b=AS:800\r\n"
    "a=mid:0\r\n"
    "a=recvonly\r\n"
    "a=rtcp-mux\r\n"
    "a=ice-ufrag:abcd\r\n"
    "a=ice-pwd:0123456789012345678901\r\n"
    "a=setup:passive\r\n"
    "a=rtpmap:96 VP8/90000\r\n"
    "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"
    "c=IN IP4 0.0.0.0\r\n"
    "b=AS:30\r\n"
    "a=mid:1\r\n"
    "a=ice-ufrag:abcd\r\n"
    "a=ice-pwd:0123456789012345678901\r\n"
    "a=setup:passive\r\n"
    "a=sctp-port:5000\r\n";

TEST_F(Descriptions, AreReadWithoutTheirBandwidthLimits) {
  const auto answer = parseDescription(webrtc::SdpType::kAnswer, kAnswer);
  ASSERT_TRUE(answer);
  std::string text;
  ASSERT_TRUE((*answer)->ToString(&text));
  EXPECT_THAT(text, Not(HasSubstr("b=")));
  EXPECT_THAT(text, HasSubstr("VP8/90000"));
  EXPECT_THAT(text, HasSubstr("m=application"));
}

TEST_F(Descriptions, AreReadAsFarAsTheyMeanSomething) {
  const std::string whole = kAnswer;
  const auto section = whole.find("m=application");
  const auto odd = "\xEF\xBB\xBF" + whole.substr(0, section) +
                   "a=rtcp-fb:121 nack pli\r\na=fmtp:121 x=1\r\na=fingerprint:sha3-256 AA:BB\r\n"
                   "a=candidate:1 1 udp x 192.0.2.7 8268 typ host\r\n"
                   "a=candidate:2 1 udp 2113937151 192.0.2.7 8268 typ host\r\n" +
                   whole.substr(section) + "\r\n";
  const auto answer = parseDescription(webrtc::SdpType::kAnswer, odd);
  ASSERT_TRUE(answer) << answer.error().message;
  ASSERT_EQ((*answer)->candidates(0)->count(), 1U);
  EXPECT_EQ((*answer)->candidates(0)->at(0)->candidate().foundation(), "2");
}

TEST_F(Descriptions, AreRefusedWithTheLineThatIsWrong) {
  std::string wrong = kAnswer;
  wrong.replace(wrong.find("a=sctp-port:5000"), 16, "a=sctp-port:many");
  const auto answer = parseDescription(webrtc::SdpType::kAnswer, wrong);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kProtocol);
  EXPECT_THAT(answer.error().message, HasSubstr("the server's answer"));
  EXPECT_THAT(answer.error().message, HasSubstr("line 23 \"a=sctp-port:many\""));
}

TEST_F(Descriptions, HaveSixtyFourCandidatesAtMost) {
  std::string answer = kAnswer;
  for (int i = 1; i <= 64; ++i) {
    answer += "a=candidate:" + std::to_string(i) + " 1 udp 2113937151 192.0.2.7 8268 typ host\r\n";
  }
  const auto read = parseDescription(webrtc::SdpType::kAnswer, answer);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ((*read)->candidates(1)->count(), 64U);
  const auto refused = parseDescription(
      webrtc::SdpType::kAnswer, answer + "a=candidate:65 1 udp 1 192.0.2.7 8268 typ host\r\n");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kProtocol);
  EXPECT_THAT(refused.error().message, HasSubstr("the server's answer"));
  EXPECT_THAT(refused.error().message, HasSubstr("line 88 \"a=candidate:65"));
}

TEST_F(Descriptions, AreRefusedAtEveryTruncationOrReadWhole) {
  const std::string whole = kAnswer;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto answer = parseDescription(webrtc::SdpType::kAnswer, whole.substr(0, size));
    EXPECT_TRUE(answer || !answer.error().message.empty());
  }
}

constexpr char kCandidate[] =
    "candidate:1 1 udp 2113937151 192.0.2.7 8268 typ host generation 0 ufrag abcd network-id 1";

TEST_F(Candidates, ComeBackAsTheyWent) {
  const auto parsed = parseCandidate({kCandidate, "0", 0, "abcd"});
  ASSERT_TRUE(parsed);
  const auto candidate = toCandidate(**parsed);
  EXPECT_THAT(candidate.line, HasSubstr("candidate:1 1 udp 2113937151 192.0.2.7 8268 typ host"));
  EXPECT_EQ(candidate.mid, "0");
  EXPECT_EQ(candidate.mLineIndex, 0);
  EXPECT_EQ(candidate.ufrag, "abcd");
}

TEST_F(Candidates, OfTheOldFormBelongToTheFirstSection) {
  for (const std::string prefix : {"", "a="}) {
    const auto parsed = parseCandidate({prefix + kCandidate, {}, {}, {}});
    ASSERT_TRUE(parsed);
    EXPECT_EQ((*parsed)->sdp_mid(), "");
    EXPECT_EQ((*parsed)->sdp_mline_index(), 0);
  }
}

TEST_F(Candidates, ThatAreNoneAreRefused) {
  for (const auto* const line :
       {"", "candidate:", "garbage", "candidate:1 1 udp x 192.0.2.7 1 typ host",
        "candidate:1 1 udp 1 192.0.2.7 99999 typ host"}) {
    EXPECT_FALSE(parseCandidate({line, "0", 0, {}})) << line;
  }
}

}  // namespace
}  // namespace rtcpub::peer
