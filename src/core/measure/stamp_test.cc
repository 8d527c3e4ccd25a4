#include "core/measure/stamp.h"

#include <gtest/gtest.h>

#include <vector>

namespace rtcpub::stamp {
namespace {

constexpr int kWide = 640;
constexpr int kHigh = 64;
constexpr std::size_t kArea = 640UL * 64;
constexpr std::uint8_t kBackground = 77;

std::vector<std::uint8_t> stampedPicture(const Stamp& stamp) {
  std::vector<std::uint8_t> luma(kArea, kBackground);
  write(luma.data(), kWide, stamp);
  return luma;
}

// The nearest sample, as a crude scaler does.
std::vector<std::uint8_t> scaled(const std::vector<std::uint8_t>& luma, int width, int height) {
  std::vector<std::uint8_t> result;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      result.push_back(luma[y * kWide / width * kWide + x * kWide / width]);
    }
  }
  return result;
}

// One bit a cell, as docs/stamp.md lays them out.
bool bitAt(const std::vector<std::uint8_t>& luma, int bit) {
  return luma[(bit / 32 * 16 + 8) * kWide + bit % 32 * 16 + 8] == 235;
}

TEST(Stamp, ComesBackAsItWasWritten) {
  for (const Stamp stamp :
       {Stamp{0, 0}, Stamp{65535, 0xFFFFFFFF}, Stamp{0x1234, 0x89ABCDEF}, Stamp{299, 1}}) {
    const auto luma = stampedPicture(stamp);
    EXPECT_EQ(read(luma.data(), kWide, kWide, kHigh, kWide), stamp);
  }
}

TEST(Stamp, LaysItsBitsOutInTwoRowsOfThirtyTwoCellsMostSignificantFirst) {
  const auto luma = stampedPicture({0x8001, 0x00000001});
  std::vector<int> set;
  for (int bit = 0; bit < 56; ++bit) {
    if (bitAt(luma, bit)) set.push_back(bit);
  }
  EXPECT_EQ(set, (std::vector<int>{0, 2, 5, 7, 8, 23, 55}));
}

TEST(Stamp, EndsWithTheChecksumOfTheWellKnownPolynomial) {
  // CRC-8 of A5 00 00 00 00 00 00, by long division.
  unsigned crc = 0xA5;
  for (int i = 0; i < 56; ++i) crc = (crc << 1 ^ ((crc & 0x80U) != 0 ? 0x07U : 0U)) & 0xFFU;
  const auto luma = stampedPicture({0, 0});
  unsigned found = 0;
  for (int bit = 56; bit < 64; ++bit) found = found << 1 | (bitAt(luma, bit) ? 1U : 0U);
  EXPECT_EQ(found, crc);
}

TEST(Stamp, TouchesNothingBesidesItsPlace) {
  const auto luma = stampedPicture({7, 7});
  for (int y = 0; y < kHigh; ++y) {
    for (int x = 0; x < kWide; ++x) {
      const bool inside = x < kWidth && y < kHeight;
      EXPECT_EQ(luma[y * kWide + x] == kBackground, !inside);
    }
  }
}

TEST(Stamp, IsReadFromScaledPictures) {
  const Stamp stamp{4711, 0xDEADBEEF};
  const auto luma = stampedPicture(stamp);
  for (const int width : {1280, 960, 640, 480, 428, 320, 160}) {
    const int height = kHigh * width / kWide;
    const auto smaller = scaled(luma, width, height);
    EXPECT_EQ(read(smaller.data(), width, width, height, kWide), stamp) << width;
  }
}

TEST(Stamp, IsReadFromAPictureThatWasMadeSmallerOnTheWay) {
  const Stamp stamp{4711, 0xDEADBEEF};
  const auto luma = stampedPicture(stamp);
  for (const int width : {640, 480, 320, 240, 160, 120, 80}) {
    const int height = kHigh * width / kWide;
    const auto smaller = scaled(luma, width, height);
    EXPECT_EQ(readAdapted(smaller.data(), width, width, height), stamp) << width;
  }
  const std::vector<std::uint8_t> grey(kArea, 128);
  EXPECT_EQ(readAdapted(grey.data(), kWide, kWide, kHigh), std::nullopt);
  EXPECT_EQ(readAdapted(luma.data(), kWide, 0, kHigh), std::nullopt);
  EXPECT_EQ(readAdapted(luma.data(), kWide, 1 << 30, kHigh), std::nullopt);
}

TEST(Stamp, IsReadFromABlurredAndNoisyPicture) {
  const Stamp stamp{815, 123456789};
  auto luma = stampedPicture(stamp);
  for (std::size_t i = 0; i < luma.size(); ++i) {
    luma[i] = static_cast<std::uint8_t>(luma[i] / 2 + 60 + i * 7 % 31);
  }
  EXPECT_EQ(read(luma.data(), kWide, kWide, kHigh, kWide), stamp);
}

TEST(Stamp, IsNotSeenWhereABitIsWrong) {
  for (int bit = 0; bit < 64; ++bit) {
    auto luma = stampedPicture({4711, 42});
    for (int y = 0; y < 16; ++y) {
      for (int x = 0; x < 16; ++x) {
        auto& sample = luma[(bit / 32 * 16 + y) * kWide + bit % 32 * 16 + x];
        sample = sample == 235 ? 16 : 235;
      }
    }
    EXPECT_EQ(read(luma.data(), kWide, kWide, kHigh, kWide), std::nullopt) << bit;
  }
}

TEST(Stamp, IsNotSeenInFlatPictures) {
  for (const int level : {0, 16, 126, 255}) {
    const std::vector<std::uint8_t> luma(kArea, static_cast<std::uint8_t>(level));
    EXPECT_EQ(read(luma.data(), kWide, kWide, kHigh, kWide), std::nullopt);
  }
}

TEST(Stamp, IsNotLookedForInPlanesTooSmallForIt) {
  const auto luma = stampedPicture({1, 2});
  EXPECT_EQ(read(nullptr, kWide, kWide, kHigh, kWide), std::nullopt);
  EXPECT_EQ(read(luma.data(), kWide, kWide, 27, kWide), std::nullopt);
  EXPECT_EQ(read(luma.data(), kWide, 0, 0, kWide), std::nullopt);
  EXPECT_EQ(read(luma.data(), kWide, -640, -64, kWide), std::nullopt);
  EXPECT_EQ(read(luma.data(), 100, kWide, kHigh, kWide), std::nullopt);
  EXPECT_EQ(read(luma.data(), kWide, kWide, kHigh, 0), std::nullopt);
  EXPECT_EQ(read(luma.data(), kWide, kWide, kHigh, -1), std::nullopt);
  EXPECT_EQ(read(luma.data(), kWide, kWide, kHigh, 511), std::nullopt);
  EXPECT_EQ(read(luma.data(), 1, 1, 1, kWide), std::nullopt);
}

TEST(Stamp, AgesModuloTwoToTheThirtyTwo) {
  EXPECT_EQ(ageUs({0, 100}, 350), 250U);
  EXPECT_EQ(ageUs({0, 0xFFFFFFF0}, 0x5'0000'0010), 0x20U);
  EXPECT_EQ(ageUs({0, 0}, 0), 0U);
}

TEST(Stamp, GreysTheChromaOfItsPlaceOnly) {
  std::vector<std::uint8_t> u(320UL * 32, 1);
  std::vector<std::uint8_t> v(320UL * 32, 2);
  neutralChroma(u.data(), 320, v.data(), 320);
  for (int y = 0; y < 32; ++y) {
    for (int x = 0; x < 320; ++x) {
      const bool inside = x < 256 && y < 16;
      EXPECT_EQ(u[y * 320 + x], inside ? 128 : 1);
      EXPECT_EQ(v[y * 320 + x], inside ? 128 : 2);
    }
  }
}

}  // namespace
}  // namespace rtcpub::stamp
