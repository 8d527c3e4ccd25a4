#include "core/source/source_watch.h"

#include <gtest/gtest.h>

namespace rtcpub {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Due = SourceWatch::Due;

constexpr Time kStart{seconds(100)};

// A source that has shown its first picture at kStart.
SourceWatch liveWatch(bool stalls = true) {
  SourceWatch watch(stalls);
  watch.onOpening(kStart);
  EXPECT_TRUE(watch.onPictures(1, kStart));
  return watch;
}

TEST(SourceWatch, CountsASourceAsLostWithoutAPictureForTwoSeconds) {
  SourceWatch watch = liveWatch();
  EXPECT_EQ(watch.due(kStart + milliseconds(1999)), Due::kNothing);
  EXPECT_EQ(watch.deadline(), kStart + seconds(2));
  EXPECT_EQ(watch.due(watch.deadline()), Due::kLost);
}

TEST(SourceWatch, StaysWithASourceThatYieldsPictures) {
  SourceWatch watch = liveWatch();
  EXPECT_FALSE(watch.onPictures(31, kStart + seconds(1)));
  EXPECT_EQ(watch.deadline(), kStart + seconds(3));
}

TEST(SourceWatch, HasMorePatienceWithASlowSource) {
  SourceWatch watch = liveWatch();
  watch.onPictures(4, kStart + seconds(9));  // one in three seconds
  EXPECT_EQ(watch.deadline(), kStart + seconds(9 + 12));
  watch.onPictures(5, kStart + seconds(90));
  EXPECT_EQ(watch.deadline(), kStart + seconds(90) + SourceWatch::kLongestPatience);
}

TEST(SourceWatch, NeverCallsAFileStalled) {
  SourceWatch watch = liveWatch(false);
  EXPECT_EQ(watch.due(kStart + std::chrono::hours(1)), Due::kNothing);
  EXPECT_TRUE(watch.onLoss(kStart + std::chrono::hours(1)));
  EXPECT_EQ(watch.due(kStart + std::chrono::hours(1) + seconds(1)), Due::kReopen);
}

TEST(SourceWatch, OpensAgainSoonAndThenLessAndLessOften) {
  SourceWatch watch = liveWatch();
  Time now = kStart + seconds(1);
  EXPECT_TRUE(watch.onLoss(now));
  for (const int wait : {250, 500, 1000, 2000, 4000, 8000, 10000, 10000}) {
    EXPECT_NE(watch.due(now + milliseconds(wait - 1)), Due::kReopen) << wait;
    now += milliseconds(wait);
    EXPECT_EQ(watch.due(now), Due::kReopen);
    watch.onOpening(now);
    EXPECT_FALSE(watch.onLoss(now));
  }
}

TEST(SourceWatch, WaitsShortlyAgainOnlyWhenPicturesHaveComeForAWhile) {
  SourceWatch watch = liveWatch();
  Time now = kStart;
  watch.onLoss(now);
  watch.onOpening(now);
  EXPECT_TRUE(watch.onPictures(1, now));
  watch.onLoss(now);
  EXPECT_EQ(watch.due(now + milliseconds(499)), Due::kNothing);
  now += milliseconds(500);
  watch.onOpening(now);
  watch.onPictures(1, now);
  watch.onPictures(151, now + seconds(5));
  now += seconds(5);
  watch.onLoss(now);
  EXPECT_EQ(watch.due(now + milliseconds(250)), Due::kReopen);
}

TEST(SourceWatch, GivesAnOpeningFiveSeconds) {
  SourceWatch watch = liveWatch();
  watch.onLoss(kStart);
  const Time now = kStart + milliseconds(250);
  watch.onOpening(now);
  EXPECT_EQ(watch.due(now + seconds(5)), Due::kLost);
  EXPECT_FALSE(watch.live());
}

TEST(SourceWatch, ShowsTheLastPictureTwiceASecondWhileTheSourceIsAway) {
  SourceWatch watch = liveWatch();
  watch.onLoss(kStart);
  watch.onOpening(kStart + milliseconds(250));
  EXPECT_EQ(watch.deadline(), kStart + milliseconds(500));
  EXPECT_EQ(watch.due(kStart + milliseconds(500)), Due::kRepeat);
  watch.onRepeated(kStart + milliseconds(500));
  EXPECT_EQ(watch.due(kStart + milliseconds(999)), Due::kNothing);
  EXPECT_EQ(watch.due(kStart + milliseconds(1000)), Due::kRepeat);
  EXPECT_TRUE(watch.onPictures(1, kStart + milliseconds(1000)));
  EXPECT_EQ(watch.due(kStart + milliseconds(1500)), Due::kNothing);
}

TEST(SourceWatch, TakesNoPictureOfASourceThatIsAway) {
  SourceWatch watch = liveWatch();
  watch.onLoss(kStart);
  EXPECT_FALSE(watch.onPictures(5, kStart + seconds(1)));
  EXPECT_FALSE(watch.live());
}

}  // namespace
}  // namespace rtcpub
