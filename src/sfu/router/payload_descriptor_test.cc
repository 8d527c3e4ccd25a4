#include "sfu/router/payload_descriptor.h"

#include <gtest/gtest.h>

#include <vector>

namespace rtcpub::sfu {
namespace {

using Bytes = std::vector<std::uint8_t>;

TEST(Vp8Descriptor, IsOneByteAtLeast) {
  const auto descriptor = parseVp8Descriptor(Bytes{0x10, 0x11});
  ASSERT_TRUE(descriptor);
  EXPECT_EQ(descriptor->size, 1U);
  EXPECT_TRUE(descriptor->startsFrame);
  EXPECT_EQ(descriptor->pictureIdBytes, 0U);
  EXPECT_FALSE(descriptor->layer);
}

TEST(Vp8Descriptor, StartsNoFrameInALaterPacketOrPartition) {
  EXPECT_FALSE(parseVp8Descriptor(Bytes{0x00, 0x11})->startsFrame);
  EXPECT_FALSE(parseVp8Descriptor(Bytes{0x11, 0x11})->startsFrame);
}

TEST(Vp8Descriptor, TellsTheLayerBehindEverythingElse) {
  // X; I, L, T; a picture id of 15 bits, TL0PICIDX, TID 2 with Y.
  const auto descriptor = parseVp8Descriptor(Bytes{0x90, 0xE0, 0x81, 0x23, 0x07, 0xA0, 0x11});
  ASSERT_TRUE(descriptor);
  EXPECT_EQ(descriptor->size, 6U);
  EXPECT_EQ(descriptor->pictureIdBytes, 2U);
  EXPECT_EQ(descriptor->layer, (TemporalLayer{.id = 2, .sync = true, .lowestFrames = 7}));
}

TEST(Vp8Descriptor, TakesAShortPictureIdAndNoLayerForAKeyIndexAlone) {
  const auto descriptor = parseVp8Descriptor(Bytes{0x90, 0x90, 0x23, 0xC5, 0x11});  // I, K
  ASSERT_TRUE(descriptor);
  EXPECT_EQ(descriptor->size, 4U);
  EXPECT_EQ(descriptor->pictureIdBytes, 1U);
  EXPECT_FALSE(descriptor->layer);
}

TEST(Vp8Descriptor, IsNothingWhenItIsCutOff) {
  const Bytes whole{0x90, 0xE0, 0x81, 0x23, 0x07, 0xA0};
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(parseVp8Descriptor(std::span(whole).first(size))) << size;
  }
  EXPECT_TRUE(parseVp8Descriptor(whole));
  EXPECT_FALSE(parseVp8Descriptor(Bytes{0x90, 0x80, 0x81})) << "half a picture id";
}

TEST(Vp9Descriptor, TellsLayers) {
  // I, P, L, B; a picture id of 15 bits; TID 1, U, SID 2.
  const auto descriptor = parseVp9Descriptor(Bytes{0xE8, 0x81, 0x23, 0x34, 0x07});
  ASSERT_TRUE(descriptor);
  EXPECT_TRUE(descriptor->predicted);
  EXPECT_TRUE(descriptor->startsFrame);
  EXPECT_EQ(descriptor->spatialLayer, 2);
  EXPECT_EQ(descriptor->layer, (TemporalLayer{.id = 1, .switchesUp = true, .lowestFrames = 7}));
}

TEST(Vp9Descriptor, CountsNoFramesOfTheLowestLayerInFlexibleMode) {
  const auto descriptor = parseVp9Descriptor(Bytes{0xB8, 0x05, 0x40});  // I, L, F, B
  ASSERT_TRUE(descriptor);
  EXPECT_EQ(descriptor->layer, TemporalLayer{.id = 2});
}

TEST(Vp9Descriptor, MayHaveNeitherPictureIdNorLayer) {
  const auto descriptor = parseVp9Descriptor(Bytes{0x08});
  ASSERT_TRUE(descriptor);
  EXPECT_FALSE(descriptor->layer);
  EXPECT_EQ(parseVp9Descriptor(Bytes{0x38, 0xE0})->layer, TemporalLayer{.id = 7});
}

TEST(Vp9Descriptor, IsNothingWhenItIsCutOff) {
  EXPECT_FALSE(parseVp9Descriptor({}));
  EXPECT_FALSE(parseVp9Descriptor(Bytes{0xA8}));
  EXPECT_FALSE(parseVp9Descriptor(Bytes{0xA8, 0x81, 0x23}));
  EXPECT_FALSE(parseVp9Descriptor(Bytes{0x28}));
  EXPECT_FALSE(parseVp9Descriptor(Bytes{0x28, 0x20}));
}

TEST(LayeredPacket, IsOfVp8AndVp9) {
  const Bytes vp8{0x90, 0x20, 0x40, 0x11};
  const Bytes vp9{0x20, 0x40, 0x01};
  EXPECT_EQ(layeredPacket(CodecKind::kVp8, vp8)->layer.id, 1);
  EXPECT_TRUE(layeredPacket(CodecKind::kVp8, vp8)->startsFrame);
  EXPECT_EQ(layeredPacket(CodecKind::kVp9, vp9)->layer.id, 2);
  EXPECT_FALSE(layeredPacket(CodecKind::kVp9, vp9)->startsFrame);
  EXPECT_FALSE(layeredPacket(CodecKind::kH264, vp8));
  EXPECT_FALSE(layeredPacket(CodecKind::kVp8, Bytes{0x10, 0x11}));
  EXPECT_FALSE(layeredPacket(CodecKind::kVp8, {}));
}

TEST(ClosePictureGap, LowersVp8sIdAndNothingElse) {
  Bytes longId{0x90, 0xE0, 0x80, 0x05, 0x07, 0xA0, 0x11};
  closePictureGap(CodecKind::kVp8, longId, 7);
  EXPECT_EQ(longId, (Bytes{0x90, 0xE0, 0xFF, 0xFE, 0x07, 0xA0, 0x11}));
  Bytes shortId{0x90, 0x80, 0x05, 0x11};
  closePictureGap(CodecKind::kVp8, shortId, 6);
  EXPECT_EQ(shortId, (Bytes{0x90, 0x80, 0x7F, 0x11}));
}

TEST(ClosePictureGap, LeavesWhatHasNoIdOrNeedsNoneClosed) {
  for (const Bytes& packet :
       {Bytes{}, Bytes{0x90}, Bytes{0x10, 0x80, 0x05}, Bytes{0x90, 0x80, 0x81}}) {
    Bytes copy = packet;
    closePictureGap(CodecKind::kVp8, copy, 1);
    EXPECT_EQ(copy, packet);
  }
  Bytes vp9{0xA8, 0x81, 0x23, 0x34};
  const Bytes before = vp9;
  closePictureGap(CodecKind::kVp9, vp9, 1);
  EXPECT_EQ(vp9, before);
}

}  // namespace
}  // namespace rtcpub::sfu
