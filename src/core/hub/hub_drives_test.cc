// Who drives, as members and the media plane are told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/hub/hub_fixture.h"

namespace rtcpub {
namespace {

using control::LeaseReply;
using control::LeaseRequest;
using hub_test::robot;
using hub_test::texts;
using hub_test::viewer;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using namespace std::chrono_literals;

constexpr Rights kWatcher{Right::kView};

/// A robot (1) and two viewers that may drive (2, 3).
class HubDrives : public ::testing::Test {
 protected:
  HubDrives() {
    (void)hub_.enter(1, robot());
    (void)hub_.enter(2, viewer());
    (void)hub_.enter(3, viewer());
  }
  std::vector<std::string> request(MemberId id) {
    return texts(hub_.onLeaseMessage(id, LeaseRequest{}, now_));
  }

  Hub hub_;
  Time now_{1000s};
};

TEST_F(HubDrives, TellsAllWhoDrives) {
  EXPECT_THAT(request(2),
              ElementsAre("x: 2 drives by 1", "1 <- 2 drives", "2 <- 2 drives", "3 <- 2 drives"));
  EXPECT_THAT(texts(hub_.enter(4, viewer("x", kWatcher))), Contains("4 <- 2 drives"));
  EXPECT_EQ(hub_.channels().at(0).driver, (Driver{.id = 2}));
  EXPECT_THAT(texts(hub_.leave(2)), Contains("x: nobody drives"));
  EXPECT_EQ(hub_.channels().at(0).driver, std::nullopt);
}

TEST_F(HubDrives, TellsOfWhoAsksOnlyThoseThatHaveToDoWithIt) {
  (void)request(2);
  EXPECT_THAT(request(3), ElementsAre("x: 2 drives by 1, 3 asks"));
  EXPECT_THAT(texts(hub_.onLeaseMessage(2, LeaseReply{3, true}, now_)),
              ElementsAre("x: 3 drives by 2", "1 <- 3 drives", "2 <- 3 drives", "3 <- 3 drives"));
}

TEST_F(HubDrives, RefusesWhoGetsNoAnswer) {
  (void)request(2);
  (void)request(3);
  ASSERT_EQ(hub_.deadline(), now_ + 10s);
  EXPECT_THAT(texts(hub_.onTime({.monotonic = now_ + 10s, .unixTime = {}})),
              ElementsAre("x: 2 drives by 1", "3 <- refused no-answer"));
  EXPECT_EQ(hub_.deadline(), std::nullopt);
}

TEST_F(HubDrives, RefusesWhoMayNotDrive) {
  (void)hub_.enter(4, viewer("x", kWatcher));
  EXPECT_THAT(request(4), ElementsAre("4 <- refused no-right"));
  EXPECT_THAT(texts(hub_.onDrives(4)), ElementsAre("4 <- refused no-right (old)"));
  EXPECT_THAT(request(1), IsEmpty()) << "a robot";
  EXPECT_THAT(request(99), IsEmpty()) << "nobody";
}

TEST_F(HubDrives, TakesTheLeaseFromWhoLosesTheRight) {
  (void)request(2);
  EXPECT_THAT(texts(hub_.resume(2, viewer("x", kWatcher))),
              ElementsAre("2 may view", "2 <- x 1/2", "2 <- nobody drives", "x: nobody drives",
                          "1 <- nobody drives", "2 <- nobody drives", "3 <- nobody drives"));
}

TEST_F(HubDrives, TakesTheLeaseFromWhoIsSilentOrBeginsAnew) {
  (void)request(2);
  EXPECT_THAT(texts(hub_.onPresence(2, false)), Contains("x: nobody drives"));
  (void)hub_.onPresence(2, true);
  (void)request(2);
  EXPECT_THAT(texts(hub_.onSilent("x", 1)), IsEmpty());
  EXPECT_THAT(texts(hub_.onSilent("x", 2)), Contains("x: nobody drives"));
  (void)request(2);
  EXPECT_THAT(texts(hub_.enter(2, viewer())), Contains("x: nobody drives"));
}

TEST_F(HubDrives, TakesTheLeaseFromWhoIsRemovedOrWhoseTokenEnds) {
  (void)request(2);
  EXPECT_THAT(texts(hub_.remove(2)), Contains("x: nobody drives"));
  auto brief = viewer();
  brief.until = now_ + 5s;
  (void)hub_.enter(4, brief);
  (void)request(4);
  EXPECT_THAT(texts(hub_.onTime({.monotonic = now_ + 5s, .unixTime = {}})),
              Contains("x: nobody drives"));
}

TEST_F(HubDrives, TakesTheLeaseWithTheRobot) {
  (void)request(2);
  (void)hub_.enter(5, robot());
  EXPECT_THAT(texts(hub_.onStands(5)), Contains("x: nobody drives"));
  (void)request(2);
  EXPECT_THAT(texts(hub_.leave(5)), Contains("x: nobody drives"));
  EXPECT_THAT(request(2), ElementsAre("2 <- refused no-publisher"));
}

TEST_F(HubDrives, CountsOnWhenAChannelBeginsAnew) {
  (void)request(2);
  for (const MemberId id : {1, 2, 3}) (void)hub_.leave(id);
  (void)hub_.enter(11, robot());
  (void)hub_.enter(12, viewer());
  EXPECT_THAT(request(12), Contains("x: 12 drives by 2"));
}

TEST_F(HubDrives, TellsOfTheEmergencyStop) {
  EXPECT_THAT(texts(hub_.onEmergency("x", true)),
              ElementsAre("1 <- nobody drives, stopped", "2 <- nobody drives, stopped",
                          "3 <- nobody drives, stopped"));
  EXPECT_TRUE(hub_.channels().at(0).emergency);
  EXPECT_THAT(texts(hub_.onEmergency("x", true)), IsEmpty());
  EXPECT_THAT(texts(hub_.onEmergency("nowhere", true)), IsEmpty());
  EXPECT_THAT(texts(hub_.onEmergency("x", false)), Contains("2 <- nobody drives"));
}

TEST_F(HubDrives, LetsOneOfAHundredDriveWhoAskAtOnce) {
  for (MemberId id = 100; id < 200; ++id) (void)hub_.enter(id, viewer());
  int refused = 0;
  for (MemberId id = 100; id < 200; ++id) {
    for (const auto& text : request(id)) refused += text.ends_with("refused busy") ? 1 : 0;
  }
  EXPECT_EQ(refused, 98) << "one drives, one asks";
  EXPECT_EQ(hub_.channels().at(0).driver, (Driver{.id = 100}));
}

}  // namespace
}  // namespace rtcpub
