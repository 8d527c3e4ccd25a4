#include "peer/feedback_watch.h"

#include <gtest/gtest.h>

namespace rtcpub::peer {
namespace {

using namespace std::chrono_literals;

class FeedbackWatchTest : public testing::Test {
 protected:
  FeedbackWatch watch_;
  Time now_{1h};
};

TEST_F(FeedbackWatchTest, MissesFeedbackThatNeverCameThoughPacketsArrive) {
  watch_.onSent(now_);
  EXPECT_FALSE(watch_.onArrival(now_ + 1s));
  EXPECT_FALSE(watch_.missing());
  watch_.onSent(now_ + 1s);
  EXPECT_TRUE(watch_.onArrival(now_ + 2s));
  EXPECT_TRUE(watch_.missing());
  EXPECT_FALSE(watch_.onArrival(now_ + 3s)) << "it is said once";
  EXPECT_TRUE(watch_.missing());
}

TEST_F(FeedbackWatchTest, MissesNothingWhereNoneIsDue) {
  EXPECT_FALSE(watch_.onArrival(now_ + 1h)) << "packets without numbers: it was not agreed on";
  EXPECT_FALSE(watch_.overdue(now_ + 1h));
}

TEST_F(FeedbackWatchTest, MissesNothingWhileItComes) {
  watch_.onSent(now_);
  for (int i = 0; i < 100; ++i) {
    now_ += 1s;
    watch_.onFeedback(now_);
    EXPECT_FALSE(watch_.onArrival(now_ + 900ms));
  }
}

TEST_F(FeedbackWatchTest, DoesNotTakeASilentPathForAPeerWithoutFeedback) {
  watch_.onSent(now_);
  watch_.onFeedback(now_ + 100ms);
  // The path out is silent for 10 s; one report still tells of what arrived before, one comes
  // before the first feedback after it.
  EXPECT_TRUE(watch_.overdue(now_ + 3s));
  EXPECT_FALSE(watch_.onArrival(now_ + 3s));
  watch_.onFeedback(now_ + 10s);
  EXPECT_FALSE(watch_.onArrival(now_ + 10500ms));
  EXPECT_FALSE(watch_.missing());
  EXPECT_FALSE(watch_.onArrival(now_ + 13s)) << "counted from the beginning";
}

TEST_F(FeedbackWatchTest, MissesFeedbackThatEndsWhilePacketsArrive) {
  watch_.onFeedback(now_);
  EXPECT_FALSE(watch_.onArrival(now_ + 2s));
  EXPECT_TRUE(watch_.onArrival(now_ + 3s));
}

TEST_F(FeedbackWatchTest, IsContentWhenItComesAfterAll) {
  watch_.onSent(now_);
  EXPECT_TRUE(watch_.onArrival(now_ + 2s));
  watch_.onFeedback(now_ + 60s);
  EXPECT_FALSE(watch_.missing());
  EXPECT_FALSE(watch_.overdue(now_ + 61s));
}

}  // namespace
}  // namespace rtcpub::peer
