#include "app/client/peer_link.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <thread>

#include "app/client/fake_links.h"

namespace rtcpub {
namespace {

using testing::ElementsAre;

class PeerLinkTest : public testing::Test, protected PeerLink::Events {
 protected:
  ~PeerLinkTest() override {
    onLoop([this] { link.drop(); });
  }

  /// Does it on the loop, and waits until it is done, and what other threads had posted before it.
  /// What the loop's own thread posts may come later: Asio keeps that back until its task is over.
  void onLoop(const std::function<void()>& task) {
    std::promise<void> done;
    loop.post([&] {
      task();
      done.set_value();
    });
    done.get_future().wait();
  }
  void settle() {
    onLoop([] {});
  }
  void make() {
    onLoop([this] { EXPECT_TRUE(link.make({})); });
  }
  /// As the engine does, on a thread of its own.
  static void onEngine(const std::function<void()>& task) { std::thread(task).join(); }

  void onPeerEvent(session::Event event) override {
    EXPECT_TRUE(loop.onThread());
    if (const auto* offer = std::get_if<session::OfferReady>(&event)) notes.add(offer->sdp);
    if (std::holds_alternative<session::PeerConnected>(event)) notes.add("connected");
    if (std::holds_alternative<session::NetworkChanged>(event)) notes.add("network changed");
  }
  void onChannelOpen(const std::string& label) override { notes.add("open " + label); }
  void onPeersChannel(const std::string& label, const DataChannelOptions& options) override {
    notes.add(label + (options.ordered ? " ordered" : " unordered"));
  }
  void onCounters(const peer::PeerStats& counters) override {
    notes.add("frames " + std::to_string(counters.frames));
  }
  void onMessage(const std::string& label, Message message) override {
    EXPECT_FALSE(loop.onThread());
    notes.add(label + ": " + message.data);
  }
  void onMessageDone(const std::string& label, std::uint64_t id, bool delivered) override {
    notes.add(label + " " + std::to_string(id) + (delivered ? " delivered" : " lost"));
  }
  void onVideoFrame(const VideoFrame& frame) override {
    notes.add("frame " + std::to_string(frame.width));
  }

  fake::Notes notes;
  fake::Peer* peer = nullptr;  ///< the newest
  std::optional<Error> refusal;
  PeerLink link{loop, *this,
                [this](const peer::PeerOptions& /*options*/,
                       peer::PeerListener& listener) -> Result<std::unique_ptr<peer::Peer>> {
                  if (refusal) return tl::unexpected(*refusal);
                  auto made = std::make_unique<fake::Peer>(listener, notes);
                  peer = made.get();
                  return made;
                }};
  net::EventLoop loop{"test"};
};

TEST_F(PeerLinkTest, TellsOnTheLoopWhatTheEngineSaysOfTheSession) {
  make();
  onEngine([this] {
    peer->listener.onOffer("O");
    peer->listener.onConnected();
    peer->listener.onChannelOpen("chat");
    peer->listener.onPeersChannel("chat", {.ordered = false});
    peer->listener.onNetworkChanged();
  });
  settle();
  EXPECT_THAT(notes.all(),
              ElementsAre("O", "connected", "open chat", "chat unordered", "network changed"));
}

TEST_F(PeerLinkTest, TellsMessagesAndFramesAtOnce) {
  make();
  onEngine([this] {
    peer->listener.onMessage("chat", Message("hi"));
    peer->listener.onMessageDone("chat", 7, true);
    peer->listener.onMessageDone("chat", 8, false);
    VideoFrame frame;
    frame.width = 640;
    peer->listener.onVideoFrame(frame);
  });
  EXPECT_THAT(notes.all(), ElementsAre("chat: hi", "chat 7 delivered", "chat 8 lost", "frame 640"));
}

TEST_F(PeerLinkTest, ForgetsWhatAPeerConnectionHasPostedThatIsGone) {
  make();
  onLoop([this] {
    peer->listener.onOffer("old");
    peer->listener.onConnected();
    link.drop();
    EXPECT_EQ(link.get(), nullptr);
    EXPECT_TRUE(link.make({}));
    peer->listener.onOffer("new");
  });
  ASSERT_TRUE(notes.waitFor("new"));
  EXPECT_THAT(notes.all(), ElementsAre("peer gone", "new"));
}

TEST_F(PeerLinkTest, ReadsCountersOfThePeerConnectionThatThereIs) {
  onLoop([this] { link.readCounters(); });
  make();
  peer->counters.frames = 5;
  onLoop([this] { link.readCounters(); });
  ASSERT_TRUE(notes.waitFor("frames 5"));
  onLoop([this] {
    link.readCounters();
    link.drop();
  });
  settle();
  EXPECT_THAT(notes.all(), ElementsAre("frames 5", "peer gone"));
}

TEST_F(PeerLinkTest, SaysWhyThereIsNoPeerConnection) {
  refusal = Error{ErrorCode::kInternal, "no sockets left"};
  onLoop([this] {
    EXPECT_EQ(link.make({}).error(), *refusal);
    EXPECT_EQ(link.get(), nullptr);
    link.drop();
  });
}

}  // namespace
}  // namespace rtcpub
