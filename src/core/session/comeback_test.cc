#include "core/session/comeback.h"

#include <gtest/gtest.h>

namespace rtcpub {
namespace {

using namespace std::chrono_literals;

constexpr Time kNow{1h};

/// Whose connection stood while so many others were there, and was lost.
Comeback lostWith(int others) {
  Comeback comeback;
  comeback.onLost();
  comeback.onBack(kNow - 1h);
  comeback.onOthers(others, kNow - 1h);
  comeback.onLost();
  return comeback;
}

TEST(Comeback, WaitsForNobodyAtTheFirstConnection) {
  Comeback comeback;
  comeback.onLost();
  EXPECT_FALSE(comeback.waiting(kNow));
  comeback.onBack(kNow);
  EXPECT_FALSE(comeback.waiting(kNow));
  EXPECT_EQ(comeback.deadline(), std::nullopt);
}

TEST(Comeback, WaitsForNobodyWhenNobodyWasThere) {
  Comeback comeback = lostWith(0);
  comeback.onBack(kNow);
  EXPECT_FALSE(comeback.waiting(kNow));
}

TEST(Comeback, WaitsUntilTheOtherSideIsBackAndHasSettled) {
  Comeback comeback = lostWith(1);
  EXPECT_TRUE(comeback.waiting(kNow));
  EXPECT_EQ(comeback.deadline(), std::nullopt) << "we aren't back ourselves";
  comeback.onBack(kNow);
  comeback.onOthers(0, kNow);
  EXPECT_TRUE(comeback.waiting(kNow + 14s));
  comeback.onOthers(1, kNow + 5s);
  EXPECT_EQ(comeback.deadline(), kNow + 6s);
  EXPECT_TRUE(comeback.waiting(kNow + 5s));
  EXPECT_FALSE(comeback.waiting(kNow + 6s));
}

TEST(Comeback, CountsFromItsOwnReturnWhenTheOtherSideWasFirst) {
  Comeback comeback = lostWith(1);
  comeback.onOthers(1, kNow);
  EXPECT_TRUE(comeback.waiting(kNow + 1h)) << "we aren't back ourselves";
  comeback.onBack(kNow + 500ms);
  EXPECT_TRUE(comeback.waiting(kNow + 500ms));
  EXPECT_FALSE(comeback.waiting(kNow + 1s));
}

TEST(Comeback, WaitsNoLongerThanItSays) {
  Comeback comeback = lostWith(1);
  comeback.onBack(kNow);
  EXPECT_EQ(comeback.deadline(), kNow + Comeback::kLongest);
  EXPECT_TRUE(comeback.waiting(kNow + 14s));
  EXPECT_FALSE(comeback.waiting(kNow + 15s));
}

TEST(Comeback, LetsOneThatIsThereWaitForTheOthersForAMomentOnly) {
  Comeback comeback = lostWith(3);
  comeback.onBack(kNow);
  comeback.onOthers(1, kNow + 3s);
  EXPECT_EQ(comeback.deadline(), kNow + 5s);
  comeback.onOthers(3, kNow + 3500ms);
  EXPECT_EQ(comeback.deadline(), kNow + 4500ms);
}

TEST(Comeback, WaitsAgainForOneThatLeftAtOnce) {
  Comeback comeback = lostWith(1);
  comeback.onBack(kNow);
  comeback.onOthers(1, kNow);
  comeback.onOthers(0, kNow + 100ms);
  EXPECT_EQ(comeback.deadline(), kNow + Comeback::kLongest);
}

TEST(Comeback, RemembersWhoWasThereOverSeveralAttempts) {
  Comeback comeback = lostWith(1);
  comeback.onLost();
  comeback.onLost();
  EXPECT_TRUE(comeback.waiting(kNow));
}

TEST(Comeback, WaitsForThoseWhoLeaveAnEndingServerFirst) {
  Comeback comeback;
  comeback.onBack(kNow);
  comeback.onOthers(1, kNow);
  comeback.onOthers(0, kNow + 1s);
  comeback.onLost();
  EXPECT_TRUE(comeback.waiting(kNow + 1s));
}

}  // namespace
}  // namespace rtcpub
