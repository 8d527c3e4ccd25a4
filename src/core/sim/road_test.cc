#include "core/sim/road.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace rtcpub::sim {
namespace {

TEST(Road, IsClosedAndItsSectionsAreAMetreApart) {
  const Road road;
  const auto& sections = road.sections();
  EXPECT_NEAR(road.length(), 299, 1);
  double turned = 0;
  for (std::size_t i = 0; i < sections.size(); ++i) {
    const auto& next = sections[(i + 1) % sections.size()];
    EXPECT_NEAR(std::hypot(next.x - sections[i].x, next.y - sections[i].y), 1, 0.02);
    const double turn = std::remainder(next.heading - sections[i].heading, 2 * M_PI);
    EXPECT_LT(std::abs(turn), 0.2);
    turned += turn;
  }
  EXPECT_NEAR(turned, 2 * M_PI, 1e-6);
}

TEST(Road, HasNoBendThatIsTooSharpForItsWidthAndKeepsAwayFromItself) {
  const Road road;
  const auto count = static_cast<int>(road.sections().size());
  for (int i = 0; i < count; ++i) {
    const auto& a = road.sections()[i];
    EXPECT_LT(std::abs(a.curvature), 1 / (Road::kHalfWidth + Road::kKerbWidth + 2));
    for (int j = 0; j < count; ++j) {
      const int apart = std::min((i - j + count) % count, (j - i + count) % count);
      if (apart < 40) continue;
      const auto& b = road.sections()[j];
      EXPECT_GT(std::hypot(a.x - b.x, a.y - b.y), 2 * Road::kVerge);
    }
  }
}

TEST(Road, BeginsOnAStraightAtTheLine) {
  const Road road;
  for (int distance = -20; distance < 10; ++distance) {
    EXPECT_NEAR(road.at(distance).heading, 0, 0.02) << distance;
    EXPECT_FALSE(road.at(distance).bends());
  }
}

TEST(Road, FindsAPlaceAgainThatItGave) {
  const Road road;
  for (double distance = -30; distance < road.length() + 30; distance += 0.7) {
    const auto section = road.at(distance);
    for (const double offset : {-3.0, 0.0, 3.0}) {
      const double x = section.x - std::sin(section.heading) * offset;
      const double y = section.y + std::cos(section.heading) * offset;
      const auto place = road.locate(x, y, distance + 3);
      EXPECT_NEAR(std::remainder(place.distance - distance, road.length()), 0, 0.3);
      EXPECT_NEAR(place.offset, offset, 0.1);
      EXPECT_GE(place.distance, 0);
      EXPECT_LT(place.distance, road.length());
    }
  }
}

TEST(Road, HasKerbsInBendsOnlyAndGrassBeyond) {
  const Road road;
  const double beside = Road::kHalfWidth + Road::kKerbWidth / 2;
  EXPECT_EQ(road.groundAt({0, 0}), Ground::kAsphalt);
  EXPECT_EQ(road.groundAt({0, -Road::kHalfWidth}), Ground::kAsphalt);
  EXPECT_EQ(road.groundAt({0, beside}), Ground::kGrass);
  EXPECT_EQ(road.groundAt({0, -8}), Ground::kGrass);
  const auto& sections = road.sections();
  const auto bend = std::find_if(sections.begin(), sections.end(),
                                 [](const auto& section) { return section.bends(); });
  ASSERT_NE(bend, sections.end());
  const auto distance = double(bend - sections.begin() + 2);
  EXPECT_EQ(road.groundAt({distance, beside}), Ground::kKerb);
  EXPECT_EQ(road.groundAt({distance, -beside}), Ground::kKerb);
}

}  // namespace
}  // namespace rtcpub::sim
