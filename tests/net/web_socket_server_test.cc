#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <set>

#include "raw_socket.h"
#include "test_server.h"

namespace rtcpub::net::test {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr int kText = 1;
constexpr int kBinary = 2;
constexpr int kClose = 8;
constexpr int kPing = 9;
constexpr int kPong = 10;

void expectEcho(RawSocket& client, const std::string& text) {
  client.sendFrame(kText, text);
  const auto frame = client.readFrame();
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->opcode, kText);
  EXPECT_EQ(frame->payload, text);
}

/// A close frame of that code, and when it is answered the connection's end.
void expectClose(RawSocket& client, int code) {
  const auto frame = client.readFrame();
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->opcode, kClose);
  EXPECT_EQ(frame->closeCode(), code);
  client.sendFrame(kClose, frame->payload);
  EXPECT_FALSE(client.readFrame());
}

TEST(WebSocketServer, CarriesTextBothWaysWithTlsAndWithout) {
  TestServer server;
  for (const auto security : {RawSocket::Security::kPlain, RawSocket::Security::kTls}) {
    RawSocket client(server.port(), security);
    EXPECT_THAT(client.upgrade("/ws/echo"),
                AllOf(StartsWith("HTTP/1.1 101 "), Not(HasSubstr("permessage-deflate")),
                      HasSubstr("Server: rtcpub\r\n")));
    expectEcho(client, "hello");
    expectEcho(client, std::string(100'000, 'x'));
    client.sendFrame(kPing, "p");
    EXPECT_EQ(client.readFrame()->opcode, kPong);
  }
}

TEST(WebSocketServer, SendsTheRoutesRefusalInsteadOfTheUpgrade) {
  TestServer server;
  EXPECT_THAT(
      RawSocket(server.port()).upgrade("/nowhere"),
      AllOf(StartsWith("HTTP/1.1 404 "), EndsWith(R"({"error":"no such path","code":"nowhere"})")));
}

TEST(WebSocketServer, RefusesPagesOfOtherSites) {
  TestServer server;
  for (const char* origin : {"https://evil.example", "null", "https://robot.example"}) {
    EXPECT_THAT(
        RawSocket(server.port()).upgrade("/ws/echo", "Origin: " + std::string(origin) + "\r\n"),
        AllOf(StartsWith("HTTP/1.1 403 "), HasSubstr(R"({"error":)")));
  }
  EXPECT_THAT(
      RawSocket(server.port()).upgrade("/ws/echo", "Origin: https://robot.example:8267\r\n"),
      StartsWith("HTTP/1.1 101 "));
}

TEST(WebSocketServer, LetsInThePagesThatATrustedProxyNamesAndNobodyElses) {
  const std::string forwarded =
      "Origin: https://robots.example\r\nX-Forwarded-For: 203.0.113.5\r\n"
      "X-Forwarded-Host: evil.example\r\n"
      "X-Forwarded-Host: robots.example\r\nX-Forwarded-Proto: https\r\n";
  TestServer trusting({.trustedProxies = {"127.0.0.0/8"}});
  EXPECT_THAT(RawSocket(trusting.port()).upgrade("/ws/echo", forwarded),
              StartsWith("HTTP/1.1 101 "));
  TestServer other({.trustedProxies = {"192.0.2.1"}});
  EXPECT_THAT(RawSocket(other.port()).upgrade("/ws/echo", forwarded), StartsWith("HTTP/1.1 403 "));
  TestServer plain;
  EXPECT_THAT(RawSocket(plain.port()).upgrade("/ws/echo", forwarded), StartsWith("HTTP/1.1 403 "));
}

TEST(WebSocketServer, RefusesAPageThatLedItsNameToTheMachineOfATrustedProxy) {
  TestServer server({.trustedProxies = {"127.0.0.1"}});
  const std::string begin = "GET /ws/echo HTTP/1.1\r\nHost: evil.example:8267\r\n";
  const std::string end =
      "Origin: http://evil.example:8267\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
  RawSocket page(server.port());
  page.send(begin + end);
  EXPECT_THAT(page.readResponse(),
              AllOf(StartsWith("HTTP/1.1 403 "), HasSubstr("does not answer to the name")));
  RawSocket proxy(server.port());
  proxy.send(begin + "X-Forwarded-For: 203.0.113.5\r\n" + end);
  EXPECT_THAT(proxy.readResponse(), StartsWith("HTTP/1.1 101 "));
}

TEST(WebSocketServer, RefusesAnUnknownVersion) {
  TestServer server;
  RawSocket client(server.port());
  client.send(
      "GET /ws/echo HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 7\r\n\r\n");
  EXPECT_THAT(client.readUntil("\r\n"), StartsWith("HTTP/1.1 426 "));
  EXPECT_TRUE(server.events().empty());
}

TEST(WebSocketServer, ClosesATooBigMessageAndLeavesTheOthersAlone) {
  TestServer server({.maxMessageBytes = 1000});
  RawSocket other(server.port());
  other.upgrade("/ws/echo");
  EXPECT_EQ(server.events().next(), "opened /ws/echo");
  RawSocket client(server.port());
  client.upgrade("/ws/echo");
  EXPECT_EQ(server.events().next(), "opened /ws/echo");
  expectEcho(client, std::string(1000, 'x'));
  client.sendFrame(kText, std::string(1001, 'x'));
  const auto frame = client.readFrame();
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->closeCode(), 1009);
  expectEcho(other, "still here");
}

TEST(WebSocketServer, ClosesATenMegabyteMessage) {
  TestServer server;
  RawSocket client(server.port());
  client.upgrade("/ws/echo");
  EXPECT_EQ(server.events().next(), "opened /ws/echo");
  client.sendFrame(kText, std::string(10U << 20U, 'x'));
  const auto frame = client.readFrame();
  if (frame) {
    EXPECT_EQ(frame->closeCode(), 1009);
  }
  client.readAll();
  EXPECT_EQ(server.events().next(), "closed /ws/echo: it sent a message that is too big");
}

TEST(WebSocketServer, TakesNoBinaryMessages) {
  TestServer server;
  RawSocket client(server.port());
  client.upgrade("/ws/echo");
  client.sendFrame(kBinary, "x");
  const auto frame = client.readFrame();
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->closeCode(), 1003);
}

TEST(WebSocketServer, ClosesTextThatIsNoUtf8) {
  TestServer server;
  RawSocket client(server.port());
  client.upgrade("/ws/echo");
  client.sendFrame(kText, "\xff\xfe");
  const auto frame = client.readFrame();
  ASSERT_TRUE(frame);
  EXPECT_THAT(frame->closeCode(), testing::AnyOf(1002, 1007));
}

TEST(WebSocketServer, SurvivesHandlersThatThrow) {
  TestServer server;
  RawSocket client(server.port());
  client.upgrade("/ws/throw");
  client.sendFrame(kText, "x");
  expectClose(client, 1011);
  EXPECT_THAT(RawSocket(server.port()).upgrade("/throw"), StartsWith("HTTP/1.1 500 "));
  RawSocket other(server.port());
  other.upgrade("/ws/echo");
  expectEcho(other, "still here");
}

TEST(WebSocketServer, SendsWhatIsQueuedBeforeItCloses) {
  TestServer server;
  {
    RawSocket client(server.port());
    client.upgrade("/ws/echo");
    expectEcho(client, "bye");
    expectClose(client, 1000);
  }
  EXPECT_EQ(server.events().next(), "opened /ws/echo");
  EXPECT_EQ(server.events().next(), "closed /ws/echo: closed by the server");
}

TEST(WebSocketServer, TellsItsHandlerThatThePeerIsGone) {
  TestServer server;
  {
    RawSocket client(server.port());
    client.upgrade("/ws/echo");
    EXPECT_EQ(server.events().next(), "opened /ws/echo");
  }
  EXPECT_THAT(server.events().next(), StartsWith("closed /ws/echo: connection lost"));
}

TEST(WebSocketServer, ClosesAPeerThatDoesNotReadAndLeavesTheOthersAlone) {
  TestServer server;
  RawSocket slow(server.port());
  slow.upgrade("/ws/flood");
  EXPECT_EQ(server.events().next(), "opened /ws/flood");
  EXPECT_EQ(server.events().next(), "closed /ws/flood: it does not read what is sent to it");
  RawSocket other(server.port());
  other.upgrade("/ws/echo");
  expectEcho(other, "still here");
}

TEST(WebSocketServer, ClosesEverythingWithinASecondEvenWhenPeersDoNotAnswer) {
  TestServer server;
  RawSocket silent(server.port());
  RawSocket halfHello(server.port());
  halfHello.send("\x16\x03\x01\x02");
  RawSocket idle(server.port(), RawSocket::Security::kTls);
  idle.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  idle.readResponse();
  RawSocket webSocket(server.port());
  webSocket.upgrade("/ws/echo");
  EXPECT_EQ(server.events().next(), "opened /ws/echo");
  RawSocket slow(server.port(), RawSocket::Security::kTls);
  slow.upgrade("/ws/long");
  EXPECT_EQ(server.events().next(), "opened /ws/long");

  const auto begin = std::chrono::steady_clock::now();
  server.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(1));

  expectClose(webSocket, 1001);
  EXPECT_EQ(silent.readAll(), "");
  EXPECT_EQ(halfHello.readAll(), "");
  EXPECT_EQ(idle.readAll(), "");
  std::set<std::string> closed{server.events().next(), server.events().next()};
  EXPECT_THAT(closed, testing::ElementsAre("closed /ws/echo: the server stops",
                                           "closed /ws/long: the server stops"));
}

TEST(WebSocketServer, StopsAtOnceWhenPeersAnswer) {
  TestServer server;
  EventLoop loop("client");
  TestClient client(loop, trusting(server.port(), "/ws/echo"));
  EXPECT_EQ(client.events().next(), "opened");
  EXPECT_EQ(server.events().next(), "opened /ws/echo");  // it may learn of it later than the client
  const auto begin = std::chrono::steady_clock::now();
  server.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(450));
  EXPECT_EQ(client.events().next(), "closed: closed by the other side: the server stops");
}

}  // namespace
}  // namespace rtcpub::net::test
