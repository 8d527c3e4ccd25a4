#include "core/session/deadlines.h"

#include <gtest/gtest.h>

namespace rtcpub::session {
namespace {

using namespace std::chrono_literals;

enum class Thing { kFirst, kSecond, kThird, kCount };
constexpr Time kNow{1h};

TEST(Deadlines, AreNoneAtFirst) {
  Deadlines<Thing> deadlines;
  EXPECT_EQ(deadlines.first(), std::nullopt);
  EXPECT_EQ(deadlines.take(kNow), std::nullopt);
}

TEST(Deadlines, TellTheEarliest) {
  Deadlines<Thing> deadlines;
  deadlines.set(Thing::kFirst, kNow + 3s);
  deadlines.set(Thing::kThird, kNow + 2s);
  EXPECT_EQ(deadlines.first(), kNow + 2s);
  EXPECT_EQ(deadlines.at(Thing::kFirst), kNow + 3s);
  EXPECT_EQ(deadlines.at(Thing::kSecond), std::nullopt);
  deadlines.set(Thing::kFirst, kNow + 1s);
  EXPECT_EQ(deadlines.first(), kNow + 1s);
}

TEST(Deadlines, GiveOneAtATimeInTheOrderOfTheirNames) {
  Deadlines<Thing> deadlines;
  deadlines.set(Thing::kThird, kNow);
  deadlines.set(Thing::kFirst, kNow + 1s);
  EXPECT_EQ(deadlines.take(kNow - 1us), std::nullopt);
  EXPECT_EQ(deadlines.take(kNow + 1s), Thing::kFirst) << "though it came last";
  EXPECT_EQ(deadlines.take(kNow + 1s), Thing::kThird);
  EXPECT_EQ(deadlines.take(kNow + 1s), std::nullopt);
}

TEST(Deadlines, AreTakenBack) {
  Deadlines<Thing> deadlines;
  for (const Thing thing : {Thing::kFirst, Thing::kSecond, Thing::kThird}) {
    deadlines.set(thing, kNow);
  }
  deadlines.clear({Thing::kFirst, Thing::kThird});
  EXPECT_EQ(deadlines.take(kNow), Thing::kSecond);
  deadlines.set(Thing::kThird, kNow);
  deadlines.clearAll();
  EXPECT_EQ(deadlines.first(), std::nullopt);
}

}  // namespace
}  // namespace rtcpub::session
