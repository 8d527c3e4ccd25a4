#include "core/session/backoff.h"

#include <gtest/gtest.h>

namespace rtcpub {
namespace {

using namespace std::chrono_literals;

TEST(Backoff, GrowsFromAQuarterOfASecondToTenSeconds) {
  Backoff backoff([] { return 0.5; });
  EXPECT_EQ(backoff.next(), 250ms);
  EXPECT_EQ(backoff.next(), 275ms);
  EXPECT_EQ(backoff.next(), 302ms);
  for (int i = 0; i < 50; ++i) (void)backoff.next();
  EXPECT_EQ(backoff.next(), 10s);
}

TEST(Backoff, IsShortAgainAfterASuccess) {
  Backoff backoff([] { return 0.5; });
  (void)backoff.next();
  (void)backoff.next();
  backoff.reset();
  EXPECT_EQ(backoff.next(), 250ms);
}

TEST(Backoff, SpreadsThoseWhoWaitByAFifth) {
  Backoff early([] { return 0.0; });
  Backoff late([] { return 1.0; });
  EXPECT_EQ(early.next(), 200ms);
  EXPECT_EQ(late.next(), 300ms);
}

TEST(Backoff, IsNoShorterThanItIsTold) {
  Backoff early([] { return 0.0; });
  Backoff late([] { return 1.0; });
  EXPECT_EQ(early.next(60s), 60s);
  EXPECT_EQ(late.next(60s), 72s);
  EXPECT_EQ(early.next(1ms), 220ms);
}

}  // namespace
}  // namespace rtcpub
