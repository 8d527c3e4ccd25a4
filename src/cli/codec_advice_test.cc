#include "cli/codec_advice.h"

#include <gtest/gtest.h>

namespace rtcpub::cli {
namespace {

const CodecMismatch kFirefox{"H264 Constrained Baseline (42e0)", {"VP8", "VP9"}, 1};

TEST(CodecAdvice, NamesACodecThatTheViewersTake) {
  EXPECT_EQ(adviceTo(PublisherOptions{}, kFirefox), "give --codec vp8 for them");
  EXPECT_EQ(adviceTo(PublisherOptions{}, {"VP8", {"H264 High (6400)"}, 1}),
            "give --codec h264 for them");
  EXPECT_EQ(adviceTo(PublisherOptions{}, {"VP8", {"VP9"}, 1}), "give --codec vp9 for them");
}

TEST(CodecAdvice, LeavesOutAnEncoderThatDoesNotMakeIt) {
  PublisherOptions options;
  options.encoder = "x264enc";
  EXPECT_EQ(adviceTo(options, kFirefox),
            "give --codec vp8 for them, and leave out --encoder x264enc");
  options.encoder = "libvpx";
  EXPECT_EQ(adviceTo(options, {"VP9", {"VP8"}, 1}), "give --codec vp8 for them");
}

TEST(CodecAdvice, SaysNothingWhereNothingHelps) {
  EXPECT_EQ(adviceTo(PublisherOptions{}, {"VP8", {"AV1"}, 1}), "");
  EXPECT_EQ(adviceTo(SubscriberOptions{}, {"VP9 profile 2", {"VP9"}, 1}), "");
}

TEST(CodecAdvice, TellsAViewerWhatToTypeOnEitherSide) {
  EXPECT_EQ(adviceTo(SubscriberOptions{}, {"VP9 profile 2", {"H264 High (6400)", "VP8"}, 1}),
            "start the publisher with --codec vp8");
  SubscriberOptions only;
  only.codec = VideoCodec::kVp8;
  EXPECT_EQ(adviceTo(only, {"H264 High (6400)", {"VP8"}, 1}),
            "leave out --codec here, or start the publisher with it");
}

}  // namespace
}  // namespace rtcpub::cli
