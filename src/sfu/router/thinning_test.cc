#include "sfu/router/thinning.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rtcpub::sfu {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using namespace std::chrono_literals;

ViewerLoad viewer(MemberId id) {
  return {.member = id, .all = 200, .lowestLayer = 200, .keyFrames = 10, .rtt = 5ms};
}

ViewerLoad layered(MemberId id) {
  auto load = viewer(id);
  load.lowestLayer = 50;
  return load;
}

const auto kLowestLayer = Thinning::kLowestLayer;
const auto kKeyFrames = Thinning::kKeyFrames;

TEST(PlanThinning, LeavesEverybodyAloneWhileAllFits) {
  EXPECT_THAT(planThinning({layered(1), viewer(2)}, 400), IsEmpty());
  EXPECT_THAT(planThinning({}, 0), IsEmpty());
}

TEST(PlanThinning, LeavesOutLayersFirst) {
  EXPECT_THAT(planThinning({viewer(1), layered(2), viewer(3)}, 450),
              ElementsAre(Pair(2, kLowestLayer)));
}

TEST(PlanThinning, GoesDownToKeyFramesWhenLayersAreNotEnough) {
  EXPECT_THAT(planThinning({viewer(1), layered(2), viewer(3)}, 300),
              ElementsAre(Pair(2, kLowestLayer), Pair(3, kKeyFrames)));
  EXPECT_THAT(planThinning({viewer(1), layered(2), viewer(3)}, 0),
              ElementsAre(Pair(1, kKeyFrames), Pair(2, kKeyFrames), Pair(3, kKeyFrames)));
}

TEST(PlanThinning, BeginsWithTheWorstPath) {
  auto narrow = viewer(1);
  narrow.narrow = true;
  auto lossy = viewer(2);
  lossy.repeated = 0.02;
  auto lossier = viewer(3);
  lossier.repeated = 0.08;
  auto far = viewer(4);
  far.rtt = 300ms;
  const auto near = viewer(5);
  const std::vector viewers{near, far, lossy, lossier, narrow};
  const auto first = [&](int count) {
    std::vector<MemberId> ids;
    for (const auto& [id, level] : planThinning(viewers, 1000 - 190 * count)) ids.push_back(id);
    return ids;
  };
  EXPECT_THAT(first(1), ElementsAre(1));
  EXPECT_THAT(first(2), ElementsAre(1, 3));
  EXPECT_THAT(first(3), ElementsAre(1, 2, 3));
  EXPECT_THAT(first(4), ElementsAre(1, 2, 3, 4));
}

TEST(PlanThinning, KeepsToThoseWhoAreThinnedAmongEqualOnes) {
  auto thinned = viewer(1);
  thinned.now = kKeyFrames;
  EXPECT_THAT(planThinning({thinned, viewer(2), viewer(3)}, 410), ElementsAre(Pair(1, kKeyFrames)));
}

TEST(PlanThinning, SparesThoseWhoWereThereBefore) {
  EXPECT_THAT(planThinning({viewer(1), viewer(2), viewer(3)}, 410),
              ElementsAre(Pair(3, kKeyFrames)));
}

TEST(PlanThinning, LeavesOutNothingWhereThatSavesNothing) {
  auto keyFramesOnly = viewer(1);
  keyFramesOnly.keyFrames = 200;
  EXPECT_THAT(planThinning({keyFramesOnly}, 0), IsEmpty());
}

}  // namespace
}  // namespace rtcpub::sfu
