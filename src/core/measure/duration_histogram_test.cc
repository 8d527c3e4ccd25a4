#include "core/measure/duration_histogram.h"

#include <gtest/gtest.h>

namespace rtcpub {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

TEST(DurationHistogram, IsEmptyAtFirst) {
  const DurationHistogram histogram;
  EXPECT_EQ(histogram.count(), 0U);
  EXPECT_EQ(histogram.sum(), microseconds(0));
  EXPECT_EQ(histogram.upTo(DurationHistogram::kBounds.size() - 1), 0U);
}

TEST(DurationHistogram, CountsEachDurationInItsBucketAndAllAbove) {
  DurationHistogram histogram;
  histogram.observe(milliseconds(1));     // the bound is included
  histogram.observe(microseconds(1001));  // and what is above isn't
  histogram.observe(milliseconds(40));
  EXPECT_EQ(histogram.upTo(0), 1U);
  EXPECT_EQ(histogram.upTo(1), 2U);
  EXPECT_EQ(histogram.upTo(4), 2U);
  EXPECT_EQ(histogram.upTo(5), 3U);
  EXPECT_EQ(histogram.upTo(DurationHistogram::kBounds.size() - 1), 3U);
  EXPECT_EQ(histogram.count(), 3U);
  EXPECT_EQ(histogram.sum(), microseconds(42001));
}

TEST(DurationHistogram, CountsWhatIsLongerThanAllBounds) {
  DurationHistogram histogram;
  histogram.observe(std::chrono::seconds(60));
  EXPECT_EQ(histogram.upTo(DurationHistogram::kBounds.size() - 1), 0U);
  EXPECT_EQ(histogram.count(), 1U);
  EXPECT_EQ(histogram.sum(), std::chrono::seconds(60));
}

TEST(DurationHistogram, TakesLessThanNothingForNothing) {
  DurationHistogram histogram;
  histogram.observe(milliseconds(-5));
  EXPECT_EQ(histogram.upTo(0), 1U);
  EXPECT_EQ(histogram.sum(), microseconds(0));
}

}  // namespace
}  // namespace rtcpub
