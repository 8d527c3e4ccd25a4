#include "core/video/frame_schedule.h"

#include <gtest/gtest.h>

namespace rtcpub {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(FrameSchedule, CountsFromTheBeginningSoThatNothingDrifts) {
  const Time begin{seconds(5)};
  FrameSchedule schedule(begin, 30);
  EXPECT_EQ(schedule.next(begin + milliseconds(2)), begin + microseconds(33'333));
  EXPECT_EQ(schedule.next(begin + milliseconds(34)), begin + microseconds(66'666));
  EXPECT_EQ(schedule.next(begin + milliseconds(99)), begin + milliseconds(100));
}

TEST(FrameSchedule, LeavesOutWhatWasMissed) {
  const Time begin{};
  FrameSchedule schedule(begin, 10);
  EXPECT_EQ(schedule.next(begin), begin + milliseconds(100));
  EXPECT_EQ(schedule.next(begin + milliseconds(3'456)), begin + milliseconds(3'400));
  EXPECT_EQ(schedule.next(begin + milliseconds(3'457)), begin + milliseconds(3'500));
}

}  // namespace
}  // namespace rtcpub
