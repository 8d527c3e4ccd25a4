#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <deque>
#include <functional>

#include "raw_socket.h"
#include "test_server.h"

namespace rtcpub::net::test {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;
using Security = RawSocket::Security;

const std::string kGet = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n";

/// Far below what a server has, so that a test needs few descriptors.
WebServerOptions small() {
  return {.limits = {.unproven = {.ofOneNetwork = 8, .inAll = 16},
                     .waiting = {.ofOneNetwork = 8, .inAll = 8},
                     .joined = {.ofOneNetwork = 2, .inAll = 3}}};
}

/// What keeps others out, for as long as it is kept.
using Flood = std::deque<RawSocket>;

void expectAnswers(TestServer& server) {
  for (const Security security : {Security::kPlain, Security::kTls}) {
    RawSocket client(server.port(), security);
    client.send(kGet);
    EXPECT_THAT(client.readResponse(), EndsWith("hello"));
  }
  RawSocket viewer(server.port());
  EXPECT_THAT(viewer.upgrade("/ws/echo"), StartsWith("HTTP/1.1 101 "));
  viewer.sendFrame(1, "hello");
  const auto echo = viewer.readFrame();
  ASSERT_TRUE(echo);
  EXPECT_EQ(echo->payload, "hello");
}

/// A flood of connections that each do `first` keeps nobody out, and the oldest of them is cut.
void expectHolds(const std::function<void(RawSocket&)>& first,
                 Security security = Security::kPlain) {
  TestServer server(small());
  Flood flood;
  for (int i = 0; i < 40; ++i) {
    first(flood.emplace_back(server.port(), security));
    if (i % 10 == 9) expectAnswers(server);
  }
  EXPECT_THAT(flood.front().readAll(), testing::Not(HasSubstr("HTTP/1.1 4")));
}

TEST(ConnectionLimits, LetSilentConnectionsKeepNobodyOut) {
  expectHolds([](RawSocket& /*silent*/) {});
}

TEST(ConnectionLimits, LetHalfRequestsKeepNobodyOut) {
  expectHolds([](RawSocket& slow) { slow.send("GET /hello HT"); });
}

TEST(ConnectionLimits, LetHalfTlsHandshakesKeepNobodyOut) {
  expectHolds([](RawSocket& slow) { slow.send("\x16\x03\x01\x02"); });
}

TEST(ConnectionLimits, LetSilenceAfterTlsKeepNobodyOut) {
  expectHolds([](RawSocket& /*silent*/) {}, Security::kTls);
}

TEST(ConnectionLimits, LetIdleConnectionsKeepNobodyOut) {
  expectHolds([](RawSocket& idle) {
    idle.send(kGet);
    EXPECT_THAT(idle.readResponse(), EndsWith("hello"));
  });
}

TEST(ConnectionLimits, LetWebSocketsThatNeverJoinKeepNobodyOut) {
  expectHolds([](RawSocket& waiting) {
    EXPECT_THAT(waiting.upgrade("/ws/echo"), StartsWith("HTTP/1.1 101 "));
  });
}

TEST(ConnectionLimits, KeepWebSocketsThatHaveJoined) {
  TestServer server(small());
  RawSocket driver(server.port());
  driver.upgrade("/ws/joined");
  Flood flood;
  for (int i = 0; i < 40; ++i) flood.emplace_back(server.port()).upgrade("/ws/echo");
  driver.sendFrame(1, "still here");
  const auto echo = driver.readFrame();
  ASSERT_TRUE(echo);
  EXPECT_EQ(echo->payload, "still here");
}

/// Whoever is on this machine may take all the places, but not more.
TEST(ConnectionLimits, TellWhoComesWhenAllPlacesAreTaken) {
  TestServer server(small());
  std::deque<RawSocket> members;
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(members.emplace_back(server.port()).upgrade("/ws/joined"),
                StartsWith("HTTP/1.1 101 "));
    EXPECT_EQ(server.events().next(), "opened /ws/joined");
  }
  EXPECT_THAT(RawSocket(server.port()).upgrade("/ws/joined"),
              AllOf(StartsWith("HTTP/1.1 503 "), HasSubstr("\r\nRetry-After: 10\r\n"),
                    HasSubstr("as many clients here as may be")));
  members.pop_front();
  EXPECT_THAT(server.events().next(), StartsWith("closed /ws/joined"));
  EXPECT_THAT(RawSocket(server.port()).upgrade("/ws/joined"), StartsWith("HTTP/1.1 101 "));
}

/// The process has no descriptor left, until the test ends.
class NoDescriptors {
 public:
  NoDescriptors() {
    getrlimit(RLIMIT_NOFILE, &before_);
    rlimit few = before_;
    few.rlim_cur = 256;
    setrlimit(RLIMIT_NOFILE, &few);
    for (int taken = dup(0); taken >= 0; taken = dup(0)) taken_.push_back(taken);
  }
  ~NoDescriptors() {
    while (!taken_.empty()) free();
    setrlimit(RLIMIT_NOFILE, &before_);
  }
  NoDescriptors(const NoDescriptors&) = delete;
  NoDescriptors& operator=(const NoDescriptors&) = delete;
  void free() {
    close(taken_.back());
    taken_.pop_back();
  }

 private:
  rlimit before_{};
  std::deque<int> taken_;
};

TEST(ConnectionLimits, TakeTheDescriptorOfASilentConnectionWhenNoneIsLeft) {
  TestServer server(small());
  Flood flood;
  for (int i = 0; i < 4; ++i) {
    flood.emplace_back(server.port()).send(kGet);
    EXPECT_THAT(flood.back().readResponse(), EndsWith("hello"));
  }
  NoDescriptors none;
  none.free();  // for the client's own socket
  RawSocket client(server.port());
  client.send(kGet);
  EXPECT_THAT(client.readResponse(), EndsWith("hello"));
  EXPECT_EQ(flood.front().readAll(), "");
}

TEST(ConnectionLimits, GoOnAcceptingWhenDescriptorsComeBack) {
  TestServer server(small());
  NoDescriptors none;
  none.free();
  RawSocket client(server.port());
  client.send(kGet);
  none.free();
  EXPECT_THAT(client.readResponse(), EndsWith("hello"));
}

}  // namespace
}  // namespace rtcpub::net::test
