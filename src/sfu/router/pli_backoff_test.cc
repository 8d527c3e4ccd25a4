#include "sfu/router/pli_backoff.h"

#include <gtest/gtest.h>

#include <vector>

namespace rtcpub::sfu {
namespace {

using std::chrono::milliseconds;

constexpr Time kStart{std::chrono::seconds(100)};
constexpr milliseconds kFrame{33};

/// A viewer that asks with each frame, and the moments when its requests counted. Each is answered
/// by a key frame after a while.
struct Viewer {
  PliBackoff backoff;
  Time now = kStart;
  std::vector<milliseconds> passed;
  std::optional<Time> keyFrameAt;
  bool answers = true;

  void note(bool counts) {
    if (!counts) return;
    passed.push_back(std::chrono::duration_cast<milliseconds>(now - kStart));
    if (answers && !keyFrameAt) keyFrameAt = now + milliseconds(100);
  }
  void askFor(milliseconds time) {
    for (const Time end = now + time; now < end; now += kFrame) {
      if (keyFrameAt && now >= *keyFrameAt) {
        backoff.onKeyFrame();
        keyFrameAt.reset();
      }
      note(backoff.onTime(now));
      note(backoff.request(now));
    }
  }
};

TEST(PliBackoff, DoublesTheWaitOfWhoAsksOnAfterEachKeyFrame) {
  Viewer viewer;
  viewer.askFor(milliseconds(20'000));
  // Every request until the first key frame is there counts; the limiter has its say on them.
  std::vector<milliseconds> waits;
  for (std::size_t i = 1; i < viewer.passed.size(); ++i) {
    const auto wait = viewer.passed[i] - viewer.passed[i - 1];
    if (wait > kFrame) waits.push_back(wait);
  }
  ASSERT_GE(waits.size(), 6U);
  EXPECT_NEAR(waits[0].count(), 500, 33);
  EXPECT_NEAR(waits[1].count(), 1000, 33);
  EXPECT_NEAR(waits[2].count(), 2000, 33);
  for (std::size_t i = 3; i < waits.size(); ++i) EXPECT_NEAR(waits[i].count(), 4000, 33);
}

TEST(PliBackoff, HoldsNobodyBackWhoGetsNoKeyFrame) {
  Viewer viewer;
  viewer.answers = false;
  viewer.askFor(milliseconds(3'000));
  EXPECT_EQ(viewer.passed.size(), 91U);
}

TEST(PliBackoff, BeginsAnewAfterAPause) {
  Viewer viewer;
  viewer.askFor(milliseconds(20'000));
  viewer.now += milliseconds(1'000);
  EXPECT_TRUE(viewer.backoff.request(viewer.now));
  EXPECT_TRUE(viewer.backoff.request(viewer.now + milliseconds(200)));
}

TEST(PliBackoff, KeepsTheOnlyRequestOfWhoDoesNotRepeatIt) {
  PliBackoff backoff;
  EXPECT_TRUE(backoff.request(kStart));
  backoff.onKeyFrame();
  EXPECT_TRUE(backoff.request(kStart + milliseconds(200)));
  backoff.onKeyFrame();
  EXPECT_FALSE(backoff.request(kStart + milliseconds(300)));
  ASSERT_EQ(backoff.deadline(), kStart + milliseconds(700));
  EXPECT_FALSE(backoff.onTime(kStart + milliseconds(699)));
  EXPECT_TRUE(backoff.onTime(kStart + milliseconds(700)));
  EXPECT_EQ(backoff.deadline(), std::nullopt);
}

TEST(PliBackoff, IsNotTouchedByKeyFramesThatNobodyAskedFor) {
  PliBackoff backoff;
  for (int i = 0; i < 10; ++i) {
    const Time now = kStart + i * milliseconds(3'000);
    EXPECT_TRUE(backoff.request(now));
    backoff.onKeyFrame();
    backoff.onKeyFrame();
  }
}

}  // namespace
}  // namespace rtcpub::sfu
