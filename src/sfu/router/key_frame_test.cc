#include "sfu/router/key_frame.h"

#include <gtest/gtest.h>

#include "sfu/router/fake_packets.h"

namespace rtcpub::sfu {
namespace {

using fake::Bytes;

TEST(KeyFrame, IsFoundInVp8) {
  EXPECT_TRUE(startsKeyFrame(CodecKind::kVp8, fake::vp8Key()));
  EXPECT_FALSE(startsKeyFrame(CodecKind::kVp8, fake::vp8Delta()));
  EXPECT_TRUE(startsKeyFrame(CodecKind::kVp8, Bytes{0x90, 0x80, 0x05, 0x00}));  // 7-bit picture id
  EXPECT_TRUE(
      startsKeyFrame(CodecKind::kVp8, Bytes{0x90, 0x80, 0x85, 0x01, 0x00}));  // 15-bit picture id
  EXPECT_TRUE(
      startsKeyFrame(CodecKind::kVp8, Bytes{0x90, 0xE0, 0x85, 0x01, 1, 2, 0x00}));  // L and T
  EXPECT_FALSE(startsKeyFrame(CodecKind::kVp8, Bytes{0x90, 0xE0, 0x85, 0x01, 1, 2, 0x01}));
}

TEST(KeyFrame, BeginsOnlyAtTheStartOfTheFirstVp8Partition) {
  EXPECT_FALSE(startsKeyFrame(CodecKind::kVp8, Bytes{0x00, 0x10}));  // not a start
  EXPECT_FALSE(startsKeyFrame(CodecKind::kVp8, Bytes{0x11, 0x10}));  // partition 1
}

TEST(KeyFrame, IsFoundInVp9) {
  EXPECT_TRUE(startsKeyFrame(CodecKind::kVp9, Bytes{0x88, 0x01}));            // I, B
  EXPECT_FALSE(startsKeyFrame(CodecKind::kVp9, Bytes{0xC8, 0x01}));           // predicted
  EXPECT_FALSE(startsKeyFrame(CodecKind::kVp9, Bytes{0x80, 0x01}));           // not the start
  EXPECT_TRUE(startsKeyFrame(CodecKind::kVp9, Bytes{0xA8, 0x01, 0x00, 7}));   // layer 0
  EXPECT_FALSE(startsKeyFrame(CodecKind::kVp9, Bytes{0xA8, 0x01, 0x02, 7}));  // layer 1
  EXPECT_TRUE(startsKeyFrame(CodecKind::kVp9, Bytes{0xA8, 0x81, 0x01, 0x00, 7}));
}

TEST(KeyFrame, IsFoundInH264) {
  EXPECT_TRUE(startsKeyFrame(CodecKind::kH264, fake::h264Key()));
  EXPECT_FALSE(startsKeyFrame(CodecKind::kH264, fake::h264Delta()));
  EXPECT_TRUE(startsKeyFrame(CodecKind::kH264, Bytes{0x67, 0x42}));         // SPS
  EXPECT_FALSE(startsKeyFrame(CodecKind::kH264, Bytes{0x68, 0xCE}));        // PPS
  EXPECT_TRUE(startsKeyFrame(CodecKind::kH264, Bytes{0x7C, 0x85, 0x88}));   // FU-A, start of IDR
  EXPECT_FALSE(startsKeyFrame(CodecKind::kH264, Bytes{0x7C, 0x05, 0x88}));  // its middle
  EXPECT_FALSE(startsKeyFrame(CodecKind::kH264, Bytes{0x7C, 0x81, 0x88}));  // of a delta frame
  EXPECT_TRUE(startsKeyFrame(CodecKind::kH264, Bytes{0x78, 0, 1, 0x09, 0, 2, 0x67, 0x42}));
  EXPECT_FALSE(startsKeyFrame(CodecKind::kH264, Bytes{0x78, 0, 1, 0x09, 0, 2, 0x61, 0x42}));
}

TEST(KeyFrame, BeginsOnlyAtTheFirstSliceOfAnH264Picture) {
  // first_mb_in_slice: 0 is the bit 1; 1 is 010; 1840 is 00000000001 1100110001.
  EXPECT_TRUE(startsKeyFrame(CodecKind::kH264, Bytes{0x65, 0x88, 0x84}));
  EXPECT_FALSE(startsKeyFrame(CodecKind::kH264, Bytes{0x65, 0x42, 0x21}));
  EXPECT_FALSE(startsKeyFrame(CodecKind::kH264, Bytes{0x65, 0x00, 0x39, 0x88}));
  EXPECT_TRUE(startsKeyFrame(CodecKind::kH264, Bytes{0x7C, 0x85, 0x88, 0x84}));
  EXPECT_FALSE(startsKeyFrame(CodecKind::kH264, Bytes{0x7C, 0x85, 0x00, 0x39}));
  EXPECT_TRUE(startsKeyFrame(CodecKind::kH264, Bytes{0x78, 0, 1, 0x09, 0, 2, 0x65, 0x88}));
  EXPECT_FALSE(startsKeyFrame(CodecKind::kH264, Bytes{0x78, 0, 1, 0x09, 0, 2, 0x65, 0x00, 0x88}));
  // The slice that goes on behind another one in the same packet.
  EXPECT_TRUE(startsKeyFrame(CodecKind::kH264, Bytes{0x78, 0, 2, 0x65, 0x88, 0, 2, 0x65, 0x00}));
  // Nothing of the next unit is taken for the slice's.
  EXPECT_FALSE(startsKeyFrame(CodecKind::kH264, Bytes{0x78, 0, 1, 0x65, 0x88, 1, 0x68}));
}

TEST(KeyFrame, IsNotFoundInTruncatedPayloads) {
  const std::vector<std::pair<CodecKind, Bytes>> payloads{
      {CodecKind::kVp8, {0x90, 0xE0, 0x85, 0x01, 1, 2, 0x00}},
      {CodecKind::kVp9, {0xA8, 0x81, 0x01, 0x00, 7}},
      {CodecKind::kH264, {0x7C, 0x85, 0x88}},
      {CodecKind::kH264, {0x65, 0x88}},
      {CodecKind::kH264, {0x78, 0, 1, 0x09, 0, 2, 0x65, 0x88}},
      {CodecKind::kH264, {0x78, 0, 1, 0x09, 0, 1, 0x67}}};
  for (const auto& [codec, payload] : payloads) {
    EXPECT_TRUE(startsKeyFrame(codec, payload));
    for (std::size_t size = 0; size < payload.size(); ++size) {
      EXPECT_FALSE(startsKeyFrame(codec, std::span(payload).first(size)))
          << name(codec) << ' ' << size;
    }
  }
}

TEST(KeyFrame, IsNotFoundInUnitsThatReachBeyondTheStapA) {
  EXPECT_FALSE(startsKeyFrame(CodecKind::kH264, Bytes{0x78, 0xFF, 0xFF, 0x67, 0x42}));
  EXPECT_FALSE(startsKeyFrame(CodecKind::kH264, Bytes{0x78, 0, 0, 0x67, 0x42}));
}

TEST(KeyFrame, IsNotFoundInAudio) {
  EXPECT_FALSE(startsKeyFrame(CodecKind::kOpus, fake::vp8Key()));
}

}  // namespace
}  // namespace rtcpub::sfu
