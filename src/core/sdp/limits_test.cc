#include "core/sdp/limits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "core/sdp/tidy.h"

namespace rtcpub::sdp {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr std::string_view kSession = "v=0\r\no=- 7 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n";
constexpr std::string_view kSection = "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 VP8/90000\r\n";

/// What is said `count` times, by its number.
std::string times(std::size_t count, const std::function<std::string(std::size_t)>& line) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += line(i);
  return text;
}

std::string lines(std::size_t count, const std::string& line) {
  return times(count, [&](std::size_t /*i*/) { return line + "\r\n"; });
}

std::string number(std::size_t i) { return std::to_string(i); }

std::string ofSection(const std::string& more) {
  return std::string(kSession) + std::string(kSection) + more;
}

/// As many sections as are needed for more codecs, or other lines, than one may have.
std::string sections(std::size_t count, const std::string& more) {
  return std::string(kSession) +
         times(count, [&](std::size_t /*i*/) { return std::string(kSection) + more; });
}

struct Limit {
  const char* name;
  std::size_t most;
  std::function<std::string(std::size_t count)> sdp;
  const char* says;
};

class SdpLimit : public testing::TestWithParam<Limit> {};

TEST_P(SdpLimit, TakesAsMuch) {
  const auto taken = tidy(GetParam().sdp(GetParam().most));
  EXPECT_TRUE(taken) << taken.error().message;
}

TEST_P(SdpLimit, RefusesMoreWithTheLine) {
  const auto refused = tidy(GetParam().sdp(GetParam().most + 1));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(refused.error().message, StartsWith("line "));
  EXPECT_THAT(refused.error().message,
              HasSubstr("\": more than " + number(GetParam().most) + " " + GetParam().says));
}

/// The longest name that a line with some others in it may have.
std::string filler(std::size_t size) { return "a=" + std::string(size - 2, 'x'); }

std::string ofSize(std::size_t size) {
  std::string sdp(kSession);
  while (sdp.size() + 1002 < size) sdp += filler(1000) + "\r\n";
  return sdp + filler(size - sdp.size());
}

INSTANTIATE_TEST_SUITE_P(
    Sdp, SdpLimit,
    testing::Values(
        Limit{"Bytes", 65536, ofSize, "bytes in all"},
        Limit{"Line", 2048, [](auto n) { return ofSection(filler(n) + "\r\n"); },
              "bytes in one line"},
        Limit{"Lines", 2048, [](auto n) { return ofSection(lines(n - 6, "a=x")); }, "lines in all"},
        Limit{"Sections", 64, [](auto n) { return sections(n, ""); }, "sections"},
        Limit{"Codecs", 64,
              [](auto n) {
                return ofSection(times(
                    n - 1, [](auto i) { return "a=rtpmap:" + number(i + 30) + " x/90000\r\n"; }));
              },
              "codecs in one section"},
        Limit{"Formats", 64,
              [](auto n) {
                return std::string(kSession) + "m=video 9 UDP/TLS/RTP/SAVPF" +
                       times(n, [](auto i) { return " " + number(i); }) + "\r\n";
              },
              "formats in one section"},
        Limit{"AllCodecs", 512,
              [](auto n) {
                return sections(8, lines(63, "a=rtpmap:97 x/8000")) +
                       (n > 512 ? std::string(kSection) : "");
              },
              "codecs in all sections"},
        Limit{"Feedback", 16, [](auto n) { return ofSection(lines(n, "a=rtcp-fb:96 nack")); },
              "lines of feedback for one codec"},
        Limit{"FeedbackOfAll", 16, [](auto n) { return ofSection(lines(n, "a=rtcp-fb:* nack")); },
              "lines of feedback for one codec"},
        Limit{"FormatLines", 8, [](auto n) { return ofSection(lines(n, "a=fmtp:96 a=1")); },
              "lines of parameters for one codec"},
        Limit{"Parameters", 32,
              [](auto n) {
                return ofSection("a=fmtp:96 p=0" +
                                 times(n - 1, [](auto i) { return ";p" + number(i) + "=0"; }));
              },
              "parameters in one line"},
        Limit{"Candidates", 64,
              [](auto n) { return ofSection(lines(n, "a=candidate:1 1 udp 1 192.0.2.1 9 typ")); },
              "candidates in one section"},
        Limit{"Extensions", 64, [](auto n) { return ofSection(lines(n, "a=extmap:1 urn:x")); },
              "header extensions in one section"},
        Limit{"AllExtensions", 512,
              [](auto n) {
                return sections(8, lines(64, "a=extmap:1 urn:x")) +
                       (n > 512 ? std::string(kSection) + "a=extmap:1 urn:x\r\n" : "");
              },
              "header extensions in all sections"},
        Limit{"AllSourceLines", 512,
              [](auto n) {
                return sections(4, lines(128, "a=ssrc:1 cname:x")) +
                       (n > 512 ? std::string(kSection) + "a=ssrc:1 cname:x\r\n" : "");
              },
              "lines of SSRCs in all sections"},
        Limit{"AllSourceGroups", 128,
              [](auto n) {
                return sections(4, lines(32, "a=ssrc-group:FID 1 2")) +
                       (n > 128 ? std::string(kSection) + "a=ssrc-group:FID 1 2\r\n" : "");
              },
              "groups of SSRCs in all sections"},
        Limit{"AllLayers", 128,
              [](auto n) {
                return sections(8, lines(16, "a=rid:1 send")) +
                       (n > 128 ? std::string(kSection) + "a=rid:1 send\r\n" : "");
              },
              "layers in all sections"},
        Limit{"ExtensionsOfSession", 64,
              [](auto n) { return std::string(kSession) + lines(n, "a=extmap:1 urn:x"); },
              "header extensions in one section"},
        Limit{"Fingerprints", 16,
              [](auto n) { return ofSection(lines(n, "a=fingerprint:sha-1 00")); },
              "fingerprints in one section"},
        Limit{"SourceLines", 128, [](auto n) { return ofSection(lines(n, "a=ssrc:1 cname:x")); },
              "lines of SSRCs in one section"},
        Limit{"SourceGroups", 32,
              [](auto n) { return ofSection(lines(n, "a=ssrc-group:FID 1 2")); },
              "groups of SSRCs in one section"},
        Limit{"SourcesOfGroup", 16,
              [](auto n) {
                return ofSection("a=ssrc-group:SIM" +
                                 times(n, [](auto i) { return " " + number(i); }) + "\r\n");
              },
              "SSRCs in one group"},
        Limit{"Layers", 16, [](auto n) { return ofSection(lines(n, "a=rid:1 send")); },
              "layers in one section"},
        Limit{"LayersOfSimulcast", 16,
              [](auto n) {
                return ofSection("a=simulcast:send 0" +
                                 times(n - 1, [](auto i) { return ";" + number(i + 1); }) + "\r\n");
              },
              "layers in one section"},
        Limit{"Groups", 16,
              [](auto n) { return std::string(kSession) + lines(n, "a=group:BUNDLE 0"); },
              "groups of sections"},
        Limit{"MidsOfGroup", 64,
              [](auto n) {
                return std::string(kSession) + "a=group:BUNDLE" +
                       times(n, [](auto i) { return " " + number(i); }) + "\r\n";
              },
              "sections in one group"}),
    [](const auto& limit) { return limit.param.name; });

TEST(SdpLimits, CountEachSectionAndEachCodecApart) {
  EXPECT_TRUE(tidy(sections(3, lines(64, "a=candidate:1 1 udp 1 192.0.2.1 9 typ host"))));
  EXPECT_TRUE(tidy(ofSection(lines(16, "a=rtcp-fb:96 nack") + lines(16, "a=rtcp-fb:97 nack") +
                             lines(8, "a=fmtp:96 a=1") + lines(8, "a=fmtp:97 a=1"))));
}

TEST(SdpLimits, NameTheFirstLineThatIsTooMuch) {
  const auto refused = tidy(ofSection(lines(70, "a=candidate:1 1 udp 1 192.0.2.1 9 typ host")));
  EXPECT_THAT(refused.error().message, StartsWith("line 71 \"a=candidate:1 1 udp 1"));
}

TEST(SdpLimits, RefuseAZeroByteWithItsLine) {
  const auto refused = tidy(ofSection("a=x" + std::string(1, '\0') + "\r\n"));
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("line 7 \"a=x?\": a zero byte"));
}

}  // namespace
}  // namespace rtcpub::sdp
