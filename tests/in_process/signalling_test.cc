#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <mutex>
#include <thread>

#include "app/server/channels_json.h"
#include "app/server/spider_door.h"
#include "core/spider/message.h"
#include "eventually.h"
#include "webrtc_peer.h"

namespace rtcpub {
namespace {

using rtcpub::testing::eventually;
using rtcpub::testing::Peer;
using rtcpub::testing::PeerFactory;
using rtcpub::testing::withoutPorts;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

/// The server's end of a WebSocket, without a network.
class Socket : public net::WebSocketPeer {
 public:
  void send(std::string text) override {
    const std::lock_guard lock(mutex_);
    said_.push_back(std::move(text));
  }
  void close() override {}
  void joined() override {}

  /// All that the server has said.
  [[nodiscard]] std::vector<std::string> said() const {
    const std::lock_guard lock(mutex_);
    return said_;
  }
  [[nodiscard]] std::vector<std::string> answers() const {
    std::vector<std::string> answers;
    for (const auto& text : said()) {
      const auto message = spider::parse(text);
      if (!message) continue;
      if (const auto* answer = std::get_if<spider::Answer>(&*message))
        answers.push_back(answer->sdp);
    }
    return answers;
  }
  [[nodiscard]] bool answered(std::size_t times) const {
    return eventually([&] { return answers().size() >= times; });
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> said_;
};

/// What a client's WebSocket is at the server; used on the loop.
struct WebSocket {
  std::shared_ptr<Socket> socket = std::make_shared<Socket>();
  std::unique_ptr<net::WebSocketHandler> handler;

  void offer(const std::string& sdp) const { handler->text(spider::format(spider::Offer{sdp})); }
  void breakOff() {
    handler->closed({.onPurpose = false, .byPeer = true, .reason = "cut off"});
    handler.reset();
  }
};

class SignallingTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { factory_ = new PeerFactory; }
  static void TearDownTestSuite() { delete factory_; }

  void SetUp() override {
    auto media = sfu::MediaServer::create({.port = 0}, hub_.mediaEvents());
    ASSERT_TRUE(media) << media.error().message;
    media_ = std::move(*media);
    onLoop([&] {
      admission_.openToAll();
      door_ = std::make_unique<SpiderDoor>(loop_, hub_, admission_);
      door_->start(*media_);
    });
  }

  void TearDown() override {
    onLoop([&] {
      sockets_.clear();
      door_->stop();
    });
    media_.reset();
    onLoop([&] { door_.reset(); });
  }

  void onLoop(const std::function<void()>& task) {
    std::promise<void> done;
    loop_.post([&] {
      task();
      done.set_value();
    });
    done.get_future().wait();
  }

  /// A publisher's. Their clients are numbered from 1 on.
  WebSocket& open() {
    auto& socket = *sockets_.emplace_back(std::make_unique<WebSocket>());
    onLoop([&] {
      auto admitted = door_->admit({.method = "GET",
                                    .target = "/live/ws/pub?channel=test",
                                    .remoteAddress = "127.0.0.1",
                                    .localAddress = "127.0.0.1",
                                    .host = "localhost",
                                    .loopback = true});
      ASSERT_TRUE(admitted);
      socket.handler = std::move(admitted->handler);
      socket.handler->opened(socket.socket);
    });
    return socket;
  }

  std::string channels() {
    std::string json;
    onLoop([&] {
      json = channelsJson(hub_.hub(), hub_.stats(), [](std::string_view) { return true; });
    });
    return json;
  }

  static std::unique_ptr<Peer> robot() {
    auto peer = std::make_unique<Peer>(*factory_);
    peer->sendVideo();
    return peer;
  }

  static PeerFactory* factory_;
  net::EventLoop loop_{"signalling"};
  HubRunner hub_{loop_};
  Admission admission_;
  std::unique_ptr<SpiderDoor> door_;
  std::unique_ptr<sfu::MediaServer> media_;
  std::vector<std::unique_ptr<WebSocket>> sockets_;
};

PeerFactory* SignallingTest::factory_ = nullptr;

constexpr const char* kPublished = R"("publisher":{)";

TEST_F(SignallingTest, KeepsAClientThatBeginsAnewOnTheSameWebSocket) {
  auto& web = open();
  auto before = robot();
  const auto anew = robot();
  const std::string next = anew->offer();
  onLoop([&, sdp = before->offer()] { web.offer(sdp); });
  ASSERT_TRUE(web.socket->answered(1));
  ASSERT_EQ(before->accept(web.socket->answers().at(0)), "");
  ASSERT_TRUE(eventually([&] { return before->connected(); }));
  // As many as it may send in a second: the next one waits for its turn.
  const std::string again = before->offer();
  for (std::size_t i = 0; i < kOffersOfClient; ++i) {
    onLoop([&] { web.offer(again); });
    ASSERT_TRUE(web.socket->answered(2 + i));
  }
  onLoop([&] { web.offer(next); });
  before.reset();  // while it waits, DTLS says that the one before is closed
  ASSERT_TRUE(web.socket->answered(2 + kOffersOfClient));
  ASSERT_EQ(anew->accept(web.socket->answers().back()), "");
  ASSERT_TRUE(eventually([&] { return anew->connected(); }));
  std::this_thread::sleep_for(10500ms);  // in which a client without an offer is sent away
  EXPECT_THAT(web.socket->said(), Not(Contains(HasSubstr("no offer came"))));
  EXPECT_THAT(channels(), HasSubstr(kPublished));
}

TEST_F(SignallingTest, ForgetsAClientThatStopsAllWhileItsWebSocketBreaksOff) {
  auto& web = open();
  const auto peer = robot();
  onLoop([&, sdp = peer->offer()] { web.offer(sdp); });
  ASSERT_TRUE(web.socket->answered(1));
  ASSERT_EQ(peer->accept(web.socket->answers().at(0)), "");
  ASSERT_TRUE(eventually([&] { return channels().find(kPublished) != std::string::npos; }));
  onLoop([&, sdp = withoutPorts(peer->offer())] {
    web.offer(sdp);
    web.breakOff();
  });
  EXPECT_TRUE(eventually([&] { return channels() == R"({"channels":[]})"; })) << channels();
}

TEST_F(SignallingTest, RefusesAClientThatIsReplacedWhileItComesBack) {
  auto& web = open();
  const auto first = robot();
  const std::string offer = first->offer();
  onLoop([&] { web.offer(offer); });
  ASSERT_TRUE(web.socket->answered(1));
  ASSERT_TRUE(eventually([&] { return channels().find(kPublished) != std::string::npos; }));
  auto& newer = open();
  const auto second = robot();
  onLoop([&, sdp = second->offer()] { newer.offer(sdp); });
  ASSERT_TRUE(newer.socket->answered(1));
  auto& back = open();
  std::promise<void> answer;  // not before the hub has heard of the newer one's transport
  media_->stats([until = answer.get_future().share()](const sfu::MediaStats&) { until.wait(); });
  onLoop([&] {
    web.breakOff();
    back.offer(offer);
  });
  hub_.mediaEvents().stands(2);
  onLoop([] {});
  answer.set_value();
  EXPECT_TRUE(eventually([&] { return back.socket->said().size() >= 2; }));
  EXPECT_THAT(back.socket->said(), Contains(HasSubstr("replaced")));
  EXPECT_TRUE(back.socket->answers().empty());
}

TEST_F(SignallingTest, LetsAClientBeginAnewWhoseFirstAnswerWasLostWithItsWebSocket) {
  auto& web = open();
  auto& back = open();
  const auto peer = robot();
  onLoop([&, sdp = peer->offer()] {
    web.offer(sdp);
    back.offer(sdp);
    web.breakOff();
  });
  EXPECT_TRUE(eventually([&] { return back.socket->said().size() >= 2; }));
  EXPECT_THAT(back.socket->said(), Contains(HasSubstr("media-lost"))) << "which is not final";
  EXPECT_TRUE(back.socket->answers().empty());
}

}  // namespace
}  // namespace rtcpub
