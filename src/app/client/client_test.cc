#include "app/client/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <thread>

#include "app/client/fake_links.h"

namespace rtcpub {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

class NoMedia final : public ClientMedia {
 public:
  explicit NoMedia(fake::Notes& notes) : notes_(notes) {}
  Result<void> attach(peer::Peer& /*peer*/) override {
    notes_.add("attach");
    return {};
  }
  void detach() override { notes_.add("detach"); }
  void onFrame(const VideoFrame& frame) override {
    notes_.add("frame " + std::to_string(frame.width));
  }
  void onChannelOpen(const std::string& label) override { notes_.add("open " + label); }
  std::optional<CodecMismatch> onCodecs(const CodecReport& report) override {
    if (report.lacking == 0) return std::nullopt;
    return CodecMismatch{.sent = report.sent, .taken = report.taken, .viewers = report.lacking};
  }
  void close() override { notes_.add("close"); }

 private:
  fake::Notes& notes_;
};

ClientSetup setup() {
  ConnectionOptions options;
  options.server = "ws://robots.example:8267";
  options.channel = "car-1";
  return checkConnection(options, Role::kPublisher).value();
}

/// A client between an engine and a server of tests, on a thread of its own.
class ClientTest : public testing::Test {
 protected:
  ~ClientTest() override {
    if (!thread.joinable()) return;
    stop.request_stop();
    thread.join();
  }

  void run() {
    thread = std::thread([this] { outcome.set_value(client.run(stop.get_token())); });
    ASSERT_TRUE(notes.waitFor("create offer"));
  }
  /// Does it on the client's loop, and waits until it is done.
  void onLoop(const std::function<void()>& task) {
    std::promise<void> done;
    client.post([&] {
      task();
      done.set_value();
    });
    done.get_future().wait();
  }
  /// What happens to the link, which may end by it.
  void tell(const session::Event& event) {
    onLoop([&] {
      const SessionEvents events = link->events;
      events(event);
    });
  }
  void hear(session::FromServer what) { tell(session::Heard{std::move(what)}); }
  /// The offer is made and sent, answered, and media flows.
  void connect() {
    run();
    peer->listener.onOffer("O");
    tell(session::SocketOpened{});
    ASSERT_TRUE(notes.waitFor("offer O"));
    hear(session::Answer{"A"});
    ASSERT_TRUE(notes.waitFor("apply answer A"));
    peer->listener.onAnswerApplied();
    peer->listener.onConnected();
    waitFor(ConnectionState::kConnected);
  }
  StateChange waitFor(ConnectionState state) {
    while (const auto change = states.getFor(60s)) {
      if (change->state == state) return *change;
    }
    ADD_FAILURE() << "it never was " << name(state);
    return {};
  }
  Result<void> end() {
    auto result = outcome.get_future().get();
    thread.join();
    return result;
  }

  fake::Notes notes;
  fake::Peer* peer = nullptr;  ///< the newest
  fake::Link* link = nullptr;  ///< the newest
  std::promise<Result<void>> outcome;
  std::stop_source stop;
  Client client{
      setup(),
      std::make_unique<NoMedia>(notes),
      {.peer = [this](const peer::PeerOptions& /*options*/,
                      peer::PeerListener& listener) -> Result<std::unique_ptr<peer::Peer>> {
         auto made = std::make_unique<fake::Peer>(listener, notes);
         peer = made.get();
         return made;
       },
       .server =
           [this](net::EventLoop& /*loop*/, const ClientSetup& /*setup*/, SessionEvents events) {
             notes.add("dial");
             auto made = std::make_unique<fake::Link>(std::move(events), notes);
             link = made.get();
             return made;
           }}};
  Subscription<StateChange> states = client.states();
  std::thread thread;
};

TEST_F(ClientTest, ConnectsAndSaysFarewellWhenItIsStopped) {
  connect();
  EXPECT_EQ(client.stats().state, ConnectionState::kConnected);
  stop.request_stop();
  EXPECT_TRUE(end());
  EXPECT_THAT(notes.all(), Contains("farewell"));
  EXPECT_THAT(notes.all(), Contains("detach"));
  EXPECT_EQ(client.stats().state, ConnectionState::kClosed);
}

TEST_F(ClientTest, EndsWithTheServersReasonWhenItsTokenHasExpired) {
  connect();
  hear(session::ServerError{"expired", "its time is over"});
  hear(session::Bye{});
  const auto result = end();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kRejected);
  EXPECT_THAT(result.error().message, HasSubstr("its time is over"));
  EXPECT_EQ(std::ranges::count(notes.all(), "dial"), 1) << "it doesn't dial again";
}

TEST_F(ClientTest, KeepsThePeerConnectionWhenTheLinkIsLost) {
  connect();
  tell(session::SocketClosed{"reset"});
  ASSERT_TRUE(notes.waitFor("link gone"));
  EXPECT_THAT(notes.all(), Not(Contains("peer gone")));
  ASSERT_TRUE(notes.waitFor("dial", 2));
}

TEST_F(ClientTest, DialsAtOnceWhenTheLinksAddressIsGone) {
  connect();
  onLoop([this] { link->hasAddress = false; });
  peer->listener.onNetworkChanged();
  ASSERT_TRUE(notes.waitFor("dial", 2));
}

TEST_F(ClientTest, TellsHowManyWatch) {
  auto viewers = client.viewers();
  connect();
  hear(session::Members{1, 3});
  EXPECT_EQ(viewers.getFor(60s), 3);
  hear(session::Members{1, 3});
  hear(session::Members{1, 2});
  EXPECT_EQ(viewers.getFor(60s), 2) << "each change once";
}

TEST_F(ClientTest, SaysInItsStateWhoSeesNothing) {
  connect();
  hear(CodecReport{.sent = "H264", .taken = {"VP8"}, .viewers = 1, .lacking = 1});
  EXPECT_EQ(waitFor(ConnectionState::kConnected).reason,
            "a viewer sees no picture: what is sent is H264, what is taken is VP8");
  EXPECT_TRUE(client.stats().codecMismatch);
}

TEST_F(ClientTest, SendsWhatWaitedOnceADataChannelIsOpen) {
  auto chat = client.addDataChannel("chat", {});
  ASSERT_TRUE(chat);
  ASSERT_TRUE(chat->putNowait("early"));
  connect();
  EXPECT_THAT(notes.all(), Contains("channel chat"));
  peer->listener.onChannelOpen("chat");
  EXPECT_TRUE(notes.waitFor("send chat early"));
  EXPECT_FALSE(client.addDataChannel("late", {}));
}

TEST_F(ClientTest, AsksForTheServersTimeOnceItsChannelIsOpen) {
  connect();
  peer->listener.onChannelOpen("rtcpub.clock");
  EXPECT_TRUE(notes.waitFor("send rtcpub.clock"));
  EXPECT_THAT(notes.all(), Not(Contains("open rtcpub.clock"))) << "nobody's but its own";
}

TEST_F(ClientTest, RunsOnce) {
  connect();
  const auto again = client.run({});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace rtcpub
