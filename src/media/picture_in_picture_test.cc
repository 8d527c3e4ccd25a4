#include "media/picture_in_picture.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>

#include "media/own_source_test.h"

namespace rtcpub::media {
namespace {

using Colour = std::array<int, 3>;

constexpr Colour kPicture{40, 90, 160};
constexpr Colour kInsert{200, 150, 60};

Colour at(const VideoFrame& frame, int x, int y) {
  const auto sample = [&](int plane, int scale) {
    const Plane& from = frame.planes[static_cast<std::size_t>(plane)];
    return int{from.data[std::ptrdiff_t{from.stride} * (y / scale) + x / scale]};
  };
  return {sample(0, 1), sample(1, 2), sample(2, 2)};
}

VideoFrame i420(int width, int height, const Colour& colour) {
  return plainFrame(width, height, colour[0], colour[1], colour[2]);
}
VideoFrame nv12(int width, int height, const Colour& colour) {
  return plainNv12Frame(width, height, colour[0], colour[1], colour[2]);
}

/// How many of the picture's samples have the insert's luma, but for the scaler's rounding.
int insertedSamples(const VideoFrame& frame) {
  int count = 0;
  for (int y = 0; y < frame.height; ++y) {
    for (int x = 0; x < frame.width; ++x)
      count += std::abs(at(frame, x, y)[0] - kInsert[0]) <= 2 ? 1 : 0;
  }
  return count;
}

void expectInsertOf640x480(const VideoFrame& frame) {
  // 160x120 in the corner of 640x480, 10 pixels from its sides.
  EXPECT_EQ(insertedSamples(frame), 160 * 120);
  for (const auto& [x, y] : {std::pair(470, 350), std::pair(629, 469), std::pair(550, 400)}) {
    EXPECT_EQ(at(frame, x, y), kInsert) << x << " " << y;
  }
  for (const auto& [x, y] : {std::pair(469, 350), std::pair(470, 349), std::pair(630, 469),
                             std::pair(629, 470), std::pair(0, 0), std::pair(639, 479)}) {
    EXPECT_EQ(at(frame, x, y), kPicture) << x << " " << y;
  }
}

TEST(PictureInPicture, ShowsTheInsertInTheCornerWhateverTheFormats) {
  PictureInPicture composer;
  expectInsertOf640x480(composer.compose(i420(640, 480, kPicture), i420(320, 240, kInsert)));
  expectInsertOf640x480(composer.compose(nv12(640, 480, kPicture), i420(320, 240, kInsert)));
  expectInsertOf640x480(composer.compose(i420(640, 480, kPicture), nv12(320, 240, kInsert)));
  expectInsertOf640x480(composer.compose(nv12(640, 480, kPicture), nv12(1280, 960, kInsert)));
}

TEST(PictureInPicture, ChangesNothingInThePictureItself) {
  PictureInPicture composer;
  const VideoFrame picture = i420(640, 480, kPicture);
  const VideoFrame composed = composer.compose(picture, i420(320, 240, kInsert));
  EXPECT_NE(composed.planes[0].data, picture.planes[0].data);
  EXPECT_EQ(insertedSamples(picture), 0);
}

TEST(PictureInPicture, KeepsTimeAndScene) {
  PictureInPicture composer;
  VideoFrame picture = i420(640, 480, kPicture);
  picture.time = Time(std::chrono::microseconds(1234));
  picture.scene = 7;
  const VideoFrame composed = composer.compose(picture, nv12(320, 240, kInsert));
  EXPECT_EQ(composed.time, picture.time);
  EXPECT_EQ(composed.scene, 7);
}

TEST(PictureInPicture, KeepsTheInsertsFormAndStaysInsideThePicture) {
  PictureInPicture composer;
  const VideoFrame tall = composer.compose(i420(640, 480, kPicture), i420(240, 960, kInsert));
  EXPECT_EQ(insertedSamples(tall), 60 * 240);
  const VideoFrame wide = composer.compose(i420(640, 480, kPicture), i420(1600, 200, kInsert));
  EXPECT_EQ(insertedSamples(wide), 160 * 20);
}

TEST(PictureInPicture, FollowsTheSizeOfThePicture) {
  PictureInPicture composer;
  for (const auto& [width, height] :
       {std::pair(640, 480), std::pair(1280, 720), std::pair(66, 50)}) {
    const VideoFrame composed =
        composer.compose(nv12(width, height, kPicture), i420(64, 48, kInsert));
    EXPECT_EQ(composed.width, width);
    EXPECT_EQ(composed.height, height);
    EXPECT_GT(insertedSamples(composed), width * height / 20);
  }
}

TEST(PictureInPicture, LeavesATinyPictureAsItIs) {
  PictureInPicture composer;
  const VideoFrame tiny = i420(16, 16, kPicture);
  EXPECT_EQ(composer.compose(tiny, i420(64, 48, kInsert)).planes[0].data, tiny.planes[0].data);
  const VideoFrame picture = i420(640, 480, kPicture);
  EXPECT_EQ(composer.compose(picture, i420(8192, 2, kInsert)).planes[0].data,
            picture.planes[0].data);
}

TEST(PictureInPicture, UsesItsMemoryAgain) {
  PictureInPicture composer;
  const VideoFrame picture = i420(640, 480, kPicture);
  const VideoFrame insert = i420(320, 240, kInsert);
  const std::uint8_t* first = composer.compose(picture, insert).planes[0].data;
  EXPECT_EQ(composer.compose(picture, insert).planes[0].data, first);
}

}  // namespace
}  // namespace rtcpub::media
