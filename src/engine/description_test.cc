#include "engine/description.h"

#include <gtest/gtest.h>
#include <pc/session_description.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/sdp/tidy.h"

namespace rtcpub::engine {
namespace {

std::string read(const std::filesystem::path& path) {
  std::stringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

template <class CodecType>
std::string textOf(const std::vector<CodecType>& codecs) {
  std::string text;
  for (const auto& codec : codecs) {
    text += codec.ToString() + " " + std::to_string(codec.clockrate);
    for (const auto& [name, value] : codec.params) text += " " + name + "=" + value;
    for (const auto& one : codec.feedback_params.params())
      text += " " + one.id() + "," + one.param();
    text += "\n";
  }
  return text;
}

std::string codecsOf(const webrtc::SessionDescriptionInterface& description) {
  std::string text;
  for (const auto& content : description.description()->contents()) {
    const auto* media = content.media_description();
    text += content.name + "\n";
    if (media->as_video() != nullptr) text += textOf(media->as_video()->codecs());
    if (media->as_audio() != nullptr) text += textOf(media->as_audio()->codecs());
  }
  return text;
}

std::string written(const webrtc::SessionDescriptionInterface& description) {
  std::string text;
  EXPECT_TRUE(description.ToString(&text));
  return text;
}

void expectTheSameOfBoth(const std::string& sdp) {
  const auto tidied = sdp::tidy(sdp);
  ASSERT_TRUE(tidied) << tidied.error().message;
  webrtc::SdpParseError error;
  const auto theirs =
      webrtc::CreateSessionDescription(webrtc::SdpType::kOffer, tidied->sdp, &error);
  ASSERT_NE(theirs, nullptr) << error.description << error.line;
  const auto ours = parseDescription(webrtc::SdpType::kOffer, tidied->sdp, error);
  ASSERT_NE(ours, nullptr) << error.description << error.line;
  EXPECT_EQ(codecsOf(*ours), codecsOf(*theirs));
  EXPECT_EQ(written(*ours), written(*theirs));
}

TEST(Description, IsOfEveryRealOfferWhatLibwebrtcReads) {
  int files = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(RTCPUB_FIXTURES) + "/offers")) {
    if (entry.path().extension() != ".sdp") continue;
    SCOPED_TRACE(entry.path());
    expectTheSameOfBoth(read(entry.path()));
    ++files;
  }
  EXPECT_GE(files, 29);
}

TEST(Description, IsTheSameWhereCodecsAreOdd) {
  const std::string begin = "v=0\r\no=- 7 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n";
  expectTheSameOfBoth(begin +
                      "m=audio 9 UDP/TLS/RTP/SAVPF 9 0 8 111 101 13\r\na=mid:0\r\n"
                      "a=rtpmap:111 opus/48000/2\r\na=fmtp:111 useinbandfec=1;minptime=10\r\n"
                      "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\n"
                      "a=fmtp:0 x=1\r\na=rtcp-fb:8 nack\r\na=rtcp-fb:* transport-cc\r\n");
  expectTheSameOfBoth(begin +
                      "m=video 9 UDP/TLS/RTP/SAVPF 97 96 98\r\na=mid:0\r\n"
                      "a=fmtp:96 a=1;b\r\na=rtcp-fb:96 nack\r\na=rtpmap:96 VP8/90000\r\n"
                      "a=rtcp-fb:96 nack\r\na=fmtp:96 a=2;c=3=4\r\na=rtcp-fb:96 nack pli x\r\n"
                      "a=rtpmap:97 H264/48000\r\na=rtpmap:98 VP9/90000\r\na=rtcp-fb:* ccm fir\r\n");
}

TEST(Description, IsNoneOfWhatLibwebrtcDoesNotRead) {
  webrtc::SdpParseError error;
  EXPECT_EQ(parseDescription(webrtc::SdpType::kOffer, "v=0\r\nnonsense\r\n", error), nullptr);
  EXPECT_FALSE(error.description.empty());
}

}  // namespace
}  // namespace rtcpub::engine
