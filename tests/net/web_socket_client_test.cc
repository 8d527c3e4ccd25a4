#include "net/web_socket_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

class WebSocketClientTest : public testing::Test {
 protected:
  /// The error of a connection that must fail.
  Error failureOf(WebSocketClientOptions options) {
    TestClient client(loop_, std::move(options));
    Error error = client.failure();
    EXPECT_TRUE(client.events().empty());
    return error;
  }

  static WebSocketClientOptions plain(std::uint16_t port, const std::string& target = "/ws/echo") {
    return {.server = {.tls = false, .host = "127.0.0.1", .port = port}, .target = target};
  }

  EventLoop loop_{"test-client"};
};

TEST_F(WebSocketClientTest, TalksToAServerWhoseCertificateItWasGiven) {
  TestServer server;
  for (const char* host : {"127.0.0.1", "localhost"}) {
    auto options = trusting(server.port(), "/ws/echo");
    options.server.host = host;
    TestClient client(loop_, options);
    EXPECT_EQ(client.events().next(), "opened") << client.failure().message;
    client.send("one");
    client.send("two");
    EXPECT_EQ(client.events().next(), "text one");
    EXPECT_EQ(client.events().next(), "text two");
  }
}

TEST_F(WebSocketClientTest, TalksWithoutTlsWhenAskedTo) {
  TestServer server;
  TestClient client(loop_, plain(server.port()));
  EXPECT_EQ(client.events().next(), "opened");
  client.send("one");
  EXPECT_EQ(client.events().next(), "text one");
}

TEST_F(WebSocketClientTest, ShowsItsToken) {
  TestServer server;
  auto options = plain(server.port(), "/ws/secret");
  options.token = "a.b.c";
  TestClient client(loop_, options);
  EXPECT_EQ(client.events().next(), "opened");
}

TEST_F(WebSocketClientTest, TellsPeopleAndProgramsWhyItIsRefused) {
  TestServer server;
  auto options = plain(server.port(), "/ws/secret");
  options.token = "SECRET";
  TestClient client(loop_, options);
  const ConnectFailure failure = client.connectFailure();
  EXPECT_THAT(failure.error.message,
              AllOf(HasSubstr("not with that token"), HasSubstr("429"), Not(HasSubstr("SECRET"))));
  EXPECT_EQ(failure.status, 429U);
  EXPECT_EQ(failure.code, "too-many-refusals");
  EXPECT_EQ(failure.retryAfter, std::chrono::seconds(7));
  TestClient other(loop_, plain(closedPort()));
  EXPECT_EQ(other.connectFailure().status, 0U);
}

TEST_F(WebSocketClientTest, AcceptsAnyCertificateWhenToldTo) {
  TestServer server;
  auto options = trusting(server.port(), "/ws/echo");
  options.caFile.clear();
  options.insecure = true;
  TestClient client(loop_, options);
  EXPECT_EQ(client.events().next(), "opened");
}

TEST_F(WebSocketClientTest, RefusesASelfSignedCertificateThatItDoesNotKnow) {
  TestServer server;
  auto options = trusting(server.port(), "/ws/echo");
  options.caFile.clear();
  const Error error = failureOf(options);
  EXPECT_EQ(error.code, ErrorCode::kTlsRefused);
  EXPECT_THAT(error.message, HasSubstr("it is self-signed; pin the fingerprint"));
}

TEST_F(WebSocketClientTest, RefusesACertificateThatIsNotInTheCaFile) {
  TestServer server;
  auto options = trusting(server.port(), "/ws/echo");
  options.caFile = otherCertificate().file;
  EXPECT_EQ(failureOf(options).code, ErrorCode::kTlsRefused);
}

TEST_F(WebSocketClientTest, RefusesATrustedCertificateOfAnotherHost) {
  TestServer server({.listenAddress = "0.0.0.0"});
  auto options = trusting(server.port(), "/ws/echo");
  options.server.host = "127.0.0.2";
  const Error error = failureOf(options);
  EXPECT_EQ(error.code, ErrorCode::kTlsRefused);
  EXPECT_THAT(error.message, HasSubstr("only, not for 127.0.0.2"));
}

TEST_F(WebSocketClientTest, TakesAServerByItsKeyWhateverItsCertificateSays) {
  TestServer server({.listenAddress = "0.0.0.0"});
  auto options = trusting(server.port(), "/ws/echo");
  options.caFile.clear();
  options.server.host = "127.0.0.2";
  options.fingerprint = testCertificate().key;
  TestClient client(loop_, options);
  EXPECT_EQ(client.events().next(), "opened") << client.failure().message;
}

TEST_F(WebSocketClientTest, RefusesAnotherKeyWhateverElseIsTrusted) {
  TestServer server;
  auto options = trusting(server.port(), "/ws/echo");
  options.fingerprint = otherCertificate().key;
  for (const bool insecure : {false, true}) {
    options.insecure = insecure;
    const Error error = failureOf(options);
    EXPECT_EQ(error.code, ErrorCode::kTlsRefused);
    EXPECT_THAT(error.message, HasSubstr(format(testCertificate().key)));
    EXPECT_THAT(error.message, HasSubstr(format(otherCertificate().key)));
  }
}

TEST_F(WebSocketClientTest, SaysWhichCaFileIsMissingOrBad) {
  TestServer server;
  auto options = trusting(server.port(), "/ws/echo");
  options.caFile = "/nowhere/ca.pem";
  const Error missing = failureOf(options);
  EXPECT_EQ(missing.code, ErrorCode::kNotFound);
  EXPECT_THAT(missing.message, HasSubstr("/nowhere/ca.pem"));
  options.caFile = "/dev/null";
  EXPECT_EQ(failureOf(options).code, ErrorCode::kInvalidArgument);
}

TEST_F(WebSocketClientTest, SaysThatNobodyListens) {
  const auto options = trusting(closedPort(), "/ws/echo");
  const Error error = failureOf(options);
  EXPECT_EQ(error.code, ErrorCode::kUnreachable);
  EXPECT_EQ(error.message, "cannot reach " + format(options.server) +
                               ": connection refused. Is the server running?");
}

TEST_F(WebSocketClientTest, SaysThatAnIpv6AddressRefuses) {
  auto options = trusting(closedPort(), "/ws/echo");
  options.server.host = "::1";
  const Error error = failureOf(options);
  EXPECT_EQ(error.code, ErrorCode::kUnreachable);
  EXPECT_THAT(error.message, StartsWith("cannot reach wss://[::1]:"));
}

TEST_F(WebSocketClientTest, SaysThatThereIsNoSuchHost) {
  auto options = trusting(8267, "/ws/echo");
  options.server.host = "no host has this name";
  const Error error = failureOf(options);
  EXPECT_EQ(error.code, ErrorCode::kUnreachable);
  EXPECT_THAT(error.message, HasSubstr("no host has this name"));
}

TEST_F(WebSocketClientTest, GivesUpWhenNobodyAnswers) {
  const CannedServer server("");
  for (const bool tls : {true, false}) {
    auto options = trusting(server.port(), "/ws/echo");
    options.server.tls = tls;
    options.connectLimit = milliseconds(50);
    const Error error = failureOf(options);
    EXPECT_EQ(error.code, ErrorCode::kUnreachable);
    EXPECT_THAT(error.message, HasSubstr("no answer in time"));
  }
}

TEST_F(WebSocketClientTest, TellsNonsenseFromASpiderServer) {
  const CannedServer server("220 mail.example ESMTP\r\n");
  const Error error = failureOf(plain(server.port()));
  EXPECT_EQ(error.code, ErrorCode::kProtocol);
  EXPECT_THAT(error.message, HasSubstr("is not a Spider server"));
}

TEST_F(WebSocketClientTest, TellsAWebServerFromASpiderServer) {
  const CannedServer server("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
  const Error error = failureOf(plain(server.port()));
  EXPECT_EQ(error.code, ErrorCode::kProtocol);
  EXPECT_THAT(error.message, EndsWith("it answered 200 OK and opened no WebSocket"));
}

TEST_F(WebSocketClientTest, SaysThatAServerDoesNotSpeakTls) {
  const CannedServer server("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
  const Error error = failureOf(trusting(server.port(), "/ws/echo"));
  EXPECT_EQ(error.code, ErrorCode::kProtocol);
  EXPECT_THAT(error.message, EndsWith("is not a Spider server: it does not speak TLS"));
}

TEST_F(WebSocketClientTest, SaysThatAServerClosedTheConnection) {
  TestServer server({.limits = {.unproven = {.ofOneNetwork = 0, .inAll = 0}}});
  for (const auto& options : {plain(server.port()), trusting(server.port(), "/ws/echo")}) {
    const Error error = failureOf(options);
    EXPECT_EQ(error.code, ErrorCode::kUnreachable);
    EXPECT_THAT(error.message, HasSubstr("it closed the connection"));
  }
}

TEST_F(WebSocketClientTest, GivesTheServersReasonForARefusal) {
  TestServer server;
  for (const auto& options :
       {plain(server.port(), "/nowhere"), trusting(server.port(), "/nowhere")}) {
    const Error error = failureOf(options);
    EXPECT_EQ(error.code, ErrorCode::kRejected);
    EXPECT_THAT(error.message, EndsWith("refused the connection: no such path (404 Not Found)"));
  }
}

TEST_F(WebSocketClientTest, TellsWhyTheServerClosed) {
  TestServer server;
  TestClient client(loop_, trusting(server.port(), "/ws/echo"));
  EXPECT_EQ(client.events().next(), "opened");
  client.send("bye");
  EXPECT_EQ(client.events().next(), "text bye");
  EXPECT_EQ(client.events().next(), "closed: closed by the other side: closed by the server");
}

TEST_F(WebSocketClientTest, ClosesWhenAMessageIsTooBig) {
  TestServer server;
  TestClient client(loop_, plain(server.port(), "/ws/long"));
  EXPECT_EQ(client.events().next(), "opened");
  EXPECT_EQ(client.events().next(), "closed: it sent a message that is too big");
}

TEST_F(WebSocketClientTest, SaysGoodbyeWhenItCloses) {
  TestServer server;
  for (const bool tls : {true, false}) {
    TestClient client(loop_, tls ? trusting(server.port(), "/ws/echo") : plain(server.port()));
    EXPECT_EQ(client.events().next(), "opened");
    EXPECT_EQ(server.events().next(), "opened /ws/echo");
    client.close();
    EXPECT_EQ(client.events().next(), "done");
    EXPECT_EQ(server.events().next(), "left /ws/echo: closed by the other side");
  }
}

TEST_F(WebSocketClientTest, IsDoneClosingAtOnceWhenItWasNeverOpen) {
  const CannedServer silent("");
  TestClient client(loop_, trusting(silent.port(), "/ws/echo"));
  client.close();
  EXPECT_EQ(client.events().next(), "done");
}

TEST_F(WebSocketClientTest, SaysNoGoodbyeWhenDestroyed) {
  TestServer server;
  {
    TestClient client(loop_, trusting(server.port(), "/ws/echo"));
    EXPECT_EQ(client.events().next(), "opened");
    EXPECT_EQ(server.events().next(), "opened /ws/echo");
  }
  EXPECT_EQ(server.events().next(), "closed /ws/echo: connection lost");
}

TEST_F(WebSocketClientTest, TellsARefusalFromSilence) {
  TestClient refused(loop_, trusting(closedPort(), "/ws/echo"));
  EXPECT_TRUE(refused.connectFailure().heard);
  auto unknown = trusting(8267, "/ws/echo");
  unknown.server.host = "198.51.100.1";  // to which this test's network has no route
  TestClient silent(loop_, unknown);
  EXPECT_FALSE(silent.connectFailure().heard);
}

TEST_F(WebSocketClientTest, KnowsThatItsAddressIsStillThere) {
  TestServer server;
  TestClient client(loop_, plain(server.port()));
  EXPECT_EQ(client.events().next(), "opened");
  EXPECT_TRUE(client.hasLocalAddress());
}

TEST_F(WebSocketClientTest, CallsTheNextAddressWhenOneRefuses) {
  TestServer server;  // on 127.0.0.1, but not on ::1, which comes first
  auto options = plain(server.port());
  options.server.host = "localhost";
  TestClient client(loop_, options);
  EXPECT_EQ(client.events().next(), "opened") << client.failure().message;
}

TEST_F(WebSocketClientTest, HearsWhatTheServerCan) {
  TestServer server({.features = {.flexfec = true}});
  TestClient client(loop_, plain(server.port()));
  EXPECT_EQ(client.events().next(), "opened flexfec-03") << client.failure().message;
}

TEST_F(WebSocketClientTest, MayBeDestroyedAtAnyPoint) {
  TestServer server;
  auto local = trusting(server.port(), "/ws/echo");
  local.server.host = "localhost";
  for (int rounds = 0; rounds < 60; ++rounds) {
    {
      TestClient client(loop_, rounds % 2 == 0 ? local : plain(server.port()));
      for (int i = 0; i < rounds; ++i) settle(loop_);
    }
    for (int i = 0; i < 3; ++i) settle(loop_);
  }
}

TEST_F(WebSocketClientTest, TellsNothingAfterItWasDestroyedInItsOwnEvent) {
  TestServer server;
  auto events = std::make_shared<Events>();
  auto client = std::make_shared<std::optional<WebSocketClient>>();
  loop_.post([&, events, client] {
    client->emplace(
        loop_, trusting(server.port(), "/ws/echo"),
        WebSocketClientEvents{
            .opened =
                [events, client](ServerFeatures /*server*/) {
                  client->reset();
                  events->add("opened");
                },
            .failed =
                [events](const ConnectFailure& failure) { events->add(failure.error.message); },
            .text = [events](const std::string& text) { events->add(text); },
            .closed = [events](const std::string& why) { events->add(why); }});
  });
  EXPECT_EQ(events->next(), "opened");
  EXPECT_EQ(server.events().next(), "opened /ws/echo");
  EXPECT_EQ(server.events().next(), "closed /ws/echo: connection lost");
  settle(loop_);
  EXPECT_TRUE(events->empty());
}

TEST_F(WebSocketClientTest, MayBeClosingWhenItsLoopEnds) {
  TestServer server;
  const CannedServer silent("");
  for (const std::uint16_t port : {server.port(), silent.port()}) {
    auto client = std::make_shared<std::optional<WebSocketClient>>();
    EventLoop loop("short-lived");
    loop.post([&loop, client, options = trusting(port, "/ws/echo")] {
      client->emplace(loop, options, WebSocketClientEvents{});
      loop.post([client] { client->reset(); });
    });
    settle(loop);
    settle(loop);  // what was posted by what was posted
  }
}

}  // namespace
}  // namespace rtcpub::net::test
