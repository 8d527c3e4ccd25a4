#include "app/client/client_stats.h"

#include <gtest/gtest.h>

namespace rtcpub {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

peer::PeerStats counters(std::uint64_t frames, std::uint64_t bytes) {
  peer::PeerStats stats;
  stats.codec = "H264";
  stats.width = 640;
  stats.height = 480;
  stats.frames = frames;
  stats.videoBytes = bytes;
  return stats;
}

TEST(ClientStats, TellsRatesBetweenTwoReadings) {
  ClientStats stats;
  stats.onCounters(counters(30, 10'000), {}, Time(seconds(1)));
  stats.onCounters(counters(60, 260'000), {}, Time(seconds(2)));
  const auto video = stats.latest().video.value();
  EXPECT_DOUBLE_EQ(video.fps, 30);
  EXPECT_DOUBLE_EQ(video.kbps, 2000);
  EXPECT_EQ(video.frames, 60U);
  EXPECT_EQ(video.codec, "H264");
}

TEST(ClientStats, TellsWhoEncodesAndWhatWasLeftOut) {
  ClientStats stats;
  auto encoded = counters(30, 10'000);
  encoded.encoder = "x264enc";
  encoded.droppedGroups = 3;
  encoded.fecKbps = 600;
  stats.onCounters(encoded, {}, Time(seconds(1)));
  EXPECT_EQ(stats.latest().video->encoder, "x264enc");
  EXPECT_EQ(stats.latest().video->droppedGroups, 3U);
  EXPECT_EQ(stats.latest().video->fecKbps, 600);
}

TEST(ClientStats, TellsHowLongDecodingTookBetweenTwoReadings) {
  ClientStats stats;
  auto decoded = counters(30, 10'000);
  decoded.decodeSeconds = 5;
  stats.onCounters(decoded, {}, Time(seconds(1)));
  decoded.frames = 60;
  decoded.decodeSeconds = 5.06;
  stats.onCounters(decoded, {}, Time(seconds(2)));
  EXPECT_NEAR(stats.latest().video->decodeMs, 2, 1e-9);
  stats.onCounters(decoded, {}, Time(seconds(3)));  // no picture came
  EXPECT_EQ(stats.latest().video->decodeMs, 0);
}

TEST(ClientStats, GoesOnCountingWithANewPeerConnection) {
  ClientStats stats;
  auto first = counters(30, 10'000);
  first.droppedGroups = 2;
  first.incompleteFrames = 4;
  stats.onCounters(first, {}, Time(seconds(1)));
  stats.onNewPeer();
  auto second = counters(15, 125'000);
  second.droppedGroups = 1;
  second.incompleteFrames = 1;
  stats.onCounters(second, {}, Time(seconds(2)));
  const auto video = stats.latest().video.value();
  EXPECT_EQ(video.frames, 45U);
  EXPECT_EQ(video.droppedGroups, 3U);
  EXPECT_EQ(video.incompleteFrames, 5U);
  EXPECT_DOUBLE_EQ(video.fps, 15);
  EXPECT_DOUBLE_EQ(video.kbps, 1000);
}

TEST(ClientStats, HasNoVideoBeforeTheFirstFrame) {
  ClientStats stats;
  stats.onCounters(counters(0, 0), {}, Time(seconds(1)));
  EXPECT_FALSE(stats.latest().video.has_value());
}

TEST(ClientStats, TellsTheLossOfTheLastSecondOnly) {
  ClientStats stats;
  auto first = counters(30, 0);
  first.packets = 100;
  first.packetsLost = 50;
  auto second = counters(60, 0);
  second.packets = 190;
  second.packetsLost = 60;
  stats.onCounters(first, {}, Time(seconds(1)));
  stats.onCounters(second, {}, Time(seconds(2)));
  EXPECT_DOUBLE_EQ(stats.latest().video->loss, 0.1);
}

TEST(ClientStats, CountsDecodedFramesItself) {
  ClientStats stats;
  for (int i = 1; i <= 30; ++i) stats.onFrame(1280, 720, Time(milliseconds(33 * i)), 8.0);
  stats.onCounters(counters(7, 0), {}, Time(milliseconds(1000)));
  const auto latest = stats.latest();
  EXPECT_EQ(latest.video->frames, 30U);
  EXPECT_EQ(latest.video->width, 1280);
  EXPECT_DOUBLE_EQ(latest.latencyMs->p50, 8.0);
}

TEST(ClientStats, SurvivesCountersThatStartAnew) {
  ClientStats stats;
  stats.onCounters(counters(300, 9'000'000), {}, Time(seconds(1)));
  stats.onCounters(counters(3, 9'000), {}, Time(seconds(2)));
  EXPECT_GE(stats.latest().video->fps, 0);
  EXPECT_GE(stats.latest().video->kbps, 0);
  EXPECT_LT(stats.latest().video->kbps, 1'000'000);
}

TEST(ClientStats, KnowsStateAndViewersAtOnce) {
  ClientStats stats;
  stats.onState({ConnectionState::kConnected, ""});
  EXPECT_TRUE(stats.onViewers(3));
  EXPECT_FALSE(stats.onViewers(3)) << "no news";
  EXPECT_EQ(stats.latest().state, ConnectionState::kConnected);
  EXPECT_EQ(stats.latest().viewers, 3);
}

}  // namespace
}  // namespace rtcpub
