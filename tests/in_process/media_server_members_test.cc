// Who is in a channel of the media server, and who publishes on it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "media_server_fixture.h"

namespace rtcpub::sfu {
namespace {

using rtcpub::testing::withoutPorts;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

TEST_F(MediaServerTest, KeepsSubscribersWhenThePublisherStartsAnew) {
  auto robot = publisher(1);
  const auto viewer = subscriber(2);
  ASSERT_TRUE(eventually([&] { return viewer->frames() > 5; }));
  leave(1);
  robot.reset();
  const int before = viewer->frames();
  robot = publisher(3);
  EXPECT_TRUE(eventually([&] { return viewer->frames() > before + 20; }));
}

TEST_F(MediaServerTest, LetsANewPublisherTakeThePlaceOfOneThatStays) {
  const auto old = publisher(1);
  const auto viewer = subscriber(2);
  ASSERT_TRUE(eventually([&] { return viewer->frames() > 5; }));
  const auto robot = publisher(3);
  ASSERT_TRUE(happened("connected 3"));
  const int before = viewer->frames();
  EXPECT_TRUE(eventually([&] { return viewer->frames() > before + 10; }));
  ASSERT_TRUE(eventually([&] { return old->send("metric", "nobody hears me"); }));
  ASSERT_TRUE(eventually([&] { return robot->send("metric", "new"); }));
  EXPECT_TRUE(eventually([&] { return !viewer->messages().empty(); }));
  EXPECT_THAT(viewer->messages(), Not(Contains("metric: nobody hears me")));
}

TEST_F(MediaServerTest, AnswersASecondOfferOnTheSameTransport) {
  const auto robot = publisher(1);
  auto viewer = std::make_unique<Peer>(*factory_);
  viewer->openChannel("stream");
  join(2, kViewer, *viewer);
  ASSERT_TRUE(eventually([&] { return viewer->opened("stream"); }));
  viewer->receiveVideo();
  join(2, kViewer, *viewer);
  EXPECT_TRUE(eventually([&] { return viewer->frames() > 5; }));
  EXPECT_TRUE(viewer->opened("stream"));
}

TEST_F(MediaServerTest, KnowsAClientThatComesBackByAnotherWebSocket) {
  const auto robot = publisher(1);
  const auto viewer = subscriber(2);
  ASSERT_TRUE(eventually([&] { return viewer->frames() > 0; }));
  const auto again = answer(7, kViewer, viewer->offer());
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->member, 2U);
  EXPECT_EQ(iceUfrag(again->sdp), iceUfrag(viewer->remote()));
  EXPECT_EQ(stats().members.size(), 2U);
  const int before = viewer->frames();
  EXPECT_TRUE(eventually([&] { return viewer->frames() > before + 5; }));
  EXPECT_THAT(events(), Not(Contains("connected 7")));
}

TEST_F(MediaServerTest, TakesNobodyForAClientOfAnotherChannelOrRole) {
  const auto viewer = subscriber(2);
  const auto robot = answer(7, kPublisher, viewer->offer());
  ASSERT_TRUE(robot) << robot.error().message;
  EXPECT_EQ(robot->member, 7U);
}

TEST_F(MediaServerTest, KeepsDtlsWhenIceStartsAnew) {
  const auto robot = publisher(1);
  const auto viewer = subscriber(2);
  ASSERT_TRUE(eventually([&] { return viewer->frames() > 0; }));
  const std::string ufrag = iceUfrag(viewer->remote());
  viewer->restartIce();
  join(2, kViewer, *viewer);
  EXPECT_NE(iceUfrag(viewer->remote()), ufrag);
  const int before = viewer->frames();
  EXPECT_TRUE(
      eventually([&] { return viewer->frames() > before + 60; }));  // past the old pair's end
  EXPECT_TRUE(viewer->opened("stream"));
  const auto all = events();
  EXPECT_EQ(std::count(all.begin(), all.end(), "connected 2"), 1);
}

TEST_F(MediaServerTest, TellsWhoIsAwayAndWhoIsBack) {
  start({.port = 0, .absence = 1000ms});  // a path that works is checked every 2.5 s only
  const auto robot = publisher(1);
  const auto viewer = subscriber(2);
  EXPECT_TRUE(happened("away 2"));
  EXPECT_TRUE(happened("back 2"));
  const int before = viewer->frames();
  EXPECT_TRUE(eventually([&] { return viewer->frames() > before + 5; }));
  EXPECT_THAT(events(), Not(Contains(HasSubstr("gone"))));
}

TEST_F(MediaServerTest, NoticesAClientThatCloses) {
  auto robot = publisher(1);
  ASSERT_TRUE(happened("connected 1"));
  robot.reset();
  EXPECT_TRUE(happened("closed 1: closed by the client"));
  EXPECT_TRUE(stats().members.empty());
}

TEST_F(MediaServerTest, DropsAClientThatNeverComes) {
  start({.port = 0, .patience = 300ms});
  Peer silent(*factory_);
  silent.openChannel("x");
  ASSERT_TRUE(answer(9, kViewer, silent.offer()));  // which it never learns
  EXPECT_TRUE(happened("gone 9: nothing came from it"));
}

TEST_F(MediaServerTest, DropsAClientWhoseChecksStop) {
  start({.port = 0, .retention = 1500ms});  // a path that works is checked every 2.5 s only
  const auto robot = publisher(1);
  ASSERT_TRUE(happened("connected 1"));
  EXPECT_TRUE(happened("gone 1: its ICE checks stopped"));
}

TEST_F(MediaServerTest, KeepsAPublisherUntilTheTransportOfANewOneStands) {
  const auto robot = publisher(1);
  const auto viewer = subscriber(2);
  ASSERT_TRUE(happened("published 1"));
  ASSERT_TRUE(eventually([&] { return viewer->frames() > 5; }));
  Peer newcomer(*factory_);
  newcomer.sendVideo();
  newcomer.openChannel("metric");
  const auto answered = answer(3, kPublisher, newcomer.offer());
  ASSERT_TRUE(answered) << answered.error().message;
  const int before = viewer->frames();
  EXPECT_TRUE(eventually([&] { return viewer->frames() > before + 10; }));
  ASSERT_TRUE(viewer->send("stream", "to the old one"));
  EXPECT_TRUE(eventually([&] { return robot->received() == 1; }));
  EXPECT_THAT(events(), Not(Contains("published 3")));

  ASSERT_EQ(newcomer.accept(answered->sdp), "");
  EXPECT_TRUE(happened("published 3"));
  const int then = viewer->frames();
  EXPECT_TRUE(eventually([&] { return viewer->frames() > then + 10; }));
  ASSERT_TRUE(viewer->send("stream", "to the new one"));
  EXPECT_TRUE(eventually([&] { return newcomer.received() == 1; }));
  EXPECT_EQ(newcomer.messages(), std::vector<std::string>{"stream: to the new one"});
  EXPECT_EQ(robot->received(), 1U);
}

TEST_F(MediaServerTest, PassesOnAllOfAnHeirFromItsFirstPacketThoughTheHubHasNotHeardOfIt) {
  Peer before(*factory_);  // sends no video: all that comes in is the heir's
  before.openChannel("metric");
  join(1, kPublisher, before);
  const auto viewer = subscriber(2);
  ASSERT_TRUE(happened("connected 1"));
  ASSERT_TRUE(happened("connected 2"));
  hubHears_ = false;
  const auto heir = publisher(3);
  EXPECT_TRUE(eventually([&] { return viewer->frames() > 5; }));
  const auto after = stats();
  ASSERT_EQ(after.members.size(), 3U);
  EXPECT_EQ(after.packetsIn, after.members[2].packets) << "its first key frame is among them";
  EXPECT_THAT(events(), Not(Contains("published 3")));

  with([](Hub& hub) { return hub.onStands(3); });
  EXPECT_TRUE(happened("published 3"));
  const int then = viewer->frames();
  EXPECT_TRUE(eventually([&] { return viewer->frames() > then + 10; }));
}

TEST_F(MediaServerTest, GivesTheChannelBackWhenAnHeirGoesBeforeTheHubHasHeardOfIt) {
  const auto robot = publisher(1);
  const auto viewer = subscriber(2);
  ASSERT_TRUE(eventually([&] { return viewer->frames() > 5; }));
  hubHears_ = false;
  auto heir = publisher(3);
  ASSERT_TRUE(happened("connected 3"));
  ASSERT_TRUE(viewer->send("stream", "to the heir"));
  ASSERT_TRUE(eventually([&] { return heir->received() == 1; }));
  heir.reset();
  EXPECT_TRUE(happened("closed 3"));
  const int before = viewer->frames();
  EXPECT_TRUE(eventually([&] { return viewer->frames() > before + 10; }));
  ASSERT_TRUE(viewer->send("stream", "to the one before"));
  EXPECT_TRUE(eventually([&] { return robot->received() == 1; }));
  EXPECT_EQ(robot->messages(), std::vector<std::string>{"stream: to the one before"});
}

TEST_F(MediaServerTest, ForgetsANewcomerThatNeverComes) {
  start({.port = 0, .patience = 2000ms});
  const auto robot = publisher(1);
  const auto viewer = subscriber(2);
  ASSERT_TRUE(happened("connected 1"));
  Peer silent(*factory_);
  silent.sendVideo();
  ASSERT_TRUE(answer(3, kPublisher, silent.offer()));
  EXPECT_TRUE(happened("gone 3: nothing came from it"));
  const int before = viewer->frames();
  EXPECT_TRUE(eventually([&] { return viewer->frames() > before + 5; }));
}

TEST_F(MediaServerTest, LetsOnlySomeNewcomersWait) {
  const auto robot = publisher(1);
  Peer silent(*factory_);
  silent.sendVideo();
  const std::string offer = silent.offer();
  const auto last = static_cast<MemberId>(2 + Hub::kMaxWaiting);
  for (MemberId id = 2; id <= last; ++id) {
    ASSERT_TRUE(answer(id, kPublisher, otherUfrag(offer, id)));
  }
  EXPECT_TRUE(happened("evicted 2: too many others"));
  EXPECT_THAT(events(), Not(Contains(HasSubstr("evicted 1"))));
}

TEST_F(MediaServerTest, KeepsTheChannelOfAPublisherThatBeginsAnew) {
  auto robot = publisher(1);
  const auto viewer = subscriber(2);
  ASSERT_TRUE(eventually([&] { return viewer->frames() > 5; }));
  Peer silent(*factory_);
  silent.sendVideo();
  ASSERT_TRUE(answer(3, kPublisher, silent.offer()));
  auto again = publisher(1);  // the same signalling, another certificate
  robot = std::move(again);
  const int before = viewer->frames();
  EXPECT_TRUE(eventually([&] { return viewer->frames() > before + 5; }));
  EXPECT_THAT(events(), Not(Contains("published 3")));
}

TEST_F(MediaServerTest, GivesTheChannelToANewcomerWhenItsPublisherLeaves) {
  const auto robot = publisher(1);
  ASSERT_TRUE(happened("connected 1"));
  Peer newcomer(*factory_);
  newcomer.sendVideo();
  const auto answered = answer(2, kPublisher, newcomer.offer());
  ASSERT_TRUE(answered);
  leave(1);
  EXPECT_TRUE(happened("published 2"));
  const auto viewer = subscriber(3);
  ASSERT_EQ(newcomer.accept(answered->sdp), "");
  EXPECT_TRUE(eventually([&] { return viewer->frames() > 5; }));
}

TEST_F(MediaServerTest, LeavesAClientItsPlaceWhenItsNextOfferIsRefused) {
  const auto robot = publisher(1);
  const auto viewer = subscriber(2);
  ASSERT_TRUE(eventually([&] { return viewer->frames() > 5; }));
  EXPECT_FALSE(answer(1, kPublisher, "v=0"));
  EXPECT_FALSE(answer(2, kViewer, "v=0"));
  const int before = viewer->frames();
  EXPECT_TRUE(eventually([&] { return viewer->frames() > before + 5; }));
}

TEST_F(MediaServerTest, SaysThatAClientThatHasStoppedAllIsInNoChannel) {
  const auto robot = publisher(1);
  ASSERT_TRUE(happened("connected 1"));
  const auto answered = answer(1, kPublisher, withoutPorts(robot->offer()));
  ASSERT_TRUE(answered) << answered.error().message;
  EXPECT_FALSE(answered->joined);
  EXPECT_TRUE(stats().members.empty());
}

// --- Who is there

TEST_F(MediaServerTest, NoticesAViewerThatVanishesLongBeforeItIsAway) {
  PeerFactory program;
  Peer viewer(program);
  viewer.openChannel("stream");
  join(1, kViewer, viewer);
  ASSERT_TRUE(eventually([&] { return viewer.opened("stream"); }));
  std::this_thread::sleep_for(4s);  // it has nothing to say, and answers all the same
  EXPECT_THAT(events(), Not(Contains("away 1")));
  std::promise<void> end;
  program.standStill(end.get_future().share());
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_TRUE(happened("away 1"));
  EXPECT_GT(std::chrono::steady_clock::now() - begin, 1500ms);
  end.set_value();
  EXPECT_TRUE(happened("back 1"));
}

TEST_F(MediaServerTest, DropsAClientThatIsSilentAndHasClosedItsSignalling) {
  start({.port = 0, .desertion = 1000ms});
  PeerFactory program;
  Peer robot(program);
  robot.openChannel("metric");
  join(1, kPublisher, robot);
  ASSERT_TRUE(eventually([&] { return robot.opened("metric"); }));
  std::promise<void> end;
  program.standStill(end.get_future().share());
  EXPECT_TRUE(happened("away 1"));
  EXPECT_THAT(events(), Not(Contains(HasSubstr("gone 1")))) << "its network may be away";
  server_->setDeserted(1, true);
  EXPECT_TRUE(happened("gone 1: it fell silent"));
  end.set_value();
}

}  // namespace
}  // namespace rtcpub::sfu
