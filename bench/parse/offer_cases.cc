#include <map>
#include <memory>

#include "parse/cases.h"
#include "sfu/transport/answer.h"

namespace rtcpub::bench {
namespace {

using sfu::Offer;

constexpr std::string_view kHead =
    "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\n"
    "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\na=setup:actpass\r\n"
    "a=fingerprint:sha-256 34:F1:09:0F:46:E3:C4:E0:C9:02:BF:12:F6:A0:AD:A2:D8:03:D6:DA:48:AE:42:95:"
    "F9:0B:10:A3:AF:C6:E0:AC\r\n";

std::string number(std::size_t i) { return std::to_string(i); }

/// The `i`-th line of a kind.
using Line = std::string (*)(std::size_t i);

/// Sixty-four, nearly all of which RTP may have beside RTCP on one port (RFC 5761 section 4).
std::size_t payloadType(std::size_t i) {
  const std::size_t at = i % 64;
  if (at < 29) return 35 + at;
  return at < 61 ? 67 + at : at - 29;
}

struct Kind {
  const char* name;
  Line line;
  std::size_t mostOfSection;  ///< as many of them as a section may have
};

std::string encoding(std::size_t i) { return i % 3 == 0 ? "H264" : i % 3 == 1 ? "VP8" : "rtx"; }

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> kKinds{
      {"rtpmap",
       [](std::size_t i) {
         return "a=rtpmap:" + number(payloadType(i)) + " " + encoding(i) + "/90000";
       },
       64},
      {"fmtp",
       [](std::size_t i) { return "a=fmtp:" + number(payloadType(i)) + " a=1;b=" + number(i); },
       512},
      {"fmtp, parameters",
       [](std::size_t i) {
         std::string line = "a=fmtp:" + number(payloadType(i)) + " x";
         for (std::size_t p = 1; p < 32; ++p) line += ";" + number(p + 31 * (i / 64));
         return line;
       },
       512},
      {"rtcp-fb",
       [](std::size_t i) { return "a=rtcp-fb:" + number(payloadType(i)) + " f" + number(i / 64); },
       1024},
      {"rtcp-fb of all", [](std::size_t i) { return "a=rtcp-fb:* f" + number(i); }, 16},
      {"extmap",
       [](std::size_t i) { return "a=extmap:" + number(1 + i % 255) + " urn:" + number(i); }, 64},
      {"candidate",
       [](std::size_t i) { return "a=candidate:" + number(i) + " 1 udp 1 192.0.2.1 9 typ host"; },
       64},
      {"ssrc", [](std::size_t i) { return "a=ssrc:" + number(i + 1) + " cname:" + number(i); },
       128},
      {"ssrc msid",
       [](std::size_t i) { return "a=ssrc:" + number(i + 1) + " msid:s t" + number(i); }, 128},
      {"ssrc-group",
       [](std::size_t i) { return "a=ssrc-group:FID " + number(i + 1) + " " + number(i + 7); }, 32},
      {"rid", [](std::size_t i) { return "a=rid:" + number(i) + " send pt=35,36,37"; }, 16},
      {"fingerprint", [](std::size_t) { return std::string("a=fingerprint:sha-1 00:11"); }, 16},
      {"unknown", [](std::size_t i) { return "a=x-" + number(i) + ":y"; }, 1 << 20},
      {"short lines", [](std::size_t) { return std::string("a="); }, 1 << 20},
  };
  return kKinds;
}

std::string beginSection(std::size_t index) {
  std::string text = "m=video 9 UDP/TLS/RTP/SAVPF";
  for (std::size_t i = 0; i < 64; ++i) text += " " + number(payloadType(i));
  return text + "\r\na=mid:" + number(index) + "\r\na=sendrecv\r\na=rtcp-mux\r\n";
}

std::string mappings(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    text += "a=rtpmap:" + number(payloadType(i)) + " " + encoding(i) + "/90000\r\n";
  }
  return text;
}

/// All lines in one section: more than are read, from some size on.
std::string inOneSection(const Kind& kind, std::size_t size) {
  std::string text = std::string(kHead) + beginSection(0);
  if (kind.name != std::string("rtpmap")) text += mappings(64);
  for (std::size_t i = 0; text.size() < size; ++i) text += kind.line(i) + "\r\n";
  return text;
}

/// As many in each section as may stand there.
std::string inManySections(const Kind& kind, std::size_t size) {
  std::string text(kHead);
  for (std::size_t section = 0; text.size() < size; ++section) {
    text += beginSection(section);
    if (kind.name != std::string("rtpmap")) text += mappings(2);
    for (std::size_t i = 0; i < kind.mostOfSection && text.size() < size; ++i) {
      text += kind.line(i) + "\r\n";
    }
  }
  return text;
}

/// Like a browser's that has more and more transceivers.
std::string likeABrowsers(std::size_t size) {
  std::string text(kHead);
  for (std::size_t section = 0; text.size() < size; ++section) {
    text += beginSection(section) + mappings(40);
    for (std::size_t i = 0; i < 40; ++i) {
      const auto type = number(payloadType(i));
      text += "a=rtcp-fb:" + type + " nack pli\r\na=rtcp-fb:" + type +
              " transport-cc\r\na=fmtp:" + type +
              " level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f\r\n";
    }
    for (std::size_t i = 1; i < 14; ++i)
      text += "a=extmap:" + number(i) + " urn:x:" + number(i) + "\r\n";
  }
  return text;
}

sfu::AnswerOptions options(Rights rights) {
  return {.rights = rights,
          .codec = {},
          .ice = {"serverufrag0", "serverpasswordserverpass"},
          .fingerprint = {"sha-256", std::vector<std::uint8_t>(32, 1)},
          .udp = {{"192.0.2.1", "2001:db8::1"}, 8268},
          .tcp = {{"192.0.2.1", "2001:db8::1"}, 8267},
          .ssrcs = {1, 2, 3},
          .sessionId = 1};
}

struct Shape {
  std::string name;
  std::function<std::string(std::size_t)> make;
};

std::vector<Shape> shapes() {
  std::vector<Shape> all{{"a browser's", likeABrowsers}};
  for (const auto& kind : kinds()) {
    all.push_back({kind.name, [&kind](std::size_t size) { return inOneSection(kind, size); }});
    all.push_back({std::string(kind.name) + ", spread",
                   [&kind](std::size_t size) { return inManySections(kind, size); }});
  }
  return all;
}

}  // namespace

std::vector<Case> offerCases() {
  std::vector<Case> cases;
  for (auto& shape : shapes()) {
    cases.push_back({"offer: " + shape.name, "signal", shape.make,
                     [](const std::string& text) { return Offer::parse(text).has_value(); }});
  }
  return cases;
}

std::vector<Case> answerCases() {
  std::vector<Case> cases;
  for (const Right right : {Right::kPublish, Right::kView}) {
    const std::string name = right == Right::kPublish ? "answer pub: " : "answer sub: ";
    for (auto& shape : shapes()) {
      // Only the answer is measured: the offer was read before.
      auto read = std::make_shared<std::pair<std::string, std::shared_ptr<Offer>>>();
      cases.push_back({name + shape.name, "media",
                       [make = shape.make, read](std::size_t size) {
                         auto text = make(size);
                         auto offer = Offer::parse(text);
                         read->second =
                             offer ? std::make_shared<Offer>(std::move(*offer)) : nullptr;
                         return text;
                       },
                       [right, read](const std::string& /*text*/) {
                         return read->second != nullptr &&
                                sfu::answer(*read->second, options(right)).has_value();
                       }});
    }
  }
  return cases;
}

}  // namespace rtcpub::bench
