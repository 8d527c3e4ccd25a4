#include "peer/codec_preferences.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace rtcpub::peer {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

webrtc::RtpCodecCapability codec(const std::string& name,
                                 std::map<std::string, std::string> parameters = {}) {
  webrtc::RtpCodecCapability made;
  made.kind = cricket::MEDIA_TYPE_VIDEO;
  made.name = name;
  made.parameters = std::move(parameters);
  return made;
}

webrtc::RtpCodecCapability h264(const std::string& profile, const std::string& mode) {
  return codec("H264", {{"profile-level-id", profile}, {"packetization-mode", mode}});
}

const std::vector<webrtc::RtpCodecCapability> kEngine = {codec("VP8"),
                                                         codec("rtx"),
                                                         codec("VP9", {{"profile-id", "0"}}),
                                                         codec("VP9", {{"profile-id", "2"}}),
                                                         h264("42001f", "1"),
                                                         h264("42001f", "0"),
                                                         h264("42e01f", "1"),
                                                         h264("42e01f", "0"),
                                                         codec("red"),
                                                         codec("ulpfec"),
                                                         codec("flexfec-03")};

std::vector<std::string> names(const std::vector<webrtc::RtpCodecCapability>& codecs) {
  std::vector<std::string> all;
  for (const auto& one : codecs) {
    const auto profile = one.parameters.find("profile-level-id");
    all.push_back(one.name + (profile == one.parameters.end() ? "" : " " + profile->second));
  }
  return all;
}

TEST(CodecPreferences, PutConstrainedBaselineFirstAndLeaveFecOut) {
  EXPECT_THAT(names(preferredCodecs(kEngine, {}, Fec::kNo)),
              ElementsAre("H264 42e01f", "H264 42001f", "VP8", "VP9", "rtx"));
}

TEST(CodecPreferences, PutFlexFecLastWhenWanted) {
  EXPECT_THAT(names(preferredCodecs(kEngine, VideoCodec::kH264, Fec::kYes)),
              ElementsAre("H264 42e01f", "H264 42001f", "rtx", "flexfec-03"));
  EXPECT_THAT(names(preferredCodecs({codec("flexfec-03")}, {}, Fec::kYes)), IsEmpty());
}

TEST(CodecPreferences, KeepOnlyTheCodecAskedFor) {
  EXPECT_THAT(names(preferredCodecs(kEngine, VideoCodec::kH264, Fec::kNo)),
              ElementsAre("H264 42e01f", "H264 42001f", "rtx"));
  EXPECT_THAT(names(preferredCodecs(kEngine, VideoCodec::kVp8, Fec::kNo)),
              ElementsAre("VP8", "rtx"));
  EXPECT_THAT(names(preferredCodecs(kEngine, VideoCodec::kVp9, Fec::kNo)),
              ElementsAre("VP9", "rtx"));
}

TEST(CodecPreferences, PutTheCodecToSendFirst) {
  const auto all = preferredCodecs(kEngine, {}, Fec::kYes);
  EXPECT_THAT(names(withFirst(all, VideoCodec::kVp8)),
              ElementsAre("VP8", "H264 42e01f", "H264 42001f", "VP9", "rtx", "flexfec-03"));
  EXPECT_EQ(names(withFirst(withFirst(all, VideoCodec::kVp8), VideoCodec::kH264)), names(all));
  const auto only = preferredCodecs(kEngine, VideoCodec::kH264, Fec::kNo);
  EXPECT_EQ(names(withFirst(only, VideoCodec::kVp8)), names(only));
}

TEST(CodecPreferences, AreEmptyWhenTheEngineHasNothingThatFits) {
  EXPECT_THAT(preferredCodecs({}, {}, Fec::kNo), IsEmpty());
  EXPECT_THAT(preferredCodecs({codec("VP8"), codec("rtx")}, VideoCodec::kVp9, Fec::kNo), IsEmpty());
  EXPECT_THAT(preferredCodecs({codec("H264"), h264("42e01f", "0")}, VideoCodec::kH264, Fec::kNo),
              IsEmpty());
}

}  // namespace
}  // namespace rtcpub::peer
