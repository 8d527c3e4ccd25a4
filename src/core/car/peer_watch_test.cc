#include "core/car/peer_watch.h"

#include <gtest/gtest.h>

namespace rtcpub::car {
namespace {

using std::chrono::milliseconds;
using Finding = PeerWatch::Finding;

class PeerWatchTest : public ::testing::Test {
 protected:
  /// Looks each 10 ms until `end`; how long it took to find anything, in ms, or -1.
  int lookUntil(int end, std::int64_t beat, std::optional<Time> movesUntil = {}) {
    const int begin = now_;
    while (now_ < end) {
      now_ += 10;
      finding_ = watch_.look(at(now_), beat, moves_, movesUntil);
      if (finding_ != Finding::kAlive) return now_ - begin;
    }
    return -1;
  }
  static Time at(int ms) { return Time(milliseconds(1'000'000 + ms)); }

  PeerWatch watch_;
  Finding finding_ = Finding::kAlive;
  int now_ = 0;
  bool moves_ = true;
};

TEST_F(PeerWatchTest, FindsAPeerSilentAfter50Ms) {
  EXPECT_EQ(watch_.look(at(0), 1, moves_), Finding::kAlive);
  EXPECT_EQ(lookUntil(1000, 1), 50);
  EXPECT_EQ(finding_, Finding::kSilent);
}

TEST_F(PeerWatchTest, IsContentWithAPeerThatShowsItself) {
  for (int beat = 1; beat < 1000; ++beat) EXPECT_EQ(lookUntil(now_ + 40, beat), -1);
}

TEST_F(PeerWatchTest, HasMorePatienceWhileNothingMovesButLetsNothingBegin) {
  moves_ = false;
  EXPECT_EQ(watch_.look(at(0), 1, moves_), Finding::kAlive);
  EXPECT_EQ(lookUntil(1000, 1), 50);
  EXPECT_EQ(finding_, Finding::kLate);
  while (finding_ == Finding::kLate) lookUntil(now_ + 10, 1);
  EXPECT_EQ(finding_, Finding::kSilent);
  EXPECT_EQ(now_, 500);
}

TEST_F(PeerWatchTest, ForgetsThatAPeerWasLate) {
  moves_ = false;
  EXPECT_EQ(watch_.look(at(0), 1, moves_), Finding::kAlive);
  EXPECT_EQ(lookUntil(1000, 1), 50);
  EXPECT_EQ(watch_.look(at(60), 2, moves_), Finding::kAlive);
}

TEST_F(PeerWatchTest, GivesAPeerTimeToStart) {
  moves_ = false;
  EXPECT_EQ(lookUntil(10, 0), -1);
  while (now_ < 4990) lookUntil(now_ + 10, 0);
  EXPECT_EQ(finding_, Finding::kLate);
  EXPECT_EQ(watch_.look(at(4995), 7, moves_), Finding::kAlive);
  moves_ = true;
  EXPECT_EQ(lookUntil(9000, 7), 60) << "from then on it is watched: seen at 4995, found at 5050";
}

TEST_F(PeerWatchTest, GivesUpOnAPeerThatNeverStarts) {
  moves_ = false;
  while (finding_ != Finding::kSilent && now_ < 10'000) lookUntil(now_ + 10, 0);
  EXPECT_EQ(now_, 5010);
}

TEST_F(PeerWatchTest, BlamesNobodyForTimeInWhichItSleptItself) {
  EXPECT_EQ(watch_.look(at(0), 1, moves_), Finding::kAlive);
  now_ = 5000;  // the whole machine stood still
  EXPECT_EQ(watch_.look(at(5000), 1, moves_), Finding::kAlive);
  EXPECT_EQ(lookUntil(5020, 1), -1);
  EXPECT_EQ(lookUntil(5020, 2), -1) << "and the peer had its chance to show itself";
  EXPECT_EQ(lookUntil(6000, 2), 60) << "seen at 5030, 50 ms before";
}

TEST_F(PeerWatchTest, FindsAPeerThatLetsMotorsRunOn) {
  std::int64_t beat = 1;
  while (finding_ == Finding::kAlive && now_ < 1000) lookUntil(now_ + 10, ++beat, at(200));
  EXPECT_EQ(finding_, Finding::kOverdue);
  EXPECT_EQ(now_, 250);
}

TEST_F(PeerWatchTest, IsContentWithNewCommandsAndWithNeutral) {
  std::int64_t beat = 1;
  while (now_ < 2000) EXPECT_EQ(lookUntil(now_ + 10, ++beat, at(now_ + 150)), -1);
  while (now_ < 4000) EXPECT_EQ(lookUntil(now_ + 10, ++beat), -1);
}

}  // namespace
}  // namespace rtcpub::car
