#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "raw_socket.h"
#include "test_server.h"

namespace rtcpub::net::test {
namespace {

using std::chrono::milliseconds;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using Security = RawSocket::Security;

const std::string kGet = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n";

std::string post(const std::string& headers, const std::string& body = "") {
  return "POST /echo/42 HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n" + body;
}

std::string withLength(const std::string& body) {
  return post("Content-Length: " + std::to_string(body.size()) + "\r\n", body);
}

// --- what a handler gets

TEST(HttpRequests, BringHeadersABodyAndASegmentOfTheirPath) {
  TestServer server;
  for (const Security security : {Security::kPlain, Security::kTls}) {
    RawSocket client(server.port(), security);
    client.send(post("x-say: hi\r\nContent-Length: 4\r\n", "body"));
    EXPECT_THAT(client.readResponse(),
                AllOf(StartsWith("HTTP/1.1 200 "), EndsWith("POST 42 hi body")));
    client.send(
        post("Transfer-Encoding: chunked\r\n", "2\r\nbo\r\n2;a=b\r\ndy\r\n0\r\nT: x\r\n\r\n"));
    EXPECT_THAT(client.readResponse(), EndsWith("POST 42  body"));
    client.send(kGet);
    EXPECT_THAT(client.readResponse(), EndsWith("hello")) << "nothing of the bodies is left";
  }
}

TEST(HttpRequests, MayComeByteByByte) {
  TestServer server;
  RawSocket client(server.port());
  for (const char byte : withLength("abc") + kGet) client.send(std::string(1, byte));
  EXPECT_THAT(client.readResponse(), EndsWith("POST 42  abc"));
  EXPECT_THAT(client.readResponse(), EndsWith("hello"));
}

// --- methods

TEST(HttpRequests, AreToldWhichMethodsThereAre) {
  TestServer server;
  RawSocket client(server.port());
  client.send("DELETE /echo/1 HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(client.readResponse(), AllOf(StartsWith("HTTP/1.1 405 Method Not Allowed\r\n"),
                                           HasSubstr("\r\nAllow: POST, OPTIONS\r\n")));
  client.send("BREW /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(client.readResponse(), StartsWith("HTTP/1.1 501 Not Implemented\r\n"));
  client.send("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(client.readUntil("\r\n\r\n"),
              AllOf(StartsWith("HTTP/1.1 204 "), HasSubstr("\r\nAllow: GET, HEAD, POST, OPTIONS")));
  client.send("OPTIONS /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(client.readUntil("\r\n\r\n"), HasSubstr("\r\nAllow: GET, HEAD, OPTIONS\r\n"));
  client.send(kGet);
  EXPECT_THAT(client.readResponse(), EndsWith("hello")) << "the connection goes on";
}

// --- answers that come later

TEST(HttpRequests, MayBeAnsweredLaterAndInTheirOrder) {
  TestServer server;
  for (const Security security : {Security::kPlain, Security::kTls}) {
    RawSocket client(server.port(), security);
    client.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n" + kGet);
    EXPECT_THAT(client.readResponse(), EndsWith("later"));
    EXPECT_THAT(client.readResponse(), EndsWith("hello"));
  }
}

TEST(HttpRequests, AreNoProblemWhenTheirClientGoesAwayMeanwhile) {
  TestServer server;
  RawSocket(server.port()).send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(server.events().next(), "asked /later");
  EXPECT_EQ(server.events().next(), "answered");
  RawSocket other(server.port());
  other.send(kGet);
  EXPECT_THAT(other.readResponse(), EndsWith("hello"));
}

TEST(HttpRequests, AreAnsweredEvenWhenTheirHandlerForgetsThem) {
  TestServer server({.answerLimit = milliseconds(50)});
  RawSocket client(server.port());
  client.send("GET /dropped HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(client.readResponse(), StartsWith("HTTP/1.1 500 "));
  client.send("GET /never HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(client.readResponse(),
              AllOf(StartsWith("HTTP/1.1 503 "), HasSubstr("\r\nRetry-After: 1\r\n")));
  client.send(kGet);
  EXPECT_THAT(client.readResponse(), EndsWith("hello"));
}

TEST(HttpRequests, HoldTheServersEndUpInNoWay) {
  TestServer server;
  RawSocket client(server.port());
  client.send("GET /never HTTP/1.1\r\nHost: x\r\n\r\n");
  RawSocket later(server.port());
  later.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(server.events().next(), "asked /later");
  const auto began = std::chrono::steady_clock::now();
  server.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(5));
  EXPECT_EQ(client.readAll(), "");
}

// --- bodies

TEST(HttpRequests, AreRefusedWhenTheirBodyIsTooLong) {
  TestServer server;
  const auto answerTo = [&](const std::string& request) {
    RawSocket client(server.port());
    client.send(request);
    return client.readAll();
  };
  RawSocket client(server.port());
  client.send(withLength(std::string(1000, 'x')));
  EXPECT_THAT(client.readResponse(), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(answerTo(withLength(std::string(1001, 'x'))), StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(answerTo(post("Content-Length: 18446744073709551615\r\n")),
              StartsWith("HTTP/1.1 413 "));
  const std::string chunk = "1f4\r\n" + std::string(500, 'x') + "\r\n";
  EXPECT_THAT(answerTo(post("Transfer-Encoding: chunked\r\n", chunk + chunk + chunk + "0\r\n\r\n")),
              StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(answerTo(post("Transfer-Encoding: chunked\r\n", "ffffffffffffffff\r\n")),
              StartsWith("HTTP/1.1 413 "));
}

TEST(HttpRequests, AreRefusedWhenTheirBodysEndIsUnclear) {
  TestServer server;
  const std::string both = "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n";
  for (const std::string& headers :
       {both, std::string("Content-Length: 5\r\nContent-Length: 6\r\n"),
        std::string("Content-Length: -1\r\n"), std::string("Content-Length: 5 5\r\n")}) {
    RawSocket client(server.port());
    client.send(post(headers, "0\r\n\r\n" + kGet));
    EXPECT_THAT(client.readAll(), AllOf(StartsWith("HTTP/1.1 400 "), Not(HasSubstr("200 OK"))));
  }
}

TEST(HttpRequests, AreToldWhenTheirBodyTakesTooLong) {
  TestServer server({.firstRequestLimit = milliseconds(200)});
  for (const Security security : {Security::kPlain, Security::kTls}) {
    RawSocket client(server.port(), security);
    client.send(post("Content-Length: 10\r\n", "slow"));
    EXPECT_THAT(client.readAll(), AllOf(StartsWith("HTTP/1.1 408 "), HasSubstr("took too long")));
  }
}

TEST(HttpRequests, AreToldToGoOnWithTheirBody) {
  TestServer server;
  for (const Security security : {Security::kPlain, Security::kTls}) {
    RawSocket client(server.port(), security);
    client.send(post("Expect: 100-continue\r\nContent-Length: 4\r\n"));
    EXPECT_EQ(client.readUntil("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("body");
    EXPECT_THAT(client.readResponse(), EndsWith("POST 42  body"));
  }
  // What isn't wanted is refused before it is sent.
  for (const auto& [request, status] : std::initializer_list<std::pair<std::string, std::string>>{
           {post("Expect: 100-continue\r\nContent-Length: 4000\r\n"), "413"},
           {"POST /no HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n",
            "404"},
           {post("Expect: a-wonder\r\nContent-Length: 4\r\n"), "417"}}) {
    RawSocket client(server.port());
    client.send(request);
    EXPECT_THAT(client.readAll(),
                AllOf(StartsWith("HTTP/1.1 " + status), HasSubstr("\r\nConnection: close\r\n")));
  }
}

// --- other sites' pages

TEST(HttpRequests, OfOtherSitesPagesChangeNothing) {
  TestServer server;
  RawSocket client(server.port());
  client.send(post("Origin: https://evil.example\r\nContent-Length: 0\r\n"));
  EXPECT_THAT(client.readAll(), AllOf(StartsWith("HTTP/1.1 403 "), HasSubstr("evil.example")));
  RawSocket own(server.port());
  own.send(post("Origin: http://x\r\nContent-Length: 0\r\n"));
  EXPECT_THAT(own.readResponse(), StartsWith("HTTP/1.1 200 "));
}

// --- WebSockets

TEST(HttpRequests, ForAWebSocketHaveNoBody) {
  TestServer server;
  RawSocket client(server.port());
  EXPECT_THAT(client.upgrade("/ws/echo", "Content-Length: 5\r\n"), StartsWith("HTTP/1.1 400 "));
  EXPECT_TRUE(server.events().empty());
}

TEST(HttpRequests, ForAWebSocketGetTheSubprotocolThatTheyOffer) {
  TestServer server;
  EXPECT_THAT(RawSocket(server.port())
                  .upgrade("/ws/echo", "Sec-WebSocket-Protocol: rtcpub, rtcpub.token.a.b.c\r\n"),
              AllOf(StartsWith("HTTP/1.1 101 "),
                    HasSubstr("\r\nSec-WebSocket-Protocol: rtcpub\r\n"), Not(HasSubstr("a.b.c"))));
  EXPECT_THAT(RawSocket(server.port()).upgrade("/ws/echo"),
              AllOf(StartsWith("HTTP/1.1 101 "), Not(HasSubstr("Sec-WebSocket-Protocol"))));
}

// --- floods

/// Requests without end that nobody reads the answers of.
class PipelinedFlood {
 public:
  explicit PipelinedFlood(TestServer& server, Security security = Security::kPlain)
      : socket_(server.port(), security), thread_([this] { flood(); }) {}
  /// When the server is gone.
  ~PipelinedFlood() { thread_.join(); }
  PipelinedFlood(const PipelinedFlood&) = delete;
  PipelinedFlood& operator=(const PipelinedFlood&) = delete;
  [[nodiscard]] bool over() const { return over_; }

 private:
  void flood() {
    std::string many;
    for (int i = 0; i < 1'000'000; ++i) many += kGet;
    socket_.send(many);
    over_ = true;
  }

  RawSocket socket_;
  std::atomic<bool> over_ = false;
  std::thread thread_;
};

TEST(HttpRequests, ThatFloodAConnectionWaitForTheirAnswersToBeRead) {
  TestServer server;
  PipelinedFlood one(server);
  PipelinedFlood two(server);
  RawSocket viewer(server.port());
  viewer.upgrade("/ws/echo");
  RawSocket client(server.port());
  for (int i = 0; i < 200; ++i) {
    const auto began = std::chrono::steady_clock::now();
    client.send(kGet);
    EXPECT_THAT(client.readResponse(), EndsWith("hello"));
    viewer.sendFrame(1, "still here");
    EXPECT_EQ(viewer.readFrame()->payload, "still here");
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(5));
  }
  EXPECT_FALSE(one.over() || two.over()) << "what comes isn't taken without bounds";
  server.stop();
}

}  // namespace
}  // namespace rtcpub::net::test
