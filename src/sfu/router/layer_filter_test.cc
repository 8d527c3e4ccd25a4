#include "sfu/router/layer_filter.h"

#include <gtest/gtest.h>

namespace rtcpub::sfu {
namespace {

constexpr bool kKey = true;
constexpr bool kDelta = false;

TEST(LayerFilter, LetsAllPassAtFirst) { EXPECT_TRUE(LayerFilter{}.passes({.id = 7})); }

TEST(LayerFilter, GivesLayersUpAtAnyFrame) {
  LayerFilter filter;
  filter.onFrame({.id = 2}, kDelta, 1);
  EXPECT_FALSE(filter.passes({.id = 2}));
  EXPECT_TRUE(filter.passes({.id = 1}));
  filter.onFrame({.id = 1}, kDelta, 0);
  EXPECT_FALSE(filter.passes({.id = 1}));
  EXPECT_TRUE(filter.passes({.id = 0}));
}

TEST(LayerFilter, TakesThemBackOneByOneWhereTheyDependOnTheLowestAlone) {
  LayerFilter filter;
  filter.onFrame({.id = 0}, kDelta, 0);
  filter.onFrame({.id = 1}, kDelta, 2);
  EXPECT_EQ(filter.highest(), 0) << "it depends on others of its layer";
  filter.onFrame({.id = 2, .sync = true}, kDelta, 2);
  EXPECT_EQ(filter.highest(), 0) << "those of the layer between would not be decodable";
  filter.onFrame({.id = 1, .sync = true}, kDelta, 2);
  EXPECT_EQ(filter.highest(), 1);
  filter.onFrame({.id = 2, .sync = true}, kDelta, 2);
  EXPECT_EQ(filter.highest(), 2);
}

TEST(LayerFilter, TakesThemAllBackBehindASwitchingPoint) {
  LayerFilter filter;
  filter.onFrame({.id = 0}, kDelta, 0);
  filter.onFrame({.id = 1, .switchesUp = true}, kDelta, 2);
  EXPECT_EQ(filter.highest(), 0) << "it isn't decoded itself";
  filter.onFrame({.id = 0, .switchesUp = true}, kDelta, 2);
  EXPECT_EQ(filter.highest(), 2);
}

TEST(LayerFilter, TakesThemAllBackAtAKeyFrame) {
  LayerFilter filter;
  filter.onFrame({.id = 0}, kDelta, 0);
  filter.onFrame({.id = 0}, kKey, kHighestLayer);
  EXPECT_TRUE(filter.passes({.id = 3}));
}

TEST(LayerFilter, StartsAnewWithAnotherStream) {
  LayerFilter filter;
  filter.onFrame({.id = 0}, kDelta, 0);
  filter.reset();
  EXPECT_TRUE(filter.passes({.id = 2}));
}

}  // namespace
}  // namespace rtcpub::sfu
