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
#include <random>
#include <thread>

#include "media_server_fixture.h"

#ifdef __SANITIZE_ADDRESS__
extern "C" std::size_t __sanitizer_get_current_allocated_bytes();  // GCC has no header for it
#endif

namespace rtcpub::sfu {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;
using namespace std::chrono_literals;

TEST_F(MediaServerTest, CarriesVideoToASubscriber) {
  const auto robot = publisher(1);
  const auto viewer = subscriber(2);
  EXPECT_TRUE(happened("connected 1"));
  EXPECT_TRUE(happened("connected 2"));
  EXPECT_TRUE(eventually([&] { return viewer->frames() > 20; })) << viewer->frames();
  const auto now = stats();
  ASSERT_EQ(now.members.size(), 2U);
  EXPECT_TRUE(now.members[0].connected);
  EXPECT_EQ(now.members[0].codec, "VP8");
  EXPECT_GT(now.members[0].packets, 20U);
  EXPECT_GT(now.members[1].packets, 20U);
  EXPECT_EQ(now.members[1].codec, "VP8");
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
  ASSERT_TRUE(eventually([&] { return stats().members.at(1).thinned; }));
  EXPECT_EQ(stats().overload->onKeyFrames, 1U);
  const int before = viewer->frames();
  const auto begin = std::chrono::steady_clock::now();
  const auto getsKeyFrames = [&] { return viewer->frames() >= before + 4; };
  ASSERT_TRUE(eventually(getsKeyFrames));
  EXPECT_GT(std::chrono::steady_clock::now() - begin, 2s) << "not all 30 of a second";
  ASSERT_TRUE(eventually([&] { return viewer->send("stream", "forward"); }));
  EXPECT_TRUE(eventually([&] { return !robot->messages().empty(); }));

  *tooMuch = false;
  const auto isOver = [&] { return !stats().overload.has_value(); };
  EXPECT_TRUE(eventually(isOver));
  const int after = viewer->frames();
  EXPECT_TRUE(eventually([&] { return viewer->frames() > after + 60; }));
  EXPECT_FALSE(stats().members.at(1).thinned);
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
  const auto answered = answer(1, kPublisher, robot.offer());
  ASSERT_TRUE(answered);  // and until the robot gets it, nothing comes from it
  Peer viewer(*factory_);
  for (const auto* reliable : {"stream", "beside", "rtcpub.clock"}) viewer.openChannel(reliable);
  viewer.openChannel("now or never", {.maxRetransmits = 0});
  viewer.openChannel("soon", {.maxRetransmitTime = 1});  // over before DTLS can stand
  viewer.openChannel("within the minute", {.maxRetransmitTime = 60'000});
  join(2, kViewer, viewer);
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
  EXPECT_GE(stats().members.at(0).droppedMessages, 1U);
}

TEST_F(MediaServerTest, LetsNoPublisherActOnWhatWasSaidBeforeItCame) {
  Peer viewer(*factory_);
  for (const auto* label : {"stream", "rtcpub.clock"}) viewer.openChannel(label);
  join(1, kViewer, viewer);
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
  join(2, kViewer, *viewer);
  ASSERT_TRUE(eventually([&] { return viewer->send("rtcpub.clock", R"({"t0":7})"); }));
  ASSERT_TRUE(eventually([&] { return !viewer->messages().empty(); }));
  EXPECT_THAT(viewer->messages().front(), HasSubstr(R"("t0":7)"));
  EXPECT_THAT(viewer->messages().front(), HasSubstr(R"("publisher_offset":null)"));
  EXPECT_TRUE(robot->messages().empty());
}

TEST_F(MediaServerTest, RefusesGarbageAndSaysWhy) {
  const auto refused = answer(1, kPublisher, "hello");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kProtocol);
  EXPECT_TRUE(stats().members.empty());
}

// --- Who publishes

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
      const auto id = static_cast<MemberId>(i);
      ASSERT_TRUE(answer(id, kViewer, offer));
      leave(id);
    }
    (void)stats();
  };
  joinAndLeave(200);
  const auto before = usedKilobytes();
  joinAndLeave(1000);
  EXPECT_LT(usedKilobytes(), before + 20000);  // a leak of a client would be some 100 kB each
  EXPECT_TRUE(stats().members.empty());
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
  EXPECT_FALSE(answer(1, kViewer, "v=0\r\nnonsense\r\n"));
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
