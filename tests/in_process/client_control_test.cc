// A client with a gate or a driver, its threads and its queues; the engine and the server are
// stand-ins.
#include "app/client/client_control.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <mutex>
#include <thread>

#include "app/client/client.h"
#include "app/client/fake_links.h"
#include "core/clock/clock_sync.h"
#include "core/data/label.h"
#include "eventually.h"

namespace rtcpub {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using testing::eventually;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string kControl{kControlLabel};
const std::string kLease{kLeaseLabel};
const std::string kClock{clock_sync::kLabel};
const Axes kForward{{kThrottle, 0.5}};

std::int64_t nowUs() { return monotonicNow().time_since_epoch().count(); }

class NoMedia final : public ClientMedia {
 public:
  Result<void> attach(peer::Peer& /*peer*/) override { return {}; }
  void detach() override {}
  void onFrame(const VideoFrame& /*frame*/) override {}
  std::optional<CodecMismatch> onCodecs(const CodecReport& /*report*/) override { return {}; }
  void close() override {}
};

ClientSetup setup() {
  ConnectionOptions options;
  options.server = "ws://robots.example:8267";
  options.channel = "car-1";
  return checkConnection(options, Role::kPublisher).value();
}

/// A client between an engine and a server of tests.
class ClientControlTest : public ::testing::Test {
 protected:
  ~ClientControlTest() override {
    if (!thread.joinable()) return;
    stop.request_stop();
    thread.join();
  }

  void connect(bool leases = true) {
    thread = std::thread([this] { (void)client.run(stop.get_token()); });
    ASSERT_TRUE(notes.waitFor("create offer"));
    peer->listener.onOffer("O");
    tell(session::SocketOpened{.server = {.control = leases}});
    ASSERT_TRUE(notes.waitFor("offer O"));
    tell(session::Heard{session::Answer{"A"}});
    ASSERT_TRUE(notes.waitFor("apply answer A"));
    peer->listener.onAnswerApplied();
    peer->listener.onConnected();
    openChannels();
  }
  void openChannels() {
    for (const auto& label : {kClock, kControl, kLease}) peer->listener.onChannelOpen(label);
    onLoop([] {});
    const clock_sync::Reply reply{.t0Us = nowUs() - 100, .t1Us = nowUs(), .publisherOffsetUs = {}};
    peer->listener.onMessage(kClock, Message(clock_sync::format(reply)));
    onLoop([] {});
  }
  void onLoop(const std::function<void()>& task) {
    std::promise<void> done;
    client.post([&] {
      task();
      done.set_value();
    });
    done.get_future().wait();
  }
  void tell(const session::Event& event) {
    onLoop([&] {
      const SessionEvents events = link->events;
      events(event);
    });
  }
  void grant(std::uint64_t lease, bool mine) {
    peer->listener.onMessage(
        kLease, Message(control::format(control::LeaseMessageToClient(control::DriveNotice{
                    .lease = lease, .driver = Driver{.id = 5}, .mine = mine, .gated = true}))));
  }
  void give(const Axes& axes, std::uint64_t lease = 3) {
    peer->listener.onMessage(kControl,
                             Message(control::format(control::Command{.lease = lease,
                                                                      .sequence = ++sequence,
                                                                      .givenUs = nowUs(),
                                                                      .boundUs = 1000,
                                                                      .life = 1000ms,
                                                                      .axes = axes})));
  }
  /// What was said on a data channel that holds this.
  bool said(const std::string& label, const std::string& part) {
    const std::lock_guard lock(mutex);
    return std::ranges::any_of(sent, [&](const auto& each) {
      return each.first == label && each.second.find(part) != std::string::npos;
    });
  }
  void forget() {
    const std::lock_guard lock(mutex);
    sent.clear();
  }

  static ControlOptions options() {
    ControlOptions options;
    options.life = 1000ms;
    options.allowBlind = true;
    return options;
  }

  fake::Notes notes;
  std::mutex mutex;
  std::vector<std::pair<std::string, std::string>> sent;
  fake::Peer* peer = nullptr;
  fake::Link* link = nullptr;
  std::stop_source stop;
  std::uint64_t sequence = 0;
  Client client{
      setup(),
      std::make_unique<NoMedia>(),
      {.peer = [this](const peer::PeerOptions& /*options*/,
                      peer::PeerListener& listener) -> Result<std::unique_ptr<peer::Peer>> {
         auto made = std::make_unique<fake::Peer>(listener, notes);
         made->onSend = [this](const std::string& label, const Message& message) {
           const std::lock_guard lock(mutex);
           sent.emplace_back(label, message.data);
         };
         peer = made.get();
         return made;
       },
       .server =
           [this](net::EventLoop& /*loop*/, const ClientSetup& /*setup*/, SessionEvents events) {
             auto made = std::make_unique<fake::Link>(std::move(events), notes);
             link = made.get();
             return made;
           }}};
  std::thread thread;
};

TEST_F(ClientControlTest, OpensItsDataChannelsOnlyForWhoAskedForThem) {
  connect();
  EXPECT_THAT(notes.all(), Not(Contains("channel " + kControl)));
  const auto late = client.control();
  EXPECT_THAT(late.state().refused, HasSubstr("too late"));
  EXPECT_FALSE(client.addControl({}, {}));
}

TEST_F(ClientControlTest, RefusesOptionsOutOfTheirBounds) {
  const auto refusal = [this](auto change) {
    ControlOptions wrong;
    change(wrong);
    const auto result = client.addControl(wrong, {});
    return result ? std::string("taken") : result.error().message;
  };
  EXPECT_THAT(refusal([](auto& wrong) { wrong.life = 19ms; }), HasSubstr("life"));
  EXPECT_THAT(refusal([](auto& wrong) { wrong.stop = 49ms; }), HasSubstr("stop"));
  EXPECT_THAT(refusal([](auto& wrong) { wrong.warn = 201ms; }), HasSubstr("warn"));
  EXPECT_THAT(refusal([](auto& wrong) { wrong.blind = 99ms; }), HasSubstr("blind"));
  EXPECT_THAT(refusal([](auto& wrong) { wrong.speedAxes = {"a b"}; }), HasSubstr("a b"));
  EXPECT_THAT(refusal([](auto& wrong) { wrong.motionLabel = "rtcpub.x"; }), HasSubstr("rtcpub.x"));
  EXPECT_EQ(refusal([](auto& /*right*/) {}), "taken");
  EXPECT_THAT(refusal([](auto& /*right*/) {}), HasSubstr("already"));
}

/// The signalling loop hangs all the while, and the gate does all that it should.
TEST_F(ClientControlTest, TheGateRunsOnWhileTheSignallingLoopIsStuck) {
  const Control gate = client.addControl(options(), {}).value();
  connect();
  grant(3, false);
  ASSERT_TRUE(eventually([&] { return gate.stats().driver.has_value(); }));
  std::promise<void> end;
  client.post([&end] { end.get_future().wait(); });
  for (int i = 0; i < 100; ++i) {
    give(i == 0 ? Axes() : kForward);
    ASSERT_TRUE(eventually([&] { return gate.stats().verdicts[Verdict::kAccepted] == sequence; }))
        << toJson(client.stats());
  }
  EXPECT_TRUE(eventually([&] { return gate.output().reason == StopReason::kSilence; }));
  give({});
  give(kForward);
  EXPECT_TRUE(eventually([&] { return !gate.output().neutral; }));
  peer->listener.onMessage(kLease, Message(R"({"estop":{"number":1,"by":"Kim","why":"a dog"}})"));
  EXPECT_TRUE(eventually([&] { return gate.output().reason == StopReason::kEmergency; }));
  forget();
  end.set_value();
  EXPECT_TRUE(eventually([&] { return said(kControl, R"("state":"emergency")"); }))
      << "and what it reports goes out when the loop is back";
}

TEST_F(ClientControlTest, AnotherConnectionBeginsWithNeutral) {
  const Control gate = client.addControl(options(), {}).value();
  connect();
  grant(3, false);
  give({});
  give(kForward);
  ASSERT_TRUE(eventually([&] { return !gate.output().neutral; }));
  peer->listener.onFailed("broken");
  ASSERT_TRUE(notes.waitFor("create offer", 2));
  ASSERT_TRUE(eventually([&] { return gate.stats().state == GateState::kIdle; }));
  openChannels();
  sequence = 0;
  grant(1, false);  // another server's leases begin anew
  give(kForward, 1);
  ASSERT_TRUE(eventually([&] { return gate.stats().verdicts[Verdict::kNotNeutral] == 1; }));
  give({}, 1);
  give(kForward, 1);
  EXPECT_TRUE(eventually([&] { return !gate.output().neutral; }));
}

TEST_F(ClientControlTest, HandsMotionToNobodyBeforeItHasPassed) {
  auto channel = client.addDataChannel("stream", {}).value();
  auto inbox = channel.subscribe();
  const Control gate = client.addControl(options(), {}).value();
  connect(/*leases=*/false);
  for (const auto* text :
       {R"({"motion":{"key":"forward","value":9}})", R"({"motion":{"key":"forward","value":0}})",
        R"({"motion":{"key":"forward","value":4}})", R"({"camera":"rear"})"}) {
    peer->listener.onMessage("stream", Message(text));
  }
  std::vector<std::string> heard;
  while (heard.size() < 4) {
    const auto message = inbox.getFor(60s);
    ASSERT_TRUE(message);
    heard.push_back(message->data);
  }
  EXPECT_THAT(heard, ::testing::UnorderedElementsAre(R"({"camera":"rear"})",
                                                     R"({"motion":{"key":"forward","value":4}})",
                                                     R"({"motion":{"key":"forward","value":0}})",
                                                     R"({"motion":{"key":"left","value":0}})"));
}

TEST_F(ClientControlTest, ADriverIsRepeatedByTheLibraryAndStopsWithItsUser) {
  DriverControl driver = client.control();
  driver.request();
  connect();
  ASSERT_TRUE(eventually([&] { return said(kLease, R"({"request":{}})"); }));
  grant(3, true);
  ASSERT_TRUE(eventually([&] { return driver.state().mine; }));
  ASSERT_TRUE(eventually([&] { return said(kControl, R"("axes":{})"); }));
  peer->listener.onMessage(
      kControl,
      Message(control::format(control::GateReport{.state = GateState::kDriven, .lease = 3})));
  ASSERT_TRUE(eventually([&] { return driver.state().gate == GateState::kDriven; }));
  ASSERT_TRUE(driver.command(kForward, {.hold = 200ms}));
  ASSERT_TRUE(eventually([&] { return said(kControl, R"("throttle":0.5)"); }));
  // Now the user hangs.
  ASSERT_TRUE(eventually([&] {
    const std::lock_guard lock(mutex);
    return sent.back().first == kControl &&
           sent.back().second.find("throttle") == std::string::npos;
  }));
  EXPECT_FALSE(driver.command({{"a b", 1}}));
  driver.release();
  EXPECT_TRUE(eventually([&] { return said(kLease, R"({"release":{}})"); }));
}

TEST_F(ClientControlTest, ADriverIsToldThatThePathOrTheLeasesAreGone) {
  DriverControl driver = client.control();
  connect(/*leases=*/false);
  driver.request();
  EXPECT_TRUE(eventually([&] { return !driver.state().refused.empty(); }));
  EXPECT_THAT(driver.state().refused, HasSubstr("no leases"));
  grant(3, true);
  ASSERT_TRUE(eventually([&] { return driver.state().mine; }));
  peer->listener.onFailed("broken");
  EXPECT_TRUE(eventually([&] { return !driver.state().mine; }));
  EXPECT_THAT(driver.state().refused, HasSubstr("no connection"));
}

}  // namespace
}  // namespace rtcpub
