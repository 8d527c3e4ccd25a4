#include "cli/video_timing.h"

#include <gtest/gtest.h>

namespace rtcpub::cli {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

Time at(std::int64_t ms) { return Time(milliseconds(1'000'000 + ms)); }

int fpsOf(const std::vector<std::int64_t>& ms) {
  RateEstimate estimate;
  for (const auto time : ms) estimate.add(at(time));
  return estimate.fps();
}

TEST(RateEstimate, KnowsTheRateOfAnEvenStream) {
  for (const int fps : {5, 10, 12, 15, 24, 25, 30, 50, 60}) {
    RateEstimate estimate;
    for (int i = 0; i <= fps; ++i) estimate.add(Time(microseconds(i * 1'000'000 / fps)));
    EXPECT_EQ(estimate.fps(), fps);
  }
}

TEST(RateEstimate, LooksThroughABurstAPauseAndJitter) {
  // 20 a second: five at once in the beginning, then one that is 150 ms late, and jitter.
  EXPECT_EQ(fpsOf({0, 1, 2, 3, 4, 50, 104, 148, 203, 250, 299, 500, 551, 600, 648, 702, 750}), 20);
}

TEST(RateEstimate, SaysThirtyOfAStreamThatShowsTooLittle) {
  EXPECT_EQ(fpsOf({}), RateEstimate::kUnknown);
  EXPECT_EQ(fpsOf({0, 500, 1000}), RateEstimate::kUnknown);
  EXPECT_EQ(fpsOf({0, 0, 0, 0, 0, 0}), RateEstimate::kUnknown);
}

TEST(RateEstimate, SettlesAfterASecondOrThirtyIntervals) {
  RateEstimate estimate;
  EXPECT_FALSE(estimate.settled(at(5000)));
  estimate.add(at(0));
  EXPECT_FALSE(estimate.settled(at(999)));
  EXPECT_TRUE(estimate.settled(at(1000)));
  for (int i = 1; i <= 30; ++i) estimate.add(at(10 * i));
  EXPECT_TRUE(estimate.settled(at(300)));
}

// What is written for pictures that come at these times: how often each, the first one once.
class Written {
 public:
  explicit Written(int fps) : timing_(fps, at(0)) {}
  void picture(std::int64_t ms) {
    repeats_ += timing_.repeats(at(ms));
    if (timing_.takes(at(ms))) {
      ++pictures_;
    } else {
      ++leftOut_;
    }
  }
  void pass(std::int64_t ms) { repeats_ += timing_.repeats(at(ms)); }
  [[nodiscard]] Time deadline() const { return timing_.deadline(); }
  [[nodiscard]] int all() const { return pictures_ + repeats_; }
  int pictures_ = 0;
  int repeats_ = 0;
  int leftOut_ = 0;

 private:
  VideoTiming timing_;
};

TEST(VideoTiming, WritesAnEvenStreamAsItComes) {
  Written written(30);
  for (int i = 0; i < 300; ++i) written.picture(i * 1000 / 30);
  EXPECT_EQ(written.pictures_, 300);
  EXPECT_EQ(written.repeats_, 0);
}

TEST(VideoTiming, LetsJitterPass) {
  Written written(30);
  for (int i = 0; i < 300; ++i) written.picture(i * 1000 / 30 + (i * 7 % 5) * 12);
  EXPECT_EQ(written.pictures_, 300);
  EXPECT_EQ(written.repeats_, 0);
}

TEST(VideoTiming, RepeatsWhatStandsStill) {
  Written written(30);
  written.picture(0);
  std::int64_t repeated = 0;
  while (written.deadline() < at(5000)) {
    const auto before = written.repeats_;
    const auto ms = std::chrono::ceil<milliseconds>(written.deadline() - at(0)).count();
    written.pass(ms);
    EXPECT_GT(written.repeats_, before) << ms;
    EXPECT_LE(written.repeats_ - before, 4) << ms;
    if (++repeated > 1000) FAIL();
  }
  EXPECT_NEAR(written.all(), 150, 1);
}

TEST(VideoTiming, KeepsTheTimeOfAStreamThatBecomesSlowerOrFaster) {
  Written slower(30);
  for (int i = 0; i < 75; ++i) slower.picture(i * 1000 / 15);
  EXPECT_NEAR(slower.all(), 150, 4);
  EXPECT_EQ(slower.pictures_, 75);
  Written faster(15);
  for (int i = 0; i < 150; ++i) faster.picture(i * 1000 / 30);
  EXPECT_NEAR(faster.all(), 75, 4);
  EXPECT_NEAR(faster.leftOut_, 75, 4);
}

TEST(VideoTiming, MakesUpForTwoSecondsOfALongStandstillOnly) {
  Written written(30);
  written.picture(0);
  written.picture(60'000);
  EXPECT_EQ(written.repeats_, 60);
  for (int i = 1; i <= 30; ++i) written.picture(60'000 + i * 1000 / 30);
  EXPECT_EQ(written.repeats_, 60);
  EXPECT_EQ(written.pictures_, 32);
}

}  // namespace
}  // namespace rtcpub::cli
