#include "sfu/media_server.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <future>
#include <mutex>
#include <random>
#include <thread>

#include "sfu/publisher_seat.h"
#include "webrtc_peer.h"

#ifdef __SANITIZE_ADDRESS__
extern "C" std::size_t __sanitizer_get_current_allocated_bytes();  // GCC has no header for it
#endif

namespace rtcpub::sfu {
namespace {

using rtcpub::testing::Peer;
using rtcpub::testing::PeerFactory;
using rtcpub::testing::withoutPorts;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::UnorderedElementsAre;
using namespace std::chrono_literals;

constexpr const char* kChannel = "test";

/// Waits until it is so, or 10 s.
template <class Condition>
bool eventually(Condition condition) {
  for (const auto end = std::chrono::steady_clock::now() + 10s;
       std::chrono::steady_clock::now() < end; std::this_thread::sleep_for(5ms)) {
    if (condition()) return true;
  }
  return false;
}

/// The first one of a description.
std::string iceUfrag(const std::string& sdp) {
  const auto begin = sdp.find("a=ice-ufrag:");
  return begin == std::string::npos ? "none" : sdp.substr(begin, sdp.find('\r', begin) - begin);
}

/// The offer of another client with the same certificate.
std::string otherUfrag(std::string sdp, ClientId id) {
  const std::string line = iceUfrag(sdp);
  for (auto at = sdp.find(line); at != std::string::npos; at = sdp.find(line, at + 1)) {
    sdp.replace(at, line.size(), "a=ice-ufrag:other" + std::to_string(id));
  }
  return sdp;
}

class MediaServerTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { factory_ = new PeerFactory; }
  static void TearDownTestSuite() { delete factory_; }

  void SetUp() override { start({.port = 0}); }

  void start(MediaServerOptions options) {
    auto server = MediaServer::create(
        std::move(options),
        {.connected = [this](ClientId id) { note("connected", id, ""); },
         .published = [this](ClientId id) { note("published", id, ""); },
         .presence = [this](ClientId id, bool present) { note(present ? "back" : "away", id, ""); },
         .gone = [this](ClientId id, bool closed,
                        const std::string& why) { note(closed ? "closed" : "gone", id, why); }});
    ASSERT_TRUE(server) << server.error().message;
    server_ = std::move(*server);
  }

  void note(const std::string& what, ClientId id, const std::string& why) {
    const std::lock_guard lock(mutex_);
    events_.push_back(what + " " + std::to_string(id) + (why.empty() ? "" : ": " + why));
  }

  std::vector<std::string> events() {
    const std::lock_guard lock(mutex_);
    return events_;
  }

  bool happened(const std::string& event) {
    return eventually([&] {
      const auto all = events();
      return std::any_of(all.begin(), all.end(),
                         [&](const auto& one) { return one.starts_with(event); });
    });
  }

  Result<JoinAnswer> answer(ClientId id, spider::Role role, const std::string& offer) {
    std::promise<Result<JoinAnswer>> answered;
    server_->join({.client = id,
                   .role = role,
                   .channel = kChannel,
                   .offer = offer,
                   .codec = {},
                   .loopback = true},
                  [&](Result<JoinAnswer> result) { answered.set_value(std::move(result)); });
    return answered.get_future().get();
  }

  void join(ClientId id, spider::Role role, Peer& peer) {
    const auto answered = answer(id, role, peer.offer());
    ASSERT_TRUE(answered) << answered.error().message;
    ASSERT_EQ(answered->client, id);
    ASSERT_EQ(peer.accept(answered->sdp), "") << answered->sdp;
  }

  MediaStats stats() {
    std::promise<MediaStats> stats;
    server_->stats([&](MediaStats result) { stats.set_value(std::move(result)); });
    return stats.get_future().get();
  }

  std::unique_ptr<Peer> publisher(ClientId id) {
    auto peer = std::make_unique<Peer>(*factory_);
    peer->sendVideo();
    peer->openChannel("metric");
    join(id, spider::Role::kPublisher, *peer);
    return peer;
  }

  std::unique_ptr<Peer> subscriber(ClientId id) {
    auto peer = std::make_unique<Peer>(*factory_);
    peer->receiveVideo();
    peer->openChannel("stream");
    join(id, spider::Role::kSubscriber, *peer);
    return peer;
  }

  static PeerFactory* factory_;
  std::mutex mutex_;
  std::vector<std::string> events_;
  std::unique_ptr<MediaServer> server_;
};

PeerFactory* MediaServerTest::factory_ = nullptr;

TEST_F(MediaServerTest, CarriesVideoToASubscriber) {
  const auto robot = publisher(1);
  const auto viewer = subscriber(2);
  EXPECT_TRUE(happened("connected 1"));
  EXPECT_TRUE(happened("connected 2"));
  EXPECT_TRUE(eventually([&] { return viewer->frames() > 20; })) << viewer->frames();
  const auto now = stats();
  ASSERT_EQ(now.clients.size(), 2U);
  EXPECT_TRUE(now.clients[0].connected);
  EXPECT_EQ(now.clients[0].codec, "VP8");
  EXPECT_GT(now.clients[0].packets, 20U);
  EXPECT_GT(now.clients[1].packets, 20U);
  EXPECT_EQ(now.clients[1].codec, "VP8");
  EXPECT_EQ(now.sendFailures, 0U);
}

TEST_F(MediaServerTest, ThinsVideoAndSaysSoWhileItIsOverloadedButRelaysMessages) {
  const auto tooMuch = std::make_shared<std::atomic<bool>>(false);
  server_.reset();
  start({.port = 0, .load = [tooMuch] {
           return *tooMuch ? LoadSample{.lateness = 60ms, .busy = 1, .packetsOut = 20}
                           : LoadSample{.lateness = 0ms, .busy = 0.1, .packetsOut = 20};
         }});
  const auto robot = publisher(1);
  const auto viewer = subscriber(2);
  ASSERT_TRUE(eventually([&] { return viewer->frames() > 20; }));
  EXPECT_FALSE(stats().overload);

  *tooMuch = true;
  ASSERT_TRUE(eventually([&] { return stats().overload.has_value(); }));
  ASSERT_TRUE(eventually([&] { return stats().clients.at(1).thinned; }));
  EXPECT_EQ(stats().overload->onKeyFrames, 1U);
  const int before = viewer->frames();
  const auto begin = std::chrono::steady_clock::now();
  const auto getsKeyFrames = [&] { return viewer->frames() >= before + 4; };
  ASSERT_TRUE(eventually(getsKeyFrames) || eventually(getsKeyFrames));
  EXPECT_GT(std::chrono::steady_clock::now() - begin, 2s) << "not all 30 of a second";
  ASSERT_TRUE(eventually([&] { return viewer->send("stream", "forward"); }));
  EXPECT_TRUE(eventually([&] { return !robot->messages().empty(); }));

  *tooMuch = false;
  const auto isOver = [&] { return !stats().overload.has_value(); };
  EXPECT_TRUE(eventually(isOver) || eventually(isOver) || eventually(isOver));
  const int after = viewer->frames();
  EXPECT_TRUE(eventually([&] { return viewer->frames() > after + 60; }));
  EXPECT_FALSE(stats().clients.at(1).thinned);
}

TEST_F(MediaServerTest, CarriesVideoToASubscriberThatWasThereFirst) {
  const auto viewer = subscriber(1);
  ASSERT_TRUE(happened("connected 1"));
  const auto robot = publisher(2);
  EXPECT_TRUE(eventually([&] { return viewer->frames() > 5; }));
}

TEST_F(MediaServerTest, RelaysDataBothWaysAndOpensChannelsThatAreMissing) {
  const auto robot = publisher(1);
  const auto viewer = subscriber(2);
  ASSERT_TRUE(eventually([&] { return robot->opened("metric") && viewer->opened("stream"); }));
  ASSERT_TRUE(robot->send("metric", "lap"));
  ASSERT_TRUE(viewer->send("stream", "forward"));
  EXPECT_TRUE(eventually([&] { return viewer->messages().size() == 1; }));
  EXPECT_TRUE(eventually([&] { return robot->messages().size() == 1; }));
  EXPECT_THAT(viewer->messages(), Contains("metric: lap"));
  EXPECT_THAT(robot->messages(), Contains("stream: forward"));
  ASSERT_TRUE(eventually([&] { return viewer->send("metric", "back on the opened one"); }));
  EXPECT_TRUE(eventually([&] { return robot->messages().size() == 2; }));
}

TEST_F(MediaServerTest, KeepsCommandsForAPublisherThatIsStillConnectingAsTheirChannelsSay) {
  Peer robot(*factory_);
  robot.openChannel("stream");
  const auto answered = answer(1, spider::Role::kPublisher, robot.offer());
  ASSERT_TRUE(answered);  // and until the robot gets it, nothing comes from it
  Peer viewer(*factory_);
  for (const auto* reliable : {"stream", "beside", "rtcpub.clock"}) viewer.openChannel(reliable);
  viewer.openChannel("now or never", {.maxRetransmits = 0});
  viewer.openChannel("soon", {.maxRetransmitTime = 1});  // over before DTLS can stand
  viewer.openChannel("within the minute", {.maxRetransmitTime = 60'000});
  join(2, spider::Role::kSubscriber, viewer);
  for (const auto* label : {"now or never", "soon", "within the minute", "stream", "beside"}) {
    ASSERT_TRUE(eventually([&] { return viewer.send(label, "forward"); })) << label;
  }
  // When the question is answered, the commands before it are in the server.
  ASSERT_TRUE(eventually([&] { return viewer.send("rtcpub.clock", R"({"t0":7})"); }));
  ASSERT_TRUE(eventually([&] { return !viewer.messages().empty(); }));

  ASSERT_EQ(robot.accept(answered->sdp), "");
  EXPECT_TRUE(eventually([&] { return robot.messages().size() == 3; })) << robot.messages().size();
  EXPECT_THAT(robot.messages(), UnorderedElementsAre("stream: forward", "beside: forward",
                                                     "within the minute: forward"));
  EXPECT_GE(stats().clients.at(0).droppedMessages, 1U);
}

TEST_F(MediaServerTest, LetsNoPublisherActOnWhatWasSaidBeforeItCame) {
  Peer viewer(*factory_);
  for (const auto* label : {"stream", "rtcpub.clock"}) viewer.openChannel(label);
  join(1, spider::Role::kSubscriber, viewer);
  ASSERT_TRUE(eventually([&] { return viewer.send("stream", "forward"); }));
  ASSERT_TRUE(eventually([&] { return viewer.send("rtcpub.clock", R"({"t0":7})"); }));
  ASSERT_TRUE(eventually([&] { return !viewer.messages().empty(); }));
  const auto robot = publisher(2);
  ASSERT_TRUE(happened("connected 2"));
  ASSERT_TRUE(viewer.send("stream", "stop"));
  ASSERT_TRUE(eventually([&] { return !robot->messages().empty(); }));
  EXPECT_EQ(robot->messages(), std::vector<std::string>{"stream: stop"});
}

TEST_F(MediaServerTest, CarriesTheLargestMessage) {
  const auto robot = publisher(1);
  const auto viewer = subscriber(2);
  ASSERT_TRUE(eventually([&] { return robot->opened("metric") && viewer->opened("stream"); }));
  const std::string large(256 * 1024, 'x');
  ASSERT_TRUE(robot->send("metric", large));
  EXPECT_TRUE(eventually([&] { return viewer->messages().size() == 1; }));
  EXPECT_EQ(viewer->messages().front(), "metric: " + large);
}

TEST_F(MediaServerTest, AnswersQuestionsForTheClockAndRelaysThemToNobody) {
  const auto robot = publisher(1);
  auto viewer = std::make_unique<Peer>(*factory_);
  viewer->openChannel("rtcpub.clock");
  join(2, spider::Role::kSubscriber, *viewer);
  ASSERT_TRUE(eventually([&] { return viewer->send("rtcpub.clock", R"({"t0":7})"); }));
  ASSERT_TRUE(eventually([&] { return !viewer->messages().empty(); }));
  EXPECT_THAT(viewer->messages().front(), HasSubstr(R"("t0":7)"));
  EXPECT_THAT(viewer->messages().front(), HasSubstr(R"("publisher_offset":null)"));
  EXPECT_TRUE(robot->messages().empty());
}

TEST_F(MediaServerTest, KeepsSubscribersWhenThePublisherStartsAnew) {
  auto robot = publisher(1);
  const auto viewer = subscriber(2);
  ASSERT_TRUE(eventually([&] { return viewer->frames() > 5; }));
  server_->leave(1);
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
  join(2, spider::Role::kSubscriber, *viewer);
  ASSERT_TRUE(eventually([&] { return viewer->opened("stream"); }));
  viewer->receiveVideo();
  join(2, spider::Role::kSubscriber, *viewer);
  EXPECT_TRUE(eventually([&] { return viewer->frames() > 5; }));
  EXPECT_TRUE(viewer->opened("stream"));
}

TEST_F(MediaServerTest, KnowsAClientThatComesBackByAnotherWebSocket) {
  const auto robot = publisher(1);
  const auto viewer = subscriber(2);
  ASSERT_TRUE(eventually([&] { return viewer->frames() > 0; }));
  const auto again = answer(7, spider::Role::kSubscriber, viewer->offer());
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->client, 2U);
  EXPECT_EQ(iceUfrag(again->sdp), iceUfrag(viewer->remote()));
  EXPECT_EQ(stats().clients.size(), 2U);
  const int before = viewer->frames();
  EXPECT_TRUE(eventually([&] { return viewer->frames() > before + 5; }));
  EXPECT_THAT(events(), Not(Contains("connected 7")));
}

TEST_F(MediaServerTest, TakesNobodyForAClientOfAnotherChannelOrRole) {
  const auto viewer = subscriber(2);
  const auto robot = answer(7, spider::Role::kPublisher, viewer->offer());
  ASSERT_TRUE(robot) << robot.error().message;
  EXPECT_EQ(robot->client, 7U);
}

TEST_F(MediaServerTest, KeepsDtlsWhenIceStartsAnew) {
  const auto robot = publisher(1);
  const auto viewer = subscriber(2);
  ASSERT_TRUE(eventually([&] { return viewer->frames() > 0; }));
  const std::string ufrag = iceUfrag(viewer->remote());
  viewer->restartIce();
  join(2, spider::Role::kSubscriber, *viewer);
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
  EXPECT_TRUE(stats().clients.empty());
}

TEST_F(MediaServerTest, DropsAClientThatNeverComes) {
  start({.port = 0, .patience = 300ms});
  Peer silent(*factory_);
  silent.openChannel("x");
  ASSERT_TRUE(answer(9, spider::Role::kSubscriber, silent.offer()));  // which it never learns
  EXPECT_TRUE(happened("gone 9: nothing came from it"));
}

TEST_F(MediaServerTest, DropsAClientWhoseChecksStop) {
  start({.port = 0, .retention = 1500ms});  // a path that works is checked every 2.5 s only
  const auto robot = publisher(1);
  ASSERT_TRUE(happened("connected 1"));
  EXPECT_TRUE(happened("gone 1: its ICE checks stopped"));
}

TEST_F(MediaServerTest, RefusesGarbageAndSaysWhy) {
  const auto refused = answer(1, spider::Role::kPublisher, "hello");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kProtocol);
  EXPECT_TRUE(stats().clients.empty());
}

// --- Who publishes

TEST_F(MediaServerTest, KeepsAPublisherUntilTheTransportOfANewOneStands) {
  const auto robot = publisher(1);
  const auto viewer = subscriber(2);
  ASSERT_TRUE(happened("published 1"));
  ASSERT_TRUE(eventually([&] { return viewer->frames() > 5; }));
  Peer newcomer(*factory_);
  newcomer.sendVideo();
  newcomer.openChannel("metric");
  const auto answered = answer(3, spider::Role::kPublisher, newcomer.offer());
  ASSERT_TRUE(answered) << answered.error().message;
  const int before = viewer->frames();
  EXPECT_TRUE(eventually([&] { return viewer->frames() > before + 10; }));
  ASSERT_TRUE(viewer->send("stream", "to the old one"));
  EXPECT_TRUE(eventually([&] { return robot->received() == 1; }));
  EXPECT_FALSE(stats().clients.at(0).waits);
  EXPECT_TRUE(stats().clients.at(2).waits);
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

TEST_F(MediaServerTest, ForgetsANewcomerThatNeverComes) {
  start({.port = 0, .patience = 2000ms});
  const auto robot = publisher(1);
  const auto viewer = subscriber(2);
  ASSERT_TRUE(happened("connected 1"));
  Peer silent(*factory_);
  silent.sendVideo();
  ASSERT_TRUE(answer(3, spider::Role::kPublisher, silent.offer()));
  EXPECT_TRUE(happened("gone 3: nothing came from it"));
  const int before = viewer->frames();
  EXPECT_TRUE(eventually([&] { return viewer->frames() > before + 5; }));
}

TEST_F(MediaServerTest, LetsOnlySomeNewcomersWait) {
  const auto robot = publisher(1);
  Peer silent(*factory_);
  silent.sendVideo();
  const std::string offer = silent.offer();
  const auto last = static_cast<ClientId>(2 + PublisherSeat::kMaxWaiting);
  for (ClientId id = 2; id <= last; ++id) {
    ASSERT_TRUE(answer(id, spider::Role::kPublisher, otherUfrag(offer, id)));
  }
  EXPECT_TRUE(happened("gone 2: too many others"));
  EXPECT_EQ(stats().clients.size(), last - 1);
  EXPECT_THAT(events(), Not(Contains(HasSubstr("gone 1"))));
}

TEST_F(MediaServerTest, KeepsTheChannelOfAPublisherThatBeginsAnew) {
  auto robot = publisher(1);
  const auto viewer = subscriber(2);
  ASSERT_TRUE(eventually([&] { return viewer->frames() > 5; }));
  Peer silent(*factory_);
  silent.sendVideo();
  ASSERT_TRUE(answer(3, spider::Role::kPublisher, silent.offer()));
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
  const auto answered = answer(2, spider::Role::kPublisher, newcomer.offer());
  ASSERT_TRUE(answered);
  server_->leave(1);
  EXPECT_TRUE(happened("published 2"));
  const auto viewer = subscriber(3);
  ASSERT_EQ(newcomer.accept(answered->sdp), "");
  EXPECT_TRUE(eventually([&] { return viewer->frames() > 5; }));
}

TEST_F(MediaServerTest, GivesTheChannelBackWhenTheOneThatTookItLeavesFirst) {
  const auto robot = publisher(1);
  const auto viewer = subscriber(2);
  ASSERT_TRUE(eventually([&] { return viewer->frames() > 5; }));
  const auto other = publisher(3);
  ASSERT_TRUE(happened("published 3"));
  server_->leave(3);
  ASSERT_TRUE(eventually([&] {
    const auto all = events();
    return std::count(all.begin(), all.end(), "published 1") == 2;
  }));
  const int before = viewer->frames();
  EXPECT_TRUE(eventually([&] { return viewer->frames() > before + 10; }));
  ASSERT_TRUE(viewer->send("stream", "forward"));
  EXPECT_TRUE(eventually([&] { return robot->received() == 1; }));
}

TEST_F(MediaServerTest, LeavesAClientItsPlaceWhenItsNextOfferIsRefused) {
  const auto robot = publisher(1);
  const auto viewer = subscriber(2);
  ASSERT_TRUE(eventually([&] { return viewer->frames() > 5; }));
  EXPECT_FALSE(answer(1, spider::Role::kPublisher, "v=0"));
  EXPECT_FALSE(answer(2, spider::Role::kSubscriber, "v=0"));
  const int before = viewer->frames();
  EXPECT_TRUE(eventually([&] { return viewer->frames() > before + 5; }));
}

TEST_F(MediaServerTest, SaysThatAClientThatHasStoppedAllIsInNoChannel) {
  const auto robot = publisher(1);
  ASSERT_TRUE(happened("connected 1"));
  const auto answered = answer(1, spider::Role::kPublisher, withoutPorts(robot->offer()));
  ASSERT_TRUE(answered) << answered.error().message;
  EXPECT_FALSE(answered->joined);
  EXPECT_TRUE(stats().clients.empty());
}

// --- Who is there

TEST_F(MediaServerTest, NoticesAViewerThatVanishesLongBeforeItIsAway) {
  PeerFactory program;
  Peer viewer(program);
  viewer.openChannel("stream");
  join(1, spider::Role::kSubscriber, viewer);
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
  join(1, spider::Role::kPublisher, robot);
  ASSERT_TRUE(eventually([&] { return robot.opened("metric"); }));
  std::promise<void> end;
  program.standStill(end.get_future().share());
  EXPECT_TRUE(happened("away 1"));
  EXPECT_THAT(events(), Not(Contains(HasSubstr("gone 1")))) << "its network may be away";
  server_->setDeserted(1, true);
  EXPECT_TRUE(happened("gone 1: it fell silent"));
  end.set_value();
}

/// Sends datagrams to the server's port.
class Attacker {
 public:
  explicit Attacker(std::uint16_t port) : socket_(socket(AF_INET, SOCK_DGRAM, 0)) {
    address_.sin_family = AF_INET;
    address_.sin_port = htons(port);
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  }
  ~Attacker() { close(socket_); }
  void send(const std::vector<std::uint8_t>& datagram) {
    sendto(socket_, datagram.data(), datagram.size(), 0,
           reinterpret_cast<const sockaddr*>(&address_), sizeof address_);
  }

 private:
  int socket_;
  sockaddr_in address_{};
};

TEST_F(MediaServerTest, IsNotDisturbedByGarbageOnItsPort) {
  const auto robot = publisher(1);
  const auto viewer = subscriber(2);
  ASSERT_TRUE(eventually([&] { return viewer->frames() > 5; }));
  Attacker attacker(server_->port());
  std::mt19937 random(1);  // NOLINT(cert-msc51-cpp): the same garbage each time
  for (int i = 0; i < 5000; ++i) {
    std::vector<std::uint8_t> datagram(random() % 1500);
    for (auto& byte : datagram) byte = static_cast<std::uint8_t>(random());
    constexpr std::array<std::uint8_t, 5> kFirst{0, 1, 22, 128, 200};
    if (!datagram.empty()) datagram[0] = kFirst.at(random() % kFirst.size());
    attacker.send(datagram);
  }
  attacker.send(std::vector<std::uint8_t>(5000, 1));
  const int before = viewer->frames();
  EXPECT_TRUE(eventually([&] { return viewer->frames() > before + 10; }));
  EXPECT_GT(stats().garbage, 1000U);
}

std::size_t usedKilobytes() {
#ifdef __SANITIZE_ADDRESS__
  // What was freed stays with the process, up to 256 MiB, to find who uses it still.
  return __sanitizer_get_current_allocated_bytes() / 1024;
#else
  std::ifstream file("/proc/self/statm");
  std::size_t total = 0;
  std::size_t resident = 0;
  file >> total >> resident;
  return resident * 4;
#endif
}

TEST_F(MediaServerTest, GivesItsMemoryBackWhenClientsLeave) {
  Peer peer(*factory_);
  peer.receiveVideo();
  peer.openChannel("x");
  const std::string offer = peer.offer();
  const auto joinAndLeave = [&](int rounds) {
    for (int i = 0; i < rounds; ++i) {
      const auto id = static_cast<ClientId>(i);
      ASSERT_TRUE(answer(id, spider::Role::kSubscriber, offer));
      server_->leave(id);
    }
    (void)stats();
  };
  joinAndLeave(200);
  const auto before = usedKilobytes();
  joinAndLeave(1000);
  EXPECT_LT(usedKilobytes(), before + 20000);  // a leak of a client would be some 100 kB each
  EXPECT_TRUE(stats().clients.empty());
}

TEST_F(MediaServerTest, EndsAtOnceWithClientsConnected) {
  const auto robot = publisher(1);
  const auto viewer = subscriber(2);
  ASSERT_TRUE(happened("connected 1"));
  ASSERT_TRUE(eventually([&] { return viewer->opened("stream"); }));
  const auto begin = std::chrono::steady_clock::now();
  server_.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 500ms);
  EXPECT_TRUE(eventually([&] { return !viewer->opened("stream"); }));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 2s);  // it was told, and didn't time out
}

TEST_F(MediaServerTest, TellsHowLateItsThreadIsAndReadsOffersMeanwhile) {
  EXPECT_EQ(server_->late(), 0ms);
  std::promise<void> release;
  server_->stats([stuck = release.get_future().share()](const MediaStats&) { stuck.wait(); });
  EXPECT_TRUE(eventually([&] { return server_->late() > 300ms; }));
  // It is answered at once, on this thread.
  EXPECT_FALSE(answer(1, spider::Role::kSubscriber, "v=0\r\nnonsense\r\n"));
  release.set_value();
  EXPECT_TRUE(eventually([&] { return server_->late() < 100ms; }));
}

TEST_F(MediaServerTest, SaysWhichPortIsTaken) {
  const auto second = MediaServer::create({.port = server_->port()}, {});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kIo);
  EXPECT_THAT(second.error().message, HasSubstr(std::to_string(server_->port())));
}

}  // namespace
}  // namespace rtcpub::sfu
