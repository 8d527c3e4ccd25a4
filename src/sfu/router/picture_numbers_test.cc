#include "sfu/router/picture_numbers.h"

#include <gtest/gtest.h>

#include <vector>

namespace rtcpub::sfu {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// VP8 with a picture id of two bytes, TL0PICIDX and a layer.
Bytes vp8(unsigned picture, unsigned lowest) {
  return {0x90,
          0xE0,
          static_cast<std::uint8_t>(0x80U | picture >> 8),
          static_cast<std::uint8_t>(picture),
          static_cast<std::uint8_t>(lowest),
          0x00,
          0x01};
}

Bytes rewritten(PictureNumbers& numbers, Bytes payload, bool changes,
                CodecKind codec = CodecKind::kVp8) {
  numbers.apply(codec, payload, changes);
  return payload;
}

TEST(PictureNumbers, LeavesTheFirstLayerAsItIs) {
  PictureNumbers numbers;
  EXPECT_EQ(rewritten(numbers, vp8(500, 7), true), vp8(500, 7));
  EXPECT_EQ(rewritten(numbers, vp8(501, 8), false), vp8(501, 8));
}

TEST(PictureNumbers, GoOnOverAChange) {
  PictureNumbers numbers;
  (void)rewritten(numbers, vp8(0x7FFF, 255), true);
  EXPECT_EQ(rewritten(numbers, vp8(20, 250), true), vp8(0, 0));
  EXPECT_EQ(rewritten(numbers, vp8(22, 251), false), vp8(2, 1));
  EXPECT_EQ(rewritten(numbers, vp8(21, 250), false), vp8(1, 0)) << "a late one";
  EXPECT_EQ(rewritten(numbers, vp8(9000, 3), true), vp8(3, 2));
}

TEST(PictureNumbers, KnowShortPictureIds) {
  PictureNumbers numbers;
  EXPECT_EQ(rewritten(numbers, {0x90, 0x80, 0x7F, 0x01}, true), (Bytes{0x90, 0x80, 0x7F, 0x01}));
  EXPECT_EQ(rewritten(numbers, {0x90, 0x80, 0x05, 0x01}, true), (Bytes{0x90, 0x80, 0x00, 0x01}));
}

TEST(PictureNumbers, KnowVp9) {
  PictureNumbers numbers;
  // I, L, B; picture id 16 bits; layer; TL0PICIDX.
  (void)rewritten(numbers, {0xA8, 0x80, 0x10, 0x00, 0x20}, true, CodecKind::kVp9);
  EXPECT_EQ(rewritten(numbers, {0xA8, 0x80, 0x90, 0x00, 0x01}, true, CodecKind::kVp9),
            (Bytes{0xA8, 0x80, 0x11, 0x00, 0x21}));
}

TEST(PictureNumbers, LeaveAloneWhatHasNone) {
  PictureNumbers numbers;
  for (const Bytes& payload :
       {Bytes{}, Bytes{0x10}, Bytes{0x90}, Bytes{0x90, 0x80}, Bytes{0x65, 1}}) {
    for (const auto codec : {CodecKind::kVp8, CodecKind::kVp9, CodecKind::kH264}) {
      EXPECT_EQ(rewritten(numbers, payload, true, codec), payload);
    }
  }
}

}  // namespace
}  // namespace rtcpub::sfu
