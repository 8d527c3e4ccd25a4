#include "sfu/router/layer_rates.h"

#include <gtest/gtest.h>

#include <chrono>

namespace rtcpub::sfu {
namespace {

constexpr Time kNow{std::chrono::seconds(100)};

/// 800, 400 and 800 kbit/s.
LayerRates threeLayers() {
  LayerRates rates;
  rates.add(0, 100'000, kNow);
  rates.add(1, 50'000, kNow);
  rates.add(2, 100'000, kNow);
  return rates;
}

TEST(LayerRates, FitAllIntoAWidePath) {
  EXPECT_EQ(threeLayers().fitting(10'000'000, 0, kNow), kHighestLayer);
  EXPECT_EQ(LayerRates{}.fitting(0, 0, kNow), kHighestLayer) << "of nothing";
}

TEST(LayerRates, KeepWhatAPathCarriesAndTakeMoreOnlyWithRoomToSpare) {
  const auto rates = threeLayers();
  EXPECT_EQ(rates.fitting(2'300'000, kHighestLayer, kNow), kHighestLayer);
  EXPECT_EQ(rates.fitting(2'300'000, 1, kNow), 1);
  EXPECT_EQ(rates.fitting(2'700'000, 1, kNow), kHighestLayer);
  EXPECT_EQ(rates.fitting(1'400'000, kHighestLayer, kNow), 1);
  EXPECT_EQ(rates.fitting(1'400'000, 0, kNow), 0);
}

TEST(LayerRates, HaveTheLowestFitEverywhere) {
  EXPECT_EQ(threeLayers().fitting(10'000, kHighestLayer, kNow), 0);
}

TEST(LayerRates, TakeALayerBeyondTheHighestForThat) {
  LayerRates rates;
  rates.add(200, 100'000, kNow);
  EXPECT_EQ(rates.fitting(10'000, kHighestLayer, kNow), kHighestLayer - 1);
}

}  // namespace
}  // namespace rtcpub::sfu
