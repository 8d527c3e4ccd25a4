#include "core/car/program_watch.h"

#include <gtest/gtest.h>

namespace rtcpub::car {
namespace {

using namespace std::chrono_literals;
using Finding = ProgramWatch::Finding;

constexpr Time kStart{1h};

TEST(ProgramWatch, ReliesOnAProgramThatHasLivedForAMomentAndHasReadWhatItWasTold) {
  ProgramWatch watch;
  watch.onStart(kStart);
  watch.onTold(80, kStart);
  EXPECT_EQ(watch.look(0, kStart + 100ms), Finding::kBegins);
  EXPECT_EQ(watch.look(0, kStart + 500ms), Finding::kReads);
}

TEST(ProgramWatch, WaitsForTheFirstReadOfAProgramThatTakesItsTime) {
  ProgramWatch watch;
  watch.onStart(kStart);
  for (auto at = 0ms; at <= 5s; at += 250ms) watch.onTold(80, kStart + at);
  EXPECT_EQ(watch.look(21 * 80, kStart + 5s), Finding::kBegins);
  EXPECT_EQ(watch.look(0, kStart + 5100ms), Finding::kReads);
  watch.onTold(80, kStart + 5250ms);
  EXPECT_EQ(watch.look(80, kStart + 5300ms), Finding::kReads);
}

TEST(ProgramWatch, GivesUpAProgramThatNeverReads) {
  ProgramWatch watch;
  watch.onStart(kStart);
  watch.onTold(80, kStart);
  EXPECT_EQ(watch.look(80, kStart + 10s), Finding::kBegins);
  EXPECT_EQ(watch.look(80, kStart + 10s + 1ms), Finding::kStuck);
}

TEST(ProgramWatch, FindsAProgramStuckByTheAgeOfTheOldestLineThatItHasNotRead) {
  ProgramWatch watch;
  watch.onStart(kStart);
  EXPECT_EQ(watch.look(0, kStart + 1s), Finding::kReads);
  for (auto at = 0ms; at <= 1s; at += 50ms) {
    watch.onTold(80, kStart + 1s + at);
    const Finding wanted = at > 500ms ? Finding::kStuck : Finding::kReads;
    EXPECT_EQ(watch.look(80 + 80 * at / 50ms, kStart + 1s + at), wanted) << at.count();
  }
  EXPECT_EQ(watch.look(2 * 80, kStart + 2s), Finding::kReads) << "the oldest is 50 ms old";
}

TEST(ProgramWatch, TakesALineThatIsReadInPartForOneThatWaits) {
  ProgramWatch watch;
  watch.onStart(kStart);
  EXPECT_EQ(watch.look(0, kStart + 1s), Finding::kReads);
  watch.onTold(80, kStart + 1s);
  EXPECT_EQ(watch.look(1, kStart + 1500ms), Finding::kReads);
  EXPECT_EQ(watch.look(1, kStart + 1501ms), Finding::kStuck);
}

TEST(ProgramWatch, StartsItLaterEachTimeUntilItHasProvenItself) {
  ProgramWatch watch;
  Time now = kStart;
  EXPECT_TRUE(watch.mayStart(now));
  for (const auto pause : {500ms, 1000ms, 2000ms, 4000ms, 8000ms, 8000ms}) {
    watch.onStart(now);
    watch.onEnd(now += 100ms);
    EXPECT_FALSE(watch.mayStart(now + pause - 1ms)) << pause.count();
    EXPECT_TRUE(watch.mayStart(now += pause));
  }
  watch.onStart(now);
  watch.onEnd(now += 10s);
  EXPECT_TRUE(watch.mayStart(now + 500ms));
}

}  // namespace
}  // namespace rtcpub::car
