#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <ifaddrs.h>

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
const std::string kGetAndClose = "GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

TEST(WebServer, SpeaksTlsAndPlainHttpOnOnePort) {
  TestServer server;
  for (const Security security : {Security::kPlain, Security::kTls}) {
    RawSocket client(server.port(), security);
    client.send(kGetAndClose);
    EXPECT_THAT(client.readAll(),
                AllOf(StartsWith("HTTP/1.1 200 OK\r\n"), EndsWith("\r\n\r\nhello")));
  }
}

TEST(WebServer, SendsItsSecurityHeadersAndThoseOfTheRoute) {
  TestServer server;
  RawSocket client(server.port());
  client.send(kGetAndClose);
  EXPECT_THAT(client.readAll(),
              AllOf(HasSubstr("\r\nX-Content-Type-Options: nosniff\r\n"),
                    HasSubstr("\r\nReferrer-Policy: no-referrer\r\n"),
                    HasSubstr("\r\nCache-Control: no-cache\r\n"),
                    HasSubstr("\r\nServer: rtcpub\r\n"), HasSubstr("\r\nContent-Length: 5\r\n")));
}

TEST(WebServer, KeepsAConnectionForFurtherRequests) {
  TestServer server;
  RawSocket client(server.port(), Security::kTls);
  for (int i = 0; i < 3; ++i) {
    client.send(kGet);
    EXPECT_THAT(client.readResponse(), EndsWith("hello"));
  }
}

TEST(WebServer, AnswersARequestInAbsoluteForm) {
  TestServer server;
  RawSocket client(server.port());
  client.send("GET http://robot.example/hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(client.readAll(), AllOf(StartsWith("HTTP/1.1 200 "), EndsWith("hello")));
}

TEST(WebServer, AnswersHeadWithoutABody) {
  TestServer server;
  RawSocket client(server.port());
  client.send("HEAD /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(client.readAll(), AllOf(HasSubstr("Content-Length: 5\r\n"), EndsWith("\r\n\r\n")));
}

TEST(WebServer, ClosesAConnectionThatSaysNothing) {
  TestServer server({.firstRequestLimit = milliseconds(20)});
  EXPECT_EQ(RawSocket(server.port()).readAll(), "");
}

TEST(WebServer, TellsWhoStopsWithinItsRequestThatTheTimeIsUp) {
  TestServer server({.firstRequestLimit = milliseconds(100)});
  RawSocket plain(server.port());
  plain.send("GET /hello HTTP/1.1\r\nHos");
  EXPECT_THAT(plain.readAll(), AllOf(StartsWith("HTTP/1.1 408 "), HasSubstr("took too long")));
  RawSocket tls(server.port(), Security::kTls);
  tls.send("GET /hello HTTP/1.1\r\nHos");
  EXPECT_THAT(tls.readAll(), StartsWith("HTTP/1.1 408 "));
  RawSocket halfHello(server.port());
  halfHello.send("\x16\x03\x01\x02");
  EXPECT_EQ(halfHello.readAll(), "");
}

TEST(WebServer, ClosesAnIdleConnection) {
  TestServer server({.keepAliveLimit = milliseconds(20)});
  RawSocket client(server.port());
  client.send(kGet);
  EXPECT_THAT(client.readResponse(), EndsWith("hello"));
  EXPECT_EQ(client.readAll(), "");
}

TEST(WebServer, AnswersWhatIsNoHttpWithAReason) {
  TestServer server;
  RawSocket client(server.port());
  client.send("nonsense\r\n\r\n");
  EXPECT_THAT(client.readAll(), AllOf(StartsWith("HTTP/1.1 400 Bad Request\r\n"),
                                      HasSubstr(R"({"error":"not an HTTP request)")));
}

TEST(WebServer, SaysWhichPartOfARequestIsTooLong) {
  TestServer server;
  const auto answerTo = [&](const std::string& request) {
    RawSocket client(server.port());
    client.send(request);
    return client.readAll();
  };
  const std::string end = " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
  EXPECT_THAT(answerTo("GET /" + std::string(4095, 'x') + end + "\r\n"),
              StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(answerTo("GET /" + std::string(4096, 'x') + end + "\r\n"),
              StartsWith("HTTP/1.1 414 "));
  EXPECT_THAT(answerTo("GET /" + std::string(100'000, 'x') + end), StartsWith("HTTP/1.1 414 "));
  EXPECT_THAT(answerTo("GET /hello" + end + "A: " + std::string(16'000, 'x') + "\r\n\r\n"),
              StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(answerTo("GET /hello" + end + "A: " + std::string(100'000, 'x')),
              StartsWith("HTTP/1.1 431 "));
  std::string many;
  for (int i = 0; i < 5000; ++i) many += "a:\r\n";
  EXPECT_THAT(answerTo("GET /hello" + end + many), StartsWith("HTTP/1.1 431 "));
  EXPECT_THAT(answerTo("POST /echo/x" + end + "Content-Length: 100000\r\n\r\n"),
              StartsWith("HTTP/1.1 413 "));
  // What stands around the parts of a body is bounded, too.
  const std::string chunked = "POST /echo/x" + end + "Transfer-Encoding: chunked\r\n\r\n";
  EXPECT_THAT(answerTo(chunked + "5;" + std::string(100'000, 'x')), StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(answerTo(chunked + "0\r\na: " + std::string(100'000, 'x')),
              StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(answerTo(chunked + "5;a=b\r\nhello\r\n0\r\na: b\r\n\r\n"),
              Not(StartsWith("HTTP/1.1 413 ")));
}

TEST(WebServer, ReadsNothingBehindABodyOfUnknownEnd) {
  TestServer server;
  RawSocket client(server.port());
  client.send(
      "POST /echo/x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n"
      "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_THAT(client.readAll(), AllOf(StartsWith("HTTP/1.1 400 "), HasSubstr("transfer encodings"),
                                      Not(HasSubstr("HTTP/1.1 200"))));
}

TEST(WebServer, WantsOneHost) {
  TestServer server;
  for (const std::string hosts : {"", "Host: x\r\nHost: x\r\n"}) {
    RawSocket client(server.port());
    client.send("GET /hello HTTP/1.1\r\n" + hosts + "Connection: close\r\n\r\n");
    EXPECT_THAT(client.readAll(), AllOf(StartsWith("HTTP/1.1 400 "), HasSubstr("one Host")));
  }
  RawSocket old(server.port());
  old.send("GET /hello HTTP/1.0\r\n\r\n");
  EXPECT_THAT(old.readAll(), AllOf(StartsWith("HTTP/1.0 200 "), EndsWith("hello")));
}

TEST(WebServer, RefusesNamesThatAPageMayHaveLedToLoopback) {
  TestServer server;
  for (const std::string upgrade : {"", "Upgrade: websocket\r\nConnection: Upgrade\r\n"}) {
    RawSocket client(server.port());
    client.send("GET /hello HTTP/1.1\r\nHost: evil.example:8267\r\n" + upgrade + "\r\n");
    EXPECT_THAT(client.readResponse(),
                AllOf(StartsWith("HTTP/1.1 403 "), HasSubstr("evil.example"),
                      Not(HasSubstr("hello\"")), HasSubstr("Call it localhost")));
  }
}

TEST(WebServer, SurvivesARouteThatThrows) {
  TestServer server;
  RawSocket client(server.port());
  client.send("GET /throw HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(client.readResponse(),
              AllOf(StartsWith("HTTP/1.1 500 "), EndsWith(R"({"error":"internal error"})")));
  client.send(kGetAndClose);
  EXPECT_THAT(client.readAll(), EndsWith("hello"));
}

TEST(WebServer, AnswersUnknownPathsAsTheRouteSays) {
  TestServer server;
  RawSocket client(server.port());
  client.send("GET /ws/echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(client.readAll(), StartsWith("HTTP/1.1 404 Not Found\r\n"));
}

/// An IPv4 address of this machine that is not of 127.0.0.0/8; empty when there is none.
std::string addressForOthers() {
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return {};
  std::string found;
  for (const ifaddrs* entry = list; entry != nullptr; entry = entry->ifa_next) {
    if (entry->ifa_addr == nullptr || entry->ifa_addr->sa_family != AF_INET) continue;
    const auto* address = reinterpret_cast<const sockaddr_in*>(entry->ifa_addr);
    if ((ntohl(address->sin_addr.s_addr) >> IN_CLASSA_NSHIFT) == IN_LOOPBACKNET) continue;
    char text[INET_ADDRSTRLEN] = {};
    found = ::inet_ntop(AF_INET, &address->sin_addr, text, sizeof(text));
  }
  ::freeifaddrs(list);
  return found;
}

TEST(WebServer, SpeaksOnlyTlsWithOtherMachines) {
  const std::string address = addressForOthers();
  ASSERT_FALSE(address.empty()) << "run this by ctest, which gives it a network of its own";
  TestServer server({.listenAddress = "0.0.0.0"});
  RawSocket plain(server.port(), Security::kPlain, address);
  plain.send(kGet);
  EXPECT_THAT(plain.readAll(), AllOf(StartsWith("HTTP/1.1 400 "), HasSubstr("this port speaks TLS"),
                                     Not(HasSubstr("hello"))));
  EXPECT_THAT(RawSocket(server.port(), Security::kPlain, address).upgrade("/ws/echo"),
              StartsWith("HTTP/1.1 400 "));
  RawSocket tls(server.port(), Security::kTls, address);
  tls.send(kGetAndClose);
  EXPECT_THAT(tls.readAll(), EndsWith("hello"));
}

TEST(WebServer, ListensOnBothFamiliesWhenAskedForAll) {
  TestServer server({.listenAddress = "::"});
  RawSocket client(server.port());
  client.send(kGetAndClose);
  EXPECT_THAT(client.readAll(), EndsWith("hello"));
}

TEST(WebServer, SaysThatItsPortIsTaken) {
  TestServer server;
  EventLoop loop("second");
  const auto second = WebServer::listen(loop,
                                        {.port = server.port(),
                                         .certificatePem = testCertificate().certificatePem,
                                         .privateKeyPem = testCertificate().privateKeyPem},
                                        {});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kIo);
  EXPECT_EQ(second.error().message,
            "127.0.0.1:" + std::to_string(server.port()) +
                " is in use by another program; stop it or choose another port");
}

TEST(WebServer, SaysWhatIsWrongWithItsOptions) {
  EventLoop loop("none");
  const auto messageOf = [&](WebServerOptions options) {
    const auto server = WebServer::listen(loop, std::move(options), {});
    EXPECT_EQ(server.error().code, ErrorCode::kInvalidArgument);
    return server.error().message;
  };
  EXPECT_THAT(messageOf({.listenAddress = "robot"}), HasSubstr("robot: it is not an IP address"));
  EXPECT_THAT(messageOf({.port = 0, .certificatePem = "junk"}), HasSubstr("certificate"));
  EXPECT_THAT(messageOf({.port = 0,
                         .certificatePem = testCertificate().certificatePem,
                         .privateKeyPem = otherCertificate().privateKeyPem}),
              HasSubstr("private key"));
}

}  // namespace
}  // namespace rtcpub::net::test
