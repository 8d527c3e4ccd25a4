#include "sfu/router/simulcast_choice.h"

#include <gtest/gtest.h>

namespace rtcpub::sfu {
namespace {

using std::chrono::milliseconds;

/// Layers that send a picture each 33 ms, of so many bytes; 0 sends none.
class Simulcast : public ::testing::Test {
 protected:
  void send(std::vector<std::size_t> bytes, milliseconds time) {
    for (const Time end = now + time; now < end; now += milliseconds(33)) {
      for (std::size_t layer = 0; layer < bytes.size(); ++layer) {
        if (bytes[layer] != 0) packet(layer, bytes[layer], asked == layer && answers);
      }
    }
  }

  void packet(std::size_t layer, std::size_t bytes, bool key) {
    const auto before = choice.chosen();
    const auto verdict = choice.onPacket(layer, bytes, key, now);
    if (key) asked.reset();
    if (verdict.ask) {
      asked = verdict.ask;
      ++requests;
    }
    EXPECT_EQ(verdict.passes, choice.chosen() == layer);
    EXPECT_EQ(verdict.changed, choice.chosen() != before);
    if (verdict.changed) {
      ++changes;
      EXPECT_TRUE(key);
    }
  }

  /// All begin with a key frame, in their order.
  void begin() {
    for (std::size_t layer = 0; layer < 3; ++layer) packet(layer, 100, true);
  }

  SimulcastChoice choice{3};
  Time now{std::chrono::seconds(100)};
  std::optional<std::size_t> asked;
  bool answers = true;  ///< a layer that is asked sends a key frame
  int requests = 0;
  int changes = 0;
};

TEST_F(Simulcast, BeginsWithTheFirstKeyFrame) {
  const auto verdict = choice.onPacket(2, 100, false, now);
  EXPECT_FALSE(verdict.passes);
  EXPECT_EQ(verdict.ask, 2U) << "it may have been lost";
  EXPECT_FALSE(choice.onPacket(2, 100, false, now).ask);
  EXPECT_FALSE(choice.chosen());
  EXPECT_TRUE(choice.onPacket(1, 100, true, now).passes);
  EXPECT_EQ(choice.chosen(), 1U);
}

TEST_F(Simulcast, ChangesToTheLayerWithTheMostBitsWhateverItsPlace) {
  for (std::size_t best = 0; best < 3; ++best) {
    choice = SimulcastChoice(3);
    changes = 0;
    std::vector<std::size_t> bytes{500, 500, 500};
    bytes[best] = 5000;
    bytes[(best + 1) % 3] = 1500;
    begin();
    send(bytes, milliseconds(1500));
    EXPECT_EQ(choice.chosen(), best);
    send(bytes, milliseconds(10'000));
    EXPECT_EQ(choice.chosen(), best);
    EXPECT_EQ(changes, best == 0 ? 1 : 2);
  }
}

TEST_F(Simulcast, StaysAtALayerThatIsAboutAsGood) {
  begin();
  for (int i = 0; i < 20; ++i) send({1000, 1000U + (i % 2) * 200U, 900}, milliseconds(1200));
  EXPECT_EQ(choice.chosen(), 0U);
  EXPECT_EQ(requests, 0);
}

TEST_F(Simulcast, LeavesALayerThatStopsAndComesBackToIt) {
  begin();
  send({500, 1500, 5000}, milliseconds(2000));
  ASSERT_EQ(choice.chosen(), 2U);
  send({500, 1500, 0}, SimulcastChoice::kSilence + milliseconds(100));
  EXPECT_EQ(choice.chosen(), 1U);
  send({500, 0, 0}, SimulcastChoice::kSilence + milliseconds(100));
  EXPECT_EQ(choice.chosen(), 0U);
  send({500, 1500, 5000}, milliseconds(2000));
  EXPECT_EQ(choice.chosen(), 2U);
}

TEST_F(Simulcast, WaitsForTheKeyFrameAndAsksAgainForOne) {
  answers = false;
  begin();
  send({500, 1500, 5000}, milliseconds(3500));
  EXPECT_EQ(choice.chosen(), 0U);
  EXPECT_EQ(asked, 2U);
  EXPECT_EQ(requests, 3);
  answers = true;
  send({500, 1500, 5000}, milliseconds(50));
  EXPECT_EQ(choice.chosen(), 2U);
}

TEST_F(Simulcast, AsksForNothingOnceTheChosenLayerIsBack) {
  answers = false;
  begin();
  send({5000, 500, 0}, milliseconds(1000));
  send({0, 500, 0}, SimulcastChoice::kSilence + milliseconds(50));
  EXPECT_EQ(requests, 1);
  send({5000, 500, 0}, milliseconds(3000));
  EXPECT_EQ(requests, 1);
  answers = true;
  packet(1, 500, true);
  EXPECT_EQ(choice.chosen(), 0U);
}

TEST_F(Simulcast, KnowsNoOtherLayers) {
  EXPECT_FALSE(choice.onPacket(3, 100, true, now).passes);
  EXPECT_FALSE(choice.chosen());
}

}  // namespace
}  // namespace rtcpub::sfu
