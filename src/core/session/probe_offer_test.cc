#include "core/session/probe_offer.h"

#include <gtest/gtest.h>

namespace rtcpub::sdp {
namespace {

TEST(ProbeOffer, HasCredentialsOfItsOwn) {
  std::array<std::uint8_t, 32> random{};
  const auto first = probeOffer(random);
  random[0] = 0x7F;
  const auto second = probeOffer(random);
  EXPECT_NE(first.find("a=ice-ufrag:00000000\r\n"), std::string::npos);
  EXPECT_NE(second.find("a=ice-ufrag:7F000000\r\n"), std::string::npos);
  EXPECT_NE(second.find("a=fingerprint:sha-256 7F:00:"), std::string::npos);
  // At least 22 characters (RFC 8839 section 5.4).
  EXPECT_NE(first.find("a=ice-pwd:" + std::string(24, '0') + "\r\n"), std::string::npos);
}

TEST(UdpCandidates, AreReadOnceEachInOrder) {
  const auto* const answer =
      "v=0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"
      "a=candidate:1 1 udp 2130706431 192.0.2.7 8268 typ host\r\n"
      "a=candidate:2 1 UDP 2130706430 2001:db8::7 8268 typ host\r\n"
      "a=candidate:3 1 tcp 1671430143 192.0.2.7 8267 typ host tcptype passive\r\n"
      "a=candidate:1 1 udp 2130706431 192.0.2.7 8268 typ host\r\na=end-of-candidates";
  EXPECT_EQ(udpCandidates(answer),
            (std::vector<stun::Endpoint>{{"192.0.2.7", 8268}, {"2001:db8::7", 8268}}));
}

TEST(UdpCandidates, LeaveOutWhatIsNoneOrHasNoAddress) {
  for (const auto* line :
       {"", "candidate:", "candidate:1 1 udp 1 192.0.2.7",
        "candidate:1 1 udp 1 192.0.2.7 0 typ host", "candidate:1 1 udp 1 192.0.2.7 65536 typ host",
        "candidate:1 1 udp 1 a.local 8268 typ host", "candidate:1 1 ssl 1 192.0.2.7 8268 typ host",
        "a=rtpmap:1 1 udp 1 192.0.2.7 8268 typ host"}) {
    EXPECT_TRUE(udpCandidate(line).empty()) << line;
  }
}

}  // namespace
}  // namespace rtcpub::sdp
