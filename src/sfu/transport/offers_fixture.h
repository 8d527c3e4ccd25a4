#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <iomanip>
#include <sstream>
#include <string>

#include "sfu/transport/answer.h"

/// Offers, and how tests answer them.
namespace rtcpub::sfu {

/// One of tests/fixtures/offers.
inline std::string fixture(const std::string& name) {
  const std::ifstream file(std::string(RTCPUB_FIXTURES) + "/offers/" + name, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_FALSE(text.str().empty()) << name;
  return text.str();
}

inline AnswerOptions options(Rights rights) {
  return {.rights = rights,
          .codec = {},
          .ice = {"serverufrag", "serverpasswordserverpass"},
          .fingerprint = {"sha-256", std::vector<std::uint8_t>(32, 0xAB)},
          .udp = {{"192.0.2.9", "2001:db8::9"}, 8268},
          .tcp = {},
          .ssrcs = {11, 12, 13},
          .sessionId = 42};
}

inline Result<Negotiation> negotiate(const std::string& sdp, const AnswerOptions& wanted) {
  const auto offer = Offer::parse(sdp);
  if (!offer) return tl::unexpected(offer.error());
  if (const auto live = offer->checkLive(); !live) return tl::unexpected(live.error());
  return answer(*offer, wanted);
}

/// In short: "VP8", "VP9/0" (profile), "H264/42e0" (profile and constraints), "opus".
inline std::string shortName(Codec codec) {
  std::ostringstream text;
  text << name(codec.kind);
  if (codec.kind == CodecKind::kVp9) text << '/' << codec.profile;
  if (codec.kind == CodecKind::kH264) {
    text << '/' << std::hex << std::setw(4) << std::setfill('0') << codec.profile;
  }
  return text.str();
}

inline int count(const std::string& text, const std::string& part) {
  int found = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++found;
  return found;
}

inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != text.npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

constexpr Rights kPublisher{Right::kPublish};
constexpr Rights kViewer{Right::kView, Right::kDrive};

inline constexpr const char* kFingerprint =
    "a=fingerprint:sha-256 "
    "34:F1:09:0F:46:E3:C4:E0:C9:02:BF:12:F6:A0:AD:A2:D8:03:D6:DA:48:AE:42:95:F9:0B:10:A3:AF:C6:E0:"
    "AC\r\n";

/// A small offer to break in different ways.
inline std::string smallOffer(const std::string& mLine = "m=video 9 UDP/TLS/RTP/SAVPF 96",
                              const std::string& codec = "VP8/90000") {
  return "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\n" + mLine +
         "\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=sendrecv\r\na=rtcp-mux\r\na=ice-ufrag:abcd\r\n"
         "a=ice-pwd:0123456789012345678901\r\na=setup:actpass\r\n" +
         kFingerprint + "a=rtpmap:96 " + codec + "\r\n";
}

}  // namespace rtcpub::sfu
