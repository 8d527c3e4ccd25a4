// Control through a media server and its hub, with real clients: a gate's robot and its drivers,
// and old programs on either side.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <thread>

#include "core/control/command.h"
#include "core/control/lease_message.h"
#include "core/control/report.h"
#include "core/data/label.h"
#include "media_server_fixture.h"

namespace rtcpub::sfu {
namespace {

using ::testing::Contains;
using ::testing::Not;
using namespace std::chrono_literals;

constexpr Rights kWatcher{Right::kView};
constexpr Rights kAdmin{Right::kView, Right::kDrive, Right::kAdmin};
constexpr const char* kForward = R"({"motion":{"key":"forward","value":5}})";
const std::string kControl(kControlLabel);
const std::string kLease(kLeaseLabel);
constexpr const char* kStop = R"({"motion":{"key":"forward","value":0}})";
constexpr const char* kSpeed = R"({"speed":{"key":"maxSpeed","value":400}})";
const std::string kNeutral = std::string("stream: ") + kStop;
/// What no driver here says: the server's own neutral has it, too.
const std::string kStraight = R"(stream: {"motion":{"key":"left","value":0}})";

class MediaServerControlTest : public MediaServerTest {
 protected:
  std::unique_ptr<Peer> robot(MemberId id, const std::vector<std::string>& labels) {
    return peer(id, kPublisher, labels);
  }
  std::unique_ptr<Peer> gatedRobot(MemberId id) { return robot(id, {kControl, kLease, "stream"}); }
  std::unique_ptr<Peer> oldRobot(MemberId id) { return robot(id, {"stream"}); }
  std::unique_ptr<Peer> driver(MemberId id, Rights rights = kViewer) {
    return peer(id, rights, {kControl, kLease, "metric", "rtcpub.clock"});
  }
  std::unique_ptr<Peer> oldDriver(MemberId id) { return peer(id, kViewer, {"stream"}); }

  std::unique_ptr<Peer> peer(MemberId id, Rights rights, const std::vector<std::string>& labels) {
    auto peer = std::make_unique<Peer>(*factory_);
    if (rights.has(Right::kPublish)) {
      peer->sendVideo();
    } else {
      peer->receiveVideo();
    }
    for (const auto& label : labels) {
      webrtc::DataChannelInit init;
      if (label == kControl) {
        init.ordered = false;
        init.maxRetransmits = 0;
      }
      peer->openChannel(label, init);
    }
    join(id, rights, *peer);
    for (const auto& label : labels) {
      EXPECT_TRUE(eventually([&] { return peer->opened(label); })) << label;
    }
    return peer;
  }

  static bool hears(Peer& peer, const std::string& part) {
    return eventually([&] {
      const auto messages = peer.messages();
      return std::any_of(messages.begin(), messages.end(),
                         [&](const auto& one) { return one.find(part) != std::string::npos; });
    });
  }
  static std::size_t countOf(Peer& peer, const std::string& part) {
    const auto messages = peer.messages();
    return static_cast<std::size_t>(
        std::count_if(messages.begin(), messages.end(),
                      [&](const auto& one) { return one.find(part) != std::string::npos; }));
  }
  void drive(Peer& peer, MemberId id) {
    ASSERT_TRUE(peer.send(kLease, R"({"request":{}})"));
    ASSERT_TRUE(hears(peer, R"("mine":true)")) << id;
  }
  /// As an old program does. A robot isn't driven in its first second: it may have a gate.
  static void drive(Peer& old, Peer& car) {
    ASSERT_TRUE(eventually([&] {
      return old.send("stream", kStop) && old.send("stream", kForward) &&
             countOf(car, kForward) > 0;
    }));
  }
  /// Moves by each of many messages, never neutral, until it is so.
  static void moveUntil(Peer& old, const std::function<bool()>& holds) {
    ASSERT_TRUE(eventually([&] { return old.send("stream", kForward) && holds(); }));
  }
  std::uint64_t lease() {
    const std::lock_guard lock(hubMutex_);
    const auto channels = hub_.channels();
    return !channels.empty() && channels[0].driver ? channels[0].driver->id : 0;
  }
  std::string command(std::uint64_t lease, std::uint64_t sequence, const Axes& axes) {
    return control::format({.lease = lease,
                            .sequence = sequence,
                            .givenUs = monotonicNow().time_since_epoch().count(),
                            .axes = axes});
  }
  ControlTotals totals() { return stats().totals.control; }
};

TEST_F(MediaServerControlTest, BringsTheDriversCommandsToTheGateAndNobodyElses) {
  const auto car = gatedRobot(1);
  const auto kim = driver(2);
  const auto bob = driver(3);
  drive(*kim, 2);
  EXPECT_TRUE(hears(*bob, R"("driver":{"id":2,"name":""})"));
  EXPECT_TRUE(hears(*car, R"("lease":1,"mine":false,"gated":true,"driver":{"id":2)"));
  EXPECT_TRUE(eventually([&] {
    return bob->send(kControl, command(1, 1, {{kThrottle, 1}})) &&
           kim->send(kControl, command(1, 1, {{kThrottle, 0.5}})) && totals().notDriver > 0 &&
           countOf(*car, R"("command")") > 0;
  }));
  EXPECT_EQ(countOf(*car, R"("throttle":1)"), 0U);
}

TEST_F(MediaServerControlTest, HandsTheLeaseOverAndTellsAll) {
  const auto car = gatedRobot(1);
  const auto kim = driver(2);
  const auto bob = driver(3);
  drive(*kim, 2);
  ASSERT_TRUE(bob->send(kLease, R"({"request":{}})"));
  ASSERT_TRUE(hears(*kim, R"("asking":{"id":3)"));
  ASSERT_TRUE(kim->send(kLease, R"({"reply":{"to":3,"give":true}})"));
  EXPECT_TRUE(hears(*bob, R"("lease":2,"mine":true)"));
  EXPECT_TRUE(hears(*car, R"("lease":2)"));
  EXPECT_EQ(totals().leaseChanges, 2U);
}

TEST_F(MediaServerControlTest, RefusesInWords) {
  const auto watcher = driver(2, kWatcher);
  ASSERT_TRUE(watcher->send(kLease, R"({"request":{}})"));
  EXPECT_TRUE(hears(*watcher, R"({"refused":{"code":"no-right")"));
  const auto kim = driver(3);
  ASSERT_TRUE(kim->send(kLease, R"({"request":{}})"));
  EXPECT_TRUE(hears(*kim, R"({"refused":{"code":"no-publisher")"));
  ASSERT_TRUE(kim->send(kLease, R"({"clear":{}})"));
  EXPECT_TRUE(hears(*kim, R"({"refused":{"code":"not-admin")"));
}

TEST_F(MediaServerControlTest, BringsReportsToAllWhoWatch) {
  const auto car = gatedRobot(1);
  const auto watcher = driver(2, kWatcher);
  const auto report = control::format(control::GateReport{});
  EXPECT_TRUE(eventually(
      [&] { return car->send(kControl, report) && countOf(*watcher, R"({"gate":)") > 0; }));
}

TEST_F(MediaServerControlTest, RepeatsAnEmergencyStopUntilItIsConfirmed) {
  const auto car = gatedRobot(1);
  const auto watcher = driver(2, kWatcher);
  ASSERT_TRUE(watcher->send(kLease, R"({"estop":{"why":"a dog"}})"));
  const std::string order = R"({"estop":{"number":1,"by":"member 2","why":"a dog"}})";
  ASSERT_TRUE(hears(*car, kLease + ": " + order));
  ASSERT_TRUE(eventually([&] { return countOf(*car, kControl + ": " + order) >= 3; }));
  EXPECT_TRUE(hears(*watcher, R"("emergency":{"by":"member 2","why":"a dog","confirmed":false})"));
  control::GateReport report{.state = GateState::kEmergency, .reason = StopReason::kEmergency};
  report.emergency = 1;
  EXPECT_TRUE(eventually([&] {
    return car->send(kControl, control::format(report)) &&
           countOf(*watcher, R"("confirmed":true)") > 0;
  }));
  EXPECT_EQ(totals().emergencyStops, 1U);
  const auto admin = driver(3, kAdmin);
  EXPECT_TRUE(hears(*admin, R"("emergency")")) << "who comes is told";
  ASSERT_TRUE(admin->send(kLease, R"({"clear":{}})"));
  EXPECT_TRUE(hears(*car, R"({"clear":{"number":1}})"));
}

TEST_F(MediaServerControlTest, TellsARobotThatComesAnewOfTheStop) {
  const auto car = gatedRobot(1);
  const auto watcher = driver(2, kWatcher);
  ASSERT_TRUE(watcher->send(kLease, R"({"estop":{}})"));
  ASSERT_TRUE(hears(*car, R"({"estop":{"number":1)"));
  const auto other = gatedRobot(3);
  EXPECT_TRUE(hears(*other, R"({"estop":{"number":1)"));
}

TEST_F(MediaServerControlTest, MakesCommandsOfWhatAnOldViewerSays) {
  const auto car = gatedRobot(1);
  const auto old = oldDriver(2);
  ASSERT_TRUE(old->send("stream", kForward));
  EXPECT_TRUE(hears(*car, R"("axes":{"throttle":0.5})"));
  EXPECT_TRUE(hears(*car, R"("old":true)"));
  EXPECT_EQ(countOf(*car, "motion"), 0U) << "there is one way to the gate";
}

TEST_F(MediaServerControlTest, StopsAnOldRobotWhenItsDriverVanishes) {
  const auto car = oldRobot(1);
  auto old = oldDriver(2);
  drive(*old, *car);
  old.reset();  // its peer connection is closed, and nothing else said
  EXPECT_TRUE(hears(*car, kStraight));
  EXPECT_EQ(lease(), 0U);
}

TEST_F(MediaServerControlTest, SendsNothingThatMovesToARobotThatMayHaveAGate) {
  const auto old = oldDriver(2);
  const auto car = oldRobot(1);
  moveUntil(*old, [&] { return totals().noRobot > 0; });
  webrtc::DataChannelInit init;
  init.ordered = false;
  car->openChannel(kControl, init);
  moveUntil(*old, [&] { return countOf(*car, R"("command")") > 0; });
  EXPECT_EQ(countOf(*car, "motion"), 0U);
}

TEST_F(MediaServerControlTest, DrivesAnOldRobotAfterNeutralForWhoBeganBeforeItCame) {
  const auto old = oldDriver(2);
  (void)old->send("stream", kForward);
  const auto car = oldRobot(1);
  moveUntil(*old, [&] { return totals().emergency > 0; });  // it is known, and they must let go
  EXPECT_EQ(countOf(*car, kForward), 0U);
  drive(*old, *car);
}

TEST_F(MediaServerControlTest, DrivesARobotToWhichTheServerOpensTheChannel) {
  const auto car = robot(1, {"metric"});
  const auto old = oldDriver(2);
  drive(*old, *car);
}

TEST_F(MediaServerControlTest, StopsAnOldRobotOnceADriverIsSilent) {
  const auto car = oldRobot(1);
  const auto kim = driver(2);
  drive(*kim, 2);
  std::uint64_t sequence = 0;
  ASSERT_TRUE(eventually([&] {
    const Axes axes = ++sequence % 20 < 10 ? Axes{} : Axes{{kThrottle, 0.5}};
    return kim->send(kControl, command(1, sequence, axes)) && countOf(*car, kForward) > 0;
  }));
  EXPECT_TRUE(hears(*car, kNeutral));
  EXPECT_TRUE(happened("silent 1")) << "and after two seconds it drives no more";
}

TEST_F(MediaServerControlTest, MixesNoTwoOldViewers) {
  const auto car = oldRobot(1);
  const auto one = oldDriver(2);
  const auto other = oldDriver(3);
  drive(*one, *car);
  ASSERT_TRUE(other->send("stream", R"({"motion":{"key":"back","value":9}})"));
  ASSERT_TRUE(other->send("stream", kSpeed));
  ASSERT_TRUE(other->send("stream", "hello"));
  ASSERT_TRUE(hears(*car, "stream: hello")) << "all else is for everybody";
  EXPECT_EQ(countOf(*car, "back"), 0U);
  EXPECT_EQ(countOf(*car, "maxSpeed"), 0U);
  ASSERT_TRUE(one->send("stream", kSpeed));
  EXPECT_TRUE(hears(*car, "maxSpeed"));
  EXPECT_TRUE(happened("doesn't drive 3: not-driver"));
  EXPECT_THAT(events(), Not(Contains("doesn't drive 2: not-driver")));
}

TEST_F(MediaServerControlTest, DisturbsNobodyByAFloodOfCommands) {
  const auto car = gatedRobot(1);
  const auto flooder = driver(2);
  const auto watcher = driver(3, kWatcher);
  drive(*flooder, 2);
  ASSERT_TRUE(car->send("stream", "before"));
  ASSERT_TRUE(hears(*watcher, "stream: before"));
  for (int i = 1; i <= 10'000; ++i) {
    (void)flooder->send(kControl, command(1, static_cast<std::uint64_t>(i), {}));
    if (i % 500 == 0) std::this_thread::sleep_for(10ms);
  }
  ASSERT_TRUE(car->send("stream", "after"));
  ASSERT_TRUE(hears(*watcher, "stream: after"));
  const auto control = totals();
  EXPECT_GT(control.tooMany, 100U);
  EXPECT_LT(control.forwarded, control.tooMany);
}

TEST_F(MediaServerControlTest, OutlivesFloodsOfStopsAndOfRequests) {
  const auto car = gatedRobot(1);
  const auto watcher = driver(2, kWatcher);
  const auto kim = driver(3);
  for (int i = 0; i < 2000; ++i) {
    (void)watcher->send(kLease, R"({"estop":{}})");
    (void)kim->send(kLease, R"({"request":{}})");
    (void)kim->send(kLease, R"({"release":{}})");
  }
  EXPECT_TRUE(hears(*car, R"({"estop":{"number":1)"));
  EXPECT_EQ(countOf(*car, R"("number":2)"), 0U) << "none is confirmed, so no more are told";
  EXPECT_LT(totals().leaseChanges, 200U);
  for (const auto* text : {"", "close", "{", R"({"reply":{"to":"x"}})", R"({"request":[]})"}) {
    (void)kim->send(kLease, text);
    (void)kim->send(kControl, text);
  }
  ASSERT_TRUE(kim->send("rtcpub.clock", R"({"t0":7})"));
  EXPECT_TRUE(hears(*kim, R"("t0":7)")) << "all goes on";
}

}  // namespace
}  // namespace rtcpub::sfu
