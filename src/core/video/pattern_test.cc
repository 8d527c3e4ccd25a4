#include "core/video/pattern.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/measure/stamp.h"

namespace rtcpub {
namespace {

// An I420 picture without gaps, as in the reference clips.
std::vector<std::uint8_t> clipFrame(int width, int height, int n) {
  const std::size_t area = static_cast<std::size_t>(width) * height;
  std::vector<std::uint8_t> picture(area * 3 / 2);
  Pattern(width, height)
      .draw(n, picture.data(), width, picture.data() + area, width / 2,
            picture.data() + area * 5 / 4, width / 2);
  stamp::write(picture.data(), width, {static_cast<std::uint16_t>(n), 0});
  return picture;
}

// FNV-1a.
std::uint64_t digest(const std::vector<std::uint8_t>& bytes) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const std::uint8_t byte : bytes) hash = (hash ^ byte) * 0x100000001b3;
  return hash;
}

// These digests were taken when the whole clips had the md5 sums of docs/stamp.md.
TEST(Pattern, IsBitExactAt640x480) {
  EXPECT_EQ(digest(clipFrame(640, 480, 0)), 0x044a82c4780ee0f3U);
  EXPECT_EQ(digest(clipFrame(640, 480, 1)), 0xeb230e6610628c64U);
  EXPECT_EQ(digest(clipFrame(640, 480, 77)), 0x20faab7ab740b187U);
  EXPECT_EQ(digest(clipFrame(640, 480, 150)), 0xaf1752e3ad827b03U);
  EXPECT_EQ(digest(clipFrame(640, 480, 299)), 0x681942d01ba21bbfU);
}

TEST(Pattern, IsBitExactAt1280x720) {
  EXPECT_EQ(digest(clipFrame(1280, 720, 0)), 0xace9bd15734462beU);
  EXPECT_EQ(digest(clipFrame(1280, 720, 1)), 0x7a32271d41e56adaU);
  EXPECT_EQ(digest(clipFrame(1280, 720, 77)), 0x320c717c046388a7U);
  EXPECT_EQ(digest(clipFrame(1280, 720, 150)), 0x604e15ee8b1ed80dU);
  EXPECT_EQ(digest(clipFrame(1280, 720, 299)), 0xaeed09a7f4cdec0cU);
}

TEST(Pattern, GoesRoundAfterThreeHundredFrames) {
  std::vector<std::uint8_t> first(640 * 480 * 3 / 2);
  std::vector<std::uint8_t> second = first;
  const Pattern pattern(640, 480);
  const auto draw = [&pattern](int n, std::uint8_t* y) {
    pattern.draw(n, y, 640, y + 640L * 480, 320, y + 640L * 600, 320);
  };
  draw(17, first.data());
  draw(317, second.data());
  EXPECT_EQ(first, second);
}

TEST(Pattern, KeepsInsideAPictureOfAnyEvenSize) {
  for (const auto& [width, height] :
       {std::pair{2, 2}, {16, 16}, {64, 64}, {62, 400}, {512, 32}, {1024, 30}, {90, 720}}) {
    const std::size_t area = static_cast<std::size_t>(width) * height;
    const Pattern pattern(width, height);
    for (const int n : {0, 149, 150, 299}) {
      // Each plane is a block of its own, so that a sanitizer sees a step beside it.
      std::vector<std::uint8_t> y(area);
      std::vector<std::uint8_t> u(area / 4);
      std::vector<std::uint8_t> v(area / 4);
      pattern.draw(n, y.data(), width, u.data(), width / 2, v.data(), width / 2);
      EXPECT_GE(*std::min_element(y.begin(), y.end()), 40);
      EXPECT_GE(*std::min_element(u.begin(), u.end()), 96);
      EXPECT_GE(*std::min_element(v.begin(), v.end()), 96);
    }
  }
}

TEST(Pattern, LeavesThePaddingOfItsRowsAlone) {
  constexpr int kWidth = 64;
  constexpr int kStride = 80;
  std::vector<std::uint8_t> y(kStride * 64UL, 1);
  std::vector<std::uint8_t> u(kStride * 32UL, 2);
  std::vector<std::uint8_t> v(kStride * 32UL, 3);
  Pattern(kWidth, 64).draw(5, y.data(), kStride, u.data(), kStride, v.data(), kStride);
  for (int row = 0; row < 64; ++row) EXPECT_EQ(y[row * kStride + kWidth], 1);
  for (int row = 0; row < 32; ++row) {
    EXPECT_EQ(u[row * kStride + kWidth / 2], 2);
    EXPECT_EQ(v[row * kStride + kWidth / 2], 3);
  }
}

}  // namespace
}  // namespace rtcpub
