#include "peer/ntp_clock.h"

#include <gtest/gtest.h>
#include <rtc_base/time_utils.h>
#include <sys/time.h>
#include <system_wrappers/include/clock.h>
#include <time.h>

#include <atomic>
#include <cstdlib>
#include <limits>

namespace {

/// By how much the wall clock of this process is wrong.
std::atomic<long> wallClockWrongBySeconds{0};

}  // namespace

/// In place of the system's: libwebrtc reads the wall clock by it.
extern "C" int gettimeofday(timeval* __restrict time, void* __restrict /*zone*/) noexcept {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  time->tv_sec = now.tv_sec + wallClockWrongBySeconds;
  time->tv_usec = now.tv_nsec / 1000;
  return 0;
}

namespace rtcpub::peer {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::seconds;

/// What a sender report says at a time.
std::int64_t reported(Time time) {
  const auto ntp = webrtc::Clock::GetRealTimeClock()->ConvertTimestampToNtpTime(
      webrtc::Timestamp::Micros(time.time_since_epoch().count()));
  const double us = static_cast<double>(ntp.fractions()) / 4294.967296;
  return std::int64_t{ntp.seconds()} * 1'000'000 + std::int64_t(us);
}

std::int64_t wrongByUs(Time time) { return std::abs((fromNtpUs(reported(time)) - time).count()); }

TEST(NtpClock, UndoesWhatSenderReportsSay) {
  const Time now = monotonicNow();
  for (const auto ago : {seconds(0), seconds(1), seconds(3600), seconds(-5)}) {
    EXPECT_LE(wrongByUs(now - ago), 2);
  }
}

TEST(NtpClock, DoesNotMoveWhenTheWallClockIsSet) {
  const Time before = monotonicNow();
  const auto said = reported(before);
  const auto wall = rtc::TimeUTCMicros();
  for (const long step : {3600L, -3600L, 86'400L * 365}) {
    wallClockWrongBySeconds = step;
    ASSERT_NEAR(static_cast<double>(rtc::TimeUTCMicros() - wall), step * 1e6, 60e6)
        << "libwebrtc reads its wall clock otherwise";
    EXPECT_EQ(reported(before), said);
    EXPECT_LE(std::abs((fromNtpUs(said) - before).count()), 2);
    EXPECT_LE(wrongByUs(monotonicNow()), 2) << "and a report that is made now";
  }
  wallClockWrongBySeconds = 0;
}

TEST(NtpClock, TakesTheEraThatIsNearest) {
  const Time now = monotonicNow();
  constexpr std::int64_t kEraUs = 4'294'967'296'000'000;
  EXPECT_LE(std::abs((fromNtpUs(reported(now) + kEraUs) - now).count()), 2) << "after 2036";
  EXPECT_LE(std::abs((fromNtpUs(reported(now) - kEraUs) - now).count()), 2);
}

TEST(NtpClock, BearsAnyNumber) {
  const auto life = hours(24 * 366 * 69);
  for (const std::int64_t odd : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1},
                                 std::int64_t{0}, std::numeric_limits<std::int64_t>::max()}) {
    EXPECT_LT(fromNtpUs(odd) - monotonicNow(), life) << odd;
    EXPECT_GT(fromNtpUs(odd) - monotonicNow(), -life) << odd;
  }
}

}  // namespace
}  // namespace rtcpub::peer
