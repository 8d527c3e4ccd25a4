#include "sfu/router/repair_budget.h"

#include <gtest/gtest.h>

namespace rtcpub::sfu {
namespace {

using std::chrono::milliseconds;

class Stream {
 public:
  RepairBudget budget;
  void receive(int packets, milliseconds distance = milliseconds(5)) {
    for (int i = 0; i < packets; ++i) budget.onReceived(now += distance);
  }
  Time now{std::chrono::seconds(10)};
};

TEST(RepairBudget, HasSingleLossesRepeated) {
  Stream stream;
  for (int i = 0; i < 100; ++i) {
    stream.receive(10);
    EXPECT_TRUE(stream.budget.onMissing(1, stream.now));
  }
}

TEST(RepairBudget, HasBurstsRepeated) {
  Stream stream;
  stream.receive(100);
  EXPECT_TRUE(stream.budget.onMissing(20, stream.now));  // a tenth of a second
}

TEST(RepairBudget, HasFewPacketsRepeatedWhateverArrives) {
  Stream stream;
  EXPECT_TRUE(stream.budget.onMissing(8, stream.now));
}

TEST(RepairBudget, PrefersAKeyFrameAfterAnOutage) {
  Stream stream;
  stream.receive(100);
  stream.now += std::chrono::seconds(1);
  stream.receive(1);
  EXPECT_FALSE(stream.budget.onMissing(200, stream.now));
}

TEST(RepairBudget, PrefersAKeyFrameWhenThreeOfFourPacketsAreLost) {
  Stream stream;
  stream.receive(100);
  bool worthIt = true;
  for (int i = 0; i < 60 && worthIt; ++i) {
    stream.receive(1, milliseconds(10));
    worthIt = stream.budget.onMissing(3, stream.now);
  }
  EXPECT_FALSE(worthIt);
}

TEST(RepairBudget, BeginsAnewAfterItHasGivenUp) {
  Stream stream;
  EXPECT_FALSE(stream.budget.onMissing(100, stream.now));
  EXPECT_TRUE(stream.budget.onMissing(3, stream.now));
}

}  // namespace
}  // namespace rtcpub::sfu
