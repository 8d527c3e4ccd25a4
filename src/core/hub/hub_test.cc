#include "core/hub/hub.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/hub/hub_fixture.h"

namespace rtcpub {
namespace {

using hub_test::channelsOf;
using hub_test::robot;
using hub_test::texts;
using hub_test::viewer;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using namespace std::chrono_literals;

AccessTime at(Time time) { return {.monotonic = time, .unixTime = {}}; }

// --- Who is there

TEST(Hub, TellsEveryMemberOfEachChange) {
  Hub hub;
  EXPECT_THAT(texts(hub.enter(1, robot())), ElementsAre("x: 1 publishes", "1 <- x 1/0"));
  EXPECT_THAT(texts(hub.enter(2, viewer())), ElementsAre("1 <- x 1/1", "2 <- x 1/1"));
  EXPECT_THAT(texts(hub.enter(3, viewer())), ElementsAre("1 <- x 1/2", "2 <- x 1/2", "3 <- x 1/2"));
  EXPECT_THAT(texts(hub.leave(2)), ElementsAre("1 <- x 1/1", "3 <- x 1/1"));
  EXPECT_THAT(texts(hub.leave(1)), ElementsAre("x: nobody publishes", "3 <- x 0/1"));
  EXPECT_THAT(texts(hub.leave(3)), IsEmpty());
}

TEST(Hub, LetsViewersWaitForThePublisher) {
  Hub hub;
  EXPECT_THAT(texts(hub.enter(1, viewer())), ElementsAre("1 <- x 0/1"));
  EXPECT_THAT(texts(hub.enter(2, robot())),
              ElementsAre("x: 2 publishes", "1 <- x 1/1", "2 <- x 1/1"));
}

TEST(Hub, TellsNobodyElseWhenAMemberRenegotiatesOrBeginsAnew) {
  Hub hub;
  (void)hub.enter(1, robot());
  (void)hub.enter(2, viewer());
  EXPECT_THAT(texts(hub.renegotiate(1, {})), ElementsAre("1 <- x 1/1"));
  EXPECT_THAT(texts(hub.enter(1, robot())), ElementsAre("1 <- x 1/1"));
  EXPECT_THAT(texts(hub.enter(2, viewer())), ElementsAre("2 <- x 1/1"));
  EXPECT_THAT(channelsOf(hub), ElementsAre("x 1/1"));
}

TEST(Hub, KeepsChannelsApart) {
  Hub hub;
  (void)hub.enter(1, robot("x"));
  EXPECT_THAT(texts(hub.enter(2, robot("y"))), ElementsAre("y: 2 publishes", "2 <- y 1/0"));
  EXPECT_THAT(texts(hub.leave(2)), ElementsAre("y: nobody publishes"));
  EXPECT_THAT(channelsOf(hub), ElementsAre("x 1/0"));
}

TEST(Hub, MovesAMemberThatEntersAnotherPlace) {
  Hub hub;
  (void)hub.enter(1, robot("x"));
  (void)hub.enter(2, viewer("x"));
  EXPECT_THAT(texts(hub.enter(2, viewer("y"))), ElementsAre("1 <- x 1/0", "2 <- y 0/1"));
  EXPECT_THAT(texts(hub.enter(2, robot("y"))), ElementsAre("y: 2 publishes", "2 <- y 1/0"));
  EXPECT_THAT(channelsOf(hub), ElementsAre("x 1/0", "y 1/0"));
}

TEST(Hub, ListsChannelsSortedAndForgetsEmptyOnes) {
  Hub hub;
  EXPECT_THAT(channelsOf(hub), IsEmpty());
  (void)hub.enter(1, viewer("b"));
  (void)hub.enter(2, robot("a"));
  EXPECT_THAT(channelsOf(hub), ElementsAre("a 1/0", "b 0/1"));
  (void)hub.leave(2);
  (void)hub.leave(1);
  EXPECT_THAT(channelsOf(hub), IsEmpty());
}

TEST(Hub, CountsNoViewerThatIsAwayAndTellsItWhenItIsBack) {
  Hub hub;
  (void)hub.enter(1, robot());
  (void)hub.enter(2, viewer());
  EXPECT_THAT(texts(hub.onPresence(2, false)), ElementsAre("1 <- x 1/0"));
  EXPECT_THAT(texts(hub.onPresence(2, false)), IsEmpty());
  EXPECT_THAT(texts(hub.enter(3, viewer())), Not(Contains("2 <- x 1/1")));
  EXPECT_THAT(texts(hub.onPresence(2, true)),
              ElementsAre("1 <- x 1/2", "2 <- x 1/2", "3 <- x 1/2"));
}

TEST(Hub, ListsNoChannelWhereAllAreAway) {
  Hub hub;
  (void)hub.enter(1, viewer());
  (void)hub.onPresence(1, false);
  EXPECT_THAT(channelsOf(hub), IsEmpty());
  EXPECT_TRUE(hub.contains(1));
}

TEST(Hub, KeepsThePlaceOfAPublisherThatIsAway) {
  Hub hub;
  (void)hub.enter(1, robot());
  (void)hub.enter(2, viewer());
  EXPECT_THAT(texts(hub.onPresence(1, false)), IsEmpty());
  EXPECT_THAT(channelsOf(hub), ElementsAre("x 1/1"));
}

TEST(Hub, TellsAMemberThatComesBackAllThatItMayHaveMissed) {
  Hub hub;
  (void)hub.enter(1, robot());
  (void)hub.enter(2, viewer());
  EXPECT_THAT(texts(hub.onCodecs(2, {.sent = "VP8", .taken = {}})), ElementsAre("2 <- sent VP8"));
  EXPECT_THAT(texts(hub.resume(2, viewer())), ElementsAre("2 <- sent VP8", "2 <- x 1/1"));
}

TEST(Hub, DoesNotMindStrangers) {
  Hub hub;
  hub.onHeard(7);
  EXPECT_THAT(texts(hub.leave(7)), IsEmpty());
  EXPECT_THAT(texts(hub.remove(7)), IsEmpty());
  EXPECT_THAT(texts(hub.resume(7, viewer())), IsEmpty());
  EXPECT_THAT(texts(hub.renegotiate(7, {"chat"})), IsEmpty());
  EXPECT_THAT(texts(hub.onStands(7)), IsEmpty());
  EXPECT_THAT(texts(hub.onPresence(7, true)), IsEmpty());
  EXPECT_THAT(texts(hub.onCodecs(7, {})), IsEmpty());
}

// --- Who publishes

std::string isHeir(MemberId id) { return "x: " + std::to_string(id) + " is heir"; }

/// A channel that robot 1 has, and for which as many wait as may, from 2 on.
Hub withAsManyAsMayWait(NetworkKey network) {
  Hub hub;
  (void)hub.enter(1, robot("x", {1}));
  for (MemberId id = 2; id < 2 + Hub::kMaxWaiting; ++id) {
    EXPECT_THAT(texts(hub.enter(id, robot("x", network))), ElementsAre(isHeir(id)));
  }
  return hub;
}

std::string goes(MemberId id) { return std::to_string(id) + " goes: media-lost"; }

TEST(Hub, LeavesAChannelToItsPublisherUntilANewcomersTransportStands) {
  Hub hub;
  (void)hub.enter(1, robot());
  (void)hub.enter(2, viewer());
  EXPECT_THAT(texts(hub.enter(3, robot())), ElementsAre("x: 3 is heir"));
  EXPECT_TRUE(hub.waits(3));
  EXPECT_THAT(texts(hub.onStands(3)),
              ElementsAre("x: 3 publishes", "1 goes: replaced", "2 <- x 1/1", "3 <- x 1/1"));
  EXPECT_FALSE(hub.contains(1));
  EXPECT_THAT(texts(hub.leave(1)), IsEmpty());
  EXPECT_THAT(channelsOf(hub), ElementsAre("x 1/1"));
}

TEST(Hub, NamesAsHeirsAllThatWaitAndNobodyElse) {
  Hub hub;
  auto chatty = robot();
  chatty.openLabels = {"chat"};
  EXPECT_THAT(texts(hub.enter(1, robot())), Not(Contains(isHeir(1)))) << "it has the channel";
  EXPECT_THAT(texts(hub.enter(2, viewer())), Not(Contains(isHeir(2)))) << "it may not";
  EXPECT_THAT(texts(hub.enter(3, chatty)), ElementsAre("x: 3 is heir +chat"));
  EXPECT_THAT(texts(hub.enter(4, robot())), ElementsAre("x: 4 is heir"));
  EXPECT_THAT(texts(hub.enter(5, robot("y"))), Not(Contains("y: 5 is heir")));
  EXPECT_THAT(texts(hub.resume(4, chatty)), ElementsAre("x: 4 is heir +chat"));
}

TEST(Hub, GivesAChannelToWhoeverStandsLast) {
  Hub hub;
  for (const MemberId id : {1, 2, 3}) (void)hub.enter(id, robot());
  EXPECT_THAT(texts(hub.onStands(3)), Contains("1 goes: replaced"));
  EXPECT_THAT(texts(hub.onStands(2)), Contains("3 goes: replaced"));
  EXPECT_EQ(hub.publisherOf("x"), 2U);
}

TEST(Hub, ChangesNothingWhenTheTransportOfThePublisherItselfStands) {
  Hub hub;
  (void)hub.enter(1, robot());
  EXPECT_THAT(texts(hub.onStands(1)), IsEmpty());
}

TEST(Hub, LeavesThePublisherItsChannelWhenANewcomerGoesBeforeItIsKnownToStand) {
  Hub hub;
  (void)hub.enter(1, robot());
  (void)hub.enter(2, robot());
  EXPECT_THAT(texts(hub.leave(2)), IsEmpty());
  EXPECT_THAT(texts(hub.onStands(2)), IsEmpty());
  EXPECT_EQ(hub.publisherOf("x"), 1U);
}

TEST(Hub, GivesAChannelThatItsPublisherLeavesToTheLastThatCame) {
  Hub hub;
  for (const MemberId id : {1, 2, 3}) (void)hub.enter(id, robot());
  EXPECT_THAT(texts(hub.leave(1)), ElementsAre("x: 3 publishes", "3 <- x 1/0"));
  EXPECT_THAT(texts(hub.onStands(2)), Contains("3 goes: replaced")) << "its transport stands first";
}

TEST(Hub, LeavesItsChannelToAPublisherThatBeginsAnewAndItsTurnToOneThatWaits) {
  Hub hub;
  for (const MemberId id : {1, 2, 3}) (void)hub.enter(id, robot());
  EXPECT_THAT(texts(hub.enter(1, robot())), ElementsAre("1 <- x 1/0"));
  EXPECT_THAT(texts(hub.enter(2, robot())), ElementsAre("x: 2 is heir"));
  EXPECT_THAT(texts(hub.leave(1)), ElementsAre("x: 2 publishes", "2 <- x 1/0"));
  EXPECT_THAT(texts(hub.leave(2)), ElementsAre("x: 3 publishes", "3 <- x 1/0"));
  EXPECT_THAT(texts(hub.leave(3)), ElementsAre("x: nobody publishes"));
}

TEST(Hub, SendsTheOldestAwayOfWhichNothingIsHeardWhenTooManyWait) {
  auto hub = withAsManyAsMayWait({1});
  hub.onHeard(2);
  hub.onHeard(3);
  EXPECT_THAT(texts(hub.enter(99, robot("x", {1}))), ElementsAre(isHeir(99), goes(4)));
  for (const auto& [id, member] : std::map(hub.members())) hub.onHeard(id);
  EXPECT_THAT(texts(hub.enter(100, robot("x", {1}))), ElementsAre(isHeir(100), goes(2)));
}

TEST(Hub, ForgetsThatItHeardOfOneThatBeginsAnew) {
  auto hub = withAsManyAsMayWait({1});
  for (MemberId id = 2; id < 2 + Hub::kMaxWaiting; ++id) hub.onHeard(id);
  (void)hub.enter(9, robot("x", {1}));
  EXPECT_THAT(texts(hub.enter(99, robot("x", {1}))), ElementsAre(isHeir(99), goes(9)));
}

TEST(Hub, SendsOneAwayOfTheNetworkFromWhichMostWait) {
  constexpr NetworkKey kRobots{1};
  constexpr NetworkKey kFlood{2};
  auto hub = withAsManyAsMayWait(kFlood);
  for (const MemberId id : {2, 3}) {  // two robots in the place of these
    (void)hub.leave(id);
    (void)hub.enter(id, robot("x", kRobots));
  }
  for (MemberId id = 1000; id < 2000; ++id) {
    const auto actions = hub.enter(id, robot("x", kFlood));
    hub.onHeard(id);
    ASSERT_EQ(actions.size(), 2U);
    ASSERT_GE(std::get<Hub::Evict>(actions[1]).member, 4U) << "a robot goes for a flood";
  }
  EXPECT_TRUE(hub.waits(2) && hub.waits(3));
  const auto last = hub.enter(5000, robot("x", kRobots));
  EXPECT_GE(std::get<Hub::Evict>(last.at(1)).member, 1000U) << "a robot has its way in";
}

TEST(Hub, SendsNobodyAwayForOneThatNeedsNoFurtherPlace) {
  auto hub = withAsManyAsMayWait({2});
  EXPECT_THAT(texts(hub.enter(1, robot("x", {1}))), ElementsAre("1 <- x 1/0")) << "it publishes";
  EXPECT_THAT(texts(hub.enter(2, robot("x", {2}))), ElementsAre(isHeir(2))) << "it waits already";
}

// --- Rights

TEST(Hub, StampsTheRightsOfANewGrantThatAMemberComesBackWith) {
  Hub hub;
  (void)hub.enter(1, viewer("x", Right::kView));
  EXPECT_THAT(texts(hub.resume(1, viewer("x", {Right::kView, Right::kDrive}))),
              ElementsAre("1 may view,drive", "1 <- x 0/1"));
  EXPECT_TRUE(hub.find(1)->rights.has(Right::kDrive));
  EXPECT_THAT(texts(hub.resume(1, viewer("x", Right::kView))),
              ElementsAre("1 may view", "1 <- x 0/1"));
}

TEST(Hub, OpensTheLabelsOfThePublisherThatHasTheChannelAndTellsAll) {
  Hub hub;
  auto chatty = robot();
  chatty.openLabels = {"chat"};
  EXPECT_THAT(texts(hub.enter(1, chatty)), ElementsAre("x: 1 publishes +chat", "1 <- x 1/0 +chat"));
  (void)hub.enter(2, viewer());
  EXPECT_THAT(texts(hub.renegotiate(1, {"chat", "hands"})),
              ElementsAre("x: 1 publishes +chat +hands", "2 <- x 1/1 +chat +hands",
                          "1 <- x 1/1 +chat +hands"));
  (void)hub.enter(3, robot());
  EXPECT_THAT(texts(hub.renegotiate(3, {"other"})), ElementsAre("x: 3 is heir +other"));
  EXPECT_THAT(texts(hub.renegotiate(3, {"other"})), IsEmpty()) << "the media plane knows";
  EXPECT_THAT(texts(hub.onStands(3)), Contains("x: 3 publishes +other"));
}

TEST(Hub, SendsThoseAwayWhoseRightsEndAndTellsEachChannelOnce) {
  Hub hub;
  const Time end{100s};
  auto guest = viewer();
  guest.until = end;
  (void)hub.enter(1, robot());
  (void)hub.enter(2, viewer());
  for (const MemberId id : {3, 4, 5}) (void)hub.enter(id, guest);
  EXPECT_EQ(hub.deadline(), end);
  EXPECT_THAT(texts(hub.onTime(at(end - 1us))), IsEmpty());
  EXPECT_THAT(texts(hub.onTime(at(end))),
              ElementsAre("3 goes: expired", "4 goes: expired", "5 goes: expired", "1 <- x 1/1",
                          "2 <- x 1/1"));
  EXPECT_EQ(hub.deadline(), std::nullopt);
}

TEST(Hub, GoesByBothClocks) {
  const UnixTime begin{1'700'000'000s};
  const auto guestOf = [&] {
    auto guest = viewer();
    guest.until = Time{100s};
    guest.expires = begin + 100s;
    return guest;
  };
  Hub hub;
  (void)hub.enter(1, guestOf());
  EXPECT_THAT(texts(hub.onTime({Time{10s}, begin + 100s - 1us})), IsEmpty());
  EXPECT_THAT(texts(hub.onTime({Time{10s}, begin + 100s})), ElementsAre("1 goes: expired"))
      << "the machine slept";
  EXPECT_EQ(hub.deadline(), std::nullopt);
  (void)hub.enter(2, guestOf());
  EXPECT_THAT(texts(hub.onTime({Time{100s}, begin - 24h})), ElementsAre("2 goes: expired"))
      << "the clock was set back";
  EXPECT_THAT(texts(hub.onTime({Time{200s}, begin + 200s})), IsEmpty());
  (void)hub.enter(3, guestOf());
  auto longer = guestOf();
  longer.until = Time{300s};
  longer.expires = begin + 300s;
  (void)hub.resume(3, longer);
  EXPECT_THAT(texts(hub.onTime({Time{200s}, begin + 200s})), IsEmpty());
}

TEST(Hub, GivesTheChannelOfAPublisherWhoseRightsEndToTheNext) {
  Hub hub;
  auto guest = robot();
  guest.until = Time{100s};
  (void)hub.enter(1, guest);
  (void)hub.enter(2, robot());
  EXPECT_THAT(texts(hub.onTime(at(Time{101s}))),
              ElementsAre("1 goes: expired", "x: 2 publishes", "2 <- x 1/0"));
}

TEST(Hub, GoesByTheEndOfTheGrantThatCameLast) {
  Hub hub;
  auto guest = viewer();
  guest.until = Time{100s};
  (void)hub.enter(1, guest);
  guest.until = Time{200s};
  (void)hub.resume(1, guest);
  EXPECT_THAT(texts(hub.onTime(at(Time{100s}))), IsEmpty());
  EXPECT_EQ(hub.deadline(), Time{200s});
  (void)hub.leave(1);
  EXPECT_EQ(hub.deadline(), std::nullopt);
}

TEST(Hub, RemovesAMemberWhenItIsTold) {
  Hub hub;
  (void)hub.enter(1, robot());
  (void)hub.enter(2, viewer());
  EXPECT_THAT(texts(hub.remove(2)), ElementsAre("2 goes: removed", "1 <- x 1/0"));
  EXPECT_THAT(texts(hub.remove(1)), ElementsAre("1 goes: removed", "x: nobody publishes"));
}

}  // namespace
}  // namespace rtcpub
