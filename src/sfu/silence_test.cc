#include "sfu/silence.h"

#include <gtest/gtest.h>

#include "sfu/media_server.h"
#include "sfu/transport/data_message.h"

namespace rtcpub::sfu {
namespace {

using namespace std::chrono_literals;

TEST(Silence, GrowsWhileNothingComes) {
  Silence silence;
  const Time start{100s};
  EXPECT_EQ(silence.look(start, start), 0us);
  EXPECT_EQ(silence.look(start, start + 100ms), 100ms);
  EXPECT_EQ(silence.look(start, start + 200ms), 200ms);
  EXPECT_EQ(silence.length(), 200ms);
}

TEST(Silence, EndsWhenSomethingComes) {
  Silence silence;
  const Time start{100s};
  for (auto at = 0ms; at <= 3000ms; at += 100ms) (void)silence.look(start, start + at);
  EXPECT_EQ(silence.length(), 3s);
  EXPECT_EQ(silence.look(start + 3050ms, start + 3100ms), 0us);
}

TEST(Silence, CountsOfAClientThatWasNeverHeardToo) {
  Silence silence;
  const Time start{100s};
  EXPECT_EQ(silence.look(std::nullopt, start), 0us);
  EXPECT_EQ(silence.look(std::nullopt, start + 100ms), 100ms);
}

TEST(Silence, IsNotAClientsWhileTheServerStandsStill) {
  Silence silence;
  const Time start{100s};
  (void)silence.look(start, start);
  EXPECT_EQ(silence.look(start, start + 1h), Silence::kLongestStep);
  EXPECT_EQ(silence.look(start + 1h, start + 1h + 100ms), 0us);
}

TEST(Silence, OfAClientWithDataChannelsTakesMoreThanOneLostMessage) {
  constexpr auto kSlowPath = 600ms;  // there and back
  EXPECT_LE(2 * kHeartbeat + kSlowPath, MediaServerOptions{}.silence);
}

}  // namespace
}  // namespace rtcpub::sfu
