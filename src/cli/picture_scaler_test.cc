#include "cli/picture_scaler.h"

#include <gtest/gtest.h>

#include <numeric>

namespace rtcpub::cli {
namespace {

Samples plane(int width, int height, std::vector<std::uint8_t> data) {
  return {width, height, std::move(data)};
}

TEST(PictureScaler, LeavesAPlaneOfTheRightSizeAsItIs) {
  const auto same = plane(2, 2, {1, 2, 3, 4});
  EXPECT_EQ(scaled(same, 2, 2).data, same.data);
}

TEST(PictureScaler, KeepsAPlainPlanePlain) {
  const auto grey = plane(7, 5, std::vector<std::uint8_t>(35, 77));
  for (const auto& [width, height] : {std::pair{3, 2}, {14, 20}, {1, 1}, {7, 50}}) {
    const auto other = scaled(grey, width, height);
    EXPECT_EQ(other.data, std::vector<std::uint8_t>(static_cast<std::size_t>(width * height), 77));
  }
}

TEST(PictureScaler, TakesTheMeanOfWhatItShrinks) {
  // Stripes of one sample each become grey; picking single samples would give 0 or 200.
  Samples stripes{.width = 16, .height = 2, .data = {}};
  for (int i = 0; i < 32; ++i) stripes.data.push_back(i % 2 == 0 ? 0 : 200);
  const auto small = scaled(stripes, 4, 1);
  for (const auto sample : small.data) EXPECT_NEAR(sample, 100, 26);
  EXPECT_NEAR(std::accumulate(small.data.begin(), small.data.end(), 0.0) / 4, 100, 3);
}

TEST(PictureScaler, KeepsARampARamp) {
  const auto ramp = plane(4, 1, {0, 80, 160, 240});
  const auto wide = scaled(ramp, 8, 1);
  for (std::size_t i = 1; i < wide.data.size(); ++i) EXPECT_GE(wide.data[i], wide.data[i - 1]);
  EXPECT_EQ(wide.data.front(), 0);
  EXPECT_EQ(wide.data.back(), 240);
}

TEST(PictureScaler, PlacesAPictureOfAnotherShapeInTheMiddle) {
  EXPECT_EQ(placementOf(1280, 720, 640, 360), (Placement{0, 0, 640, 360}));
  EXPECT_EQ(placementOf(638, 358, 640, 360), (Placement{0, 0, 640, 360}));
  EXPECT_EQ(placementOf(360, 640, 640, 360), (Placement{218, 0, 202, 360}));
  EXPECT_EQ(placementOf(640, 480, 640, 640), (Placement{0, 80, 640, 480}));
  EXPECT_EQ(placementOf(4096, 2, 2, 2), (Placement{0, 0, 2, 2}));
}

TEST(PictureScaler, PutsBlackBesideAPictureOfAnotherShape) {
  const std::vector<std::uint8_t> luma(4 * 2, 200);
  const std::vector<std::uint8_t> chroma(2, 60);
  const VideoFrame frame{.width = 4,
                         .height = 2,
                         .planes = {{{luma.data(), 4}, {chroma.data(), 2}, {chroma.data(), 2}}}};
  const std::string planes = planesOf(frame, 4, 6);
  const std::string bar(8, '\x10');
  const std::string grey(2, '\x80');
  EXPECT_EQ(planes, bar + std::string(8, '\xC8') + bar + grey + "<<" + grey + grey + "<<" + grey);
}

TEST(PictureScaler, TakesTheChromaOfNv12Apart) {
  const std::vector<std::uint8_t> luma(4 * 2, 100);
  const std::vector<std::uint8_t> chroma{1, 2, 3, 4};
  const VideoFrame frame{.width = 4,
                         .height = 2,
                         .format = PixelFormat::kNv12,
                         .planes = {{{luma.data(), 4}, {chroma.data(), 4}, {}}}};
  EXPECT_EQ(planesOf(frame, 4, 2), std::string(8, 'd') + "\1\3\2\4");
}

TEST(PictureScaler, ReadsSizes) {
  EXPECT_EQ(parsePictureSize("640x360"), (PictureSize{640, 360}));
  EXPECT_EQ(parsePictureSize("2x8192"), (PictureSize{2, 8192}));
  for (const char* text : {"", "x", "640", "640x", "x360", "641x360", "640x361", "0x0", "-2x2",
                           "640x8194", "640x360x2", " 640x360", "640X360"}) {
    EXPECT_EQ(parsePictureSize(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace rtcpub::cli
