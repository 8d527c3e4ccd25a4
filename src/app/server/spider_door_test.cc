#include "app/server/spider_door.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "core/spider/message.h"

namespace rtcpub {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

/// Data channels only, of a client that never connects.
constexpr std::string_view kOffer =
    "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=ice-ufrag:abcd\r\n"
    "a=ice-pwd:0123456789012345678901\r\na=setup:actpass\r\n"
    "a=fingerprint:sha-256 34:F1:09:0F:46:E3:C4:E0:C9:02:BF:12:F6:A0:AD:A2:D8:03:D6:DA:48:AE:42:95:"
    "F9:0B:10:A3:AF:C6:E0:AC\r\n"
    "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\n"
    "a=sctp-port:5000\r\n";

std::string offerOf(const std::string& ufrag) {
  std::string sdp(kOffer);
  return sdp.replace(sdp.find("abcd"), 4, ufrag);
}

/// Takes each token for its claims.
class FakeVerifier final : public TokenVerifier {
 public:
  [[nodiscard]] tl::expected<std::string, Refusal> verify(std::string_view token) const override {
    return std::string(token);
  }
};

std::string token(const std::string& rights, const std::string& more = "") {
  return R"({"aud":"rtcpub","channels":"car-*","rights":")" + rights + '"' + more + "}";
}

/// The server's end of a WebSocket, without a network.
class Socket final : public net::WebSocketPeer {
 public:
  void send(std::string text) override {
    const std::lock_guard lock(mutex_);
    said_.push_back(std::move(text));
    changed_.notify_all();
  }
  void close() override {}
  void joined() override {}

  /// Whether the server says something that holds this within some seconds.
  bool hears(const std::string& part) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 20s,
                             [&] { return ::testing::Value(said_, Contains(HasSubstr(part))); });
  }
  std::vector<std::string> said() {
    const std::lock_guard lock(mutex_);
    return said_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> said_;
};

/// Somebody that came in.
struct Guest {
  std::shared_ptr<Socket> socket = std::make_shared<Socket>();
  std::unique_ptr<net::WebSocketHandler> handler;  ///< used on the loop
};

class SpiderDoorTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto media = sfu::MediaServer::create({.port = 0, .thisMachineOnly = true}, hub_.mediaEvents());
    ASSERT_TRUE(media) << media.error().message;
    media_ = std::move(*media);
    onLoop([this] { door_.start(*media_); });
  }

  void TearDown() override {
    onLoop([this] {
      guests_.clear();
      door_.stop();
    });
    media_.reset();
    onLoop([] {});
  }

  void onLoop(const std::function<void()>& task) {
    std::promise<void> done;
    loop_.post([&] {
      task();
      done.set_value();
    });
    done.get_future().wait();
  }

  static net::HttpRequest request(const std::string& target, const std::string& token) {
    net::HttpRequest request{.method = "GET",
                             .target = target,
                             .remoteAddress = "203.0.113.7",
                             .localAddress = "192.0.2.1",
                             .host = "robots.example"};
    if (!token.empty()) request.headers.add("Authorization", "Bearer " + token);
    return request;
  }

  /// The status of the refusal; 101: admitted.
  int status(const std::string& target, const std::string& token) {
    int status = 101;
    onLoop([&] {
      const auto admitted = door_.admit(request(target, token));
      if (!admitted) status = admitted.error().status;
    });
    return status;
  }

  Guest& open(const std::string& target, const std::string& token) {
    auto& guest = *guests_.emplace_back(std::make_unique<Guest>());
    onLoop([&] {
      auto admitted = door_.admit(request(target, token));
      ASSERT_TRUE(admitted) << admitted.error().body;
      guest.handler = std::move(admitted->handler);
      guest.handler->opened(guest.socket);
    });
    return guest;
  }

  /// Its offer is answered.
  Guest& join(const std::string& target, const std::string& token,
              const std::vector<std::string>& openLabels = {}) {
    return join(target, token, "guest" + std::to_string(guests_.size()), openLabels);
  }
  Guest& join(const std::string& target, const std::string& token, const std::string& ufrag,
              const std::vector<std::string>& openLabels) {
    auto& guest = open(target, token);
    onLoop([&] { guest.handler->text(spider::format(spider::Offer{offerOf(ufrag), openLabels})); });
    EXPECT_TRUE(guest.socket->hears(R"("type":"answer")"));
    return guest;
  }

  Rights rightsOf(MemberId id) {
    Rights rights;
    onLoop([&] {
      const auto* member = hub_.hub().find(id);
      if (member != nullptr) rights = member->rights;
    });
    return rights;
  }

  net::EventLoop loop_{"signalling"};
  /// By how much somebody has set the system's clock; used on the loop.
  std::chrono::microseconds set_{0};
  HubRunner hub_{loop_, [this] {
                   auto now = accessNow();
                   now.unixTime += set_;
                   return now;
                 }};
  Admission admission_{std::make_shared<FakeVerifier>(), "rtcpub"};
  SpiderDoor door_{loop_, hub_, admission_};
  std::unique_ptr<sfu::MediaServer> media_;
  std::vector<std::unique_ptr<Guest>> guests_;
};

constexpr const char* kPublish = "/live/ws/pub?channel=car-1";
constexpr const char* kView = "/live/ws/sub?channel=car-1";

TEST_F(SpiderDoorTest, LetsNobodyInWhoMayNotDoWhatItsEndpointIsFor) {
  EXPECT_EQ(status(kView, ""), 401);
  EXPECT_EQ(status(kView, token("view")), 101);
  EXPECT_EQ(status(kPublish, token("view,drive")), 403);
  EXPECT_EQ(status(kView, token("publish")), 403);
  EXPECT_EQ(status("/live/ws/sub?channel=other", token("view")), 403);
  EXPECT_EQ(status("/live/ws/sub?channel=a+b", token("view")), 400);
  EXPECT_EQ(status("/elsewhere", token("view")), 404);
  onLoop([this] { door_.stop(); });
  EXPECT_EQ(status(kView, token("view")), 503);
}

TEST_F(SpiderDoorTest, GivesWhatBothTheTokenAndTheEndpointAllow) {
  const std::string all = token("publish,view,drive,admin");
  join(kPublish, all);
  EXPECT_EQ(rightsOf(1), Rights{Right::kPublish});
  join(kView, all);
  EXPECT_EQ(rightsOf(2), (Rights{Right::kView, Right::kDrive, Right::kAdmin}));
  join(kView, token("view"));
  EXPECT_EQ(rightsOf(3), Rights{Right::kView});
}

TEST_F(SpiderDoorTest, GivesNobodyAPlaceBeforeItsOfferIsAnswered) {
  open(kView, token("view"));
  EXPECT_EQ(rightsOf(1), Rights());
}

TEST_F(SpiderDoorTest, TellsAllWhichLabelsThePublisherOpens) {
  auto& viewer = join(kView, token("view"));
  join(kPublish, token("publish"), {"chat"});
  EXPECT_TRUE(viewer.socket->hears(R"(\"open\":[\"chat\"])"));
}

TEST_F(SpiderDoorTest, OpensNoLabelForAViewerThatNamesSome) {
  auto& robot = join(kPublish, token("publish"));
  join(kView, token("view"), {"stream"});
  EXPECT_TRUE(robot.socket->hears(R"(\"subscribers\":1)"));
  EXPECT_THAT(robot.socket->said(), Not(Contains(HasSubstr("stream"))));
}

TEST_F(SpiderDoorTest, TellsAViewerThatItMayNotDriveAndKeepsIt) {
  auto& viewer = join(kView, token("view"));
  hub_.mediaEvents().refused(1, "stream\n");
  EXPECT_TRUE(viewer.socket->hears(R"("type":"notice")"));
  const auto said = viewer.socket->said();
  const auto notice = spider::parse(said.back());
  ASSERT_TRUE(notice);
  EXPECT_EQ(std::get<spider::Notice>(*notice).code, "no-right");
  EXPECT_THAT(std::get<spider::Notice>(*notice).message, HasSubstr("stream?"));
  EXPECT_EQ(rightsOf(1), Rights{Right::kView});
}

TEST_F(SpiderDoorTest, TellsAMemberThatItsTokenHasExpiredAndSaysGoodbye) {
  const auto end = std::chrono::duration_cast<std::chrono::seconds>(
                       std::chrono::system_clock::now().time_since_epoch()) +
                   2s;
  auto& robot = join(kPublish, token("publish"));
  auto& viewer = join(kView, token("view", R"(,"exp":)" + std::to_string(end.count())));
  EXPECT_TRUE(viewer.socket->hears("expired"));
  EXPECT_TRUE(viewer.socket->hears("close"));
  EXPECT_EQ(viewer.socket->said().back(), "close");
  EXPECT_TRUE(robot.socket->hears(R"(\"subscribers\":0)"));
  EXPECT_THAT(robot.socket->said(), Not(Contains("close")));
}

TEST_F(SpiderDoorTest, LetsNoTokenOutliveItsTimeWhenTheClockIsSet) {
  const auto end = std::chrono::duration_cast<std::chrono::seconds>(
                       std::chrono::system_clock::now().time_since_epoch()) +
                   1h;
  auto& viewer = join(kView, token("view", R"(,"exp":)" + std::to_string(end.count())));
  auto& other = join(kView, token("view"));
  onLoop([this] { set_ = 1h + 1s; });
  EXPECT_TRUE(viewer.socket->hears("expired"));
  EXPECT_TRUE(viewer.socket->hears("close"));
  EXPECT_EQ(viewer.socket->said().back(), "close");
  EXPECT_THAT(other.socket->said(), Not(Contains("close")));
}

TEST_F(SpiderDoorTest, KnowsWhoHasNoSignallingWhicheverSideEndedIt) {
  const auto deserted = [this](MemberId id) {
    bool is = false;
    onLoop([&] { is = hub_.hub().deserted(id); });
    return is;
  };
  for (const bool byPeer : {false, true}) {
    const MemberId id = byPeer ? 2 : 1;
    auto& viewer = join(kView, token("view"));
    EXPECT_FALSE(deserted(id));
    onLoop([&] {
      viewer.handler->closed({.onPurpose = false, .byPeer = byPeer, .reason = "cut off"});
      viewer.handler.reset();
    });
    EXPECT_TRUE(deserted(id));
  }
  join(kView, token("view"), "guest0", {});  // the first one's offer
  EXPECT_FALSE(deserted(1));
  EXPECT_TRUE(deserted(2));
}

TEST_F(SpiderDoorTest, TellsAMemberThatItWasRemoved) {
  auto& viewer = join(kView, token("view"));
  bool removed = false;
  onLoop([&] { removed = hub_.remove(1); });
  EXPECT_TRUE(removed);
  EXPECT_TRUE(viewer.socket->hears("removed"));
  EXPECT_TRUE(viewer.socket->hears("close"));
  EXPECT_EQ(viewer.socket->said().back(), "close");
  onLoop([&] { removed = hub_.remove(1); });
  EXPECT_FALSE(removed) << "it is gone already";
}

TEST_F(SpiderDoorTest, GoesByTheTokenThatAMemberComesBackWith) {
  auto& viewer = join(kView, token("view"), "kims", {});
  onLoop([&] {
    viewer.handler->closed({.onPurpose = false, .byPeer = true, .reason = "cut off"});
    viewer.handler.reset();
  });
  auto& back = join(kView, token("view,drive"), "kims", {});  // the same offer: the same member
  EXPECT_TRUE(back.socket->hears(R"("type":"joins")"));
  EXPECT_EQ(rightsOf(1), (Rights{Right::kView, Right::kDrive}));
  EXPECT_EQ(rightsOf(2), Rights());
}

}  // namespace
}  // namespace rtcpub
