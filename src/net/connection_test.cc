#include "net/connection.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <stdexcept>

#include "rtcpub/log.h"

namespace rtcpub::net {
namespace {

using std::chrono::milliseconds;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr std::chrono::seconds kGenerous{20};

/// One end of a pair of sockets is the connection's, the other one the test's; both run in one
/// thread.
class ConnectionTest : public testing::Test {
 protected:
  ~ConnectionTest() override {  // NOLINT(bugprone-exception-escape): it would end the test
    if (connection_) connection_->cut();
    runUntil([this] { return ended || !connection_; });
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  void open(RemoteAddress remote = {.text = "127.0.0.1", .loopback = true}) {
    std::array<int, 2> pair{};
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair.data()), 0);
    descriptor_ = pair[0];
    tcp::socket socket(context);
    socket.assign(tcp::v4(), pair[1]);
    auto server = std::make_shared<ServerContext>(
        options, WebServerRoutes{.http = routes, .webSocket = {}, .other = other},
        asio::ssl::context(asio::ssl::context::tls_server), TrustedProxies{});
    server->connections.add(kId, remote, [] {});
    connection_ = std::make_unique<Connection>(server, kId, std::move(socket), remote);
    connection_->start([this] { ended = true; });
  }

  void send(const std::string& text) {
    ASSERT_EQ(::send(descriptor_, text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }

  /// What comes until there is `end` in it, or until the connection's end.
  std::string read(const std::string& end = "\xff") {
    std::string text;
    bool open = true;
    runUntil([&] {
      std::array<char, 4096> bytes{};
      const auto size = ::recv(descriptor_, bytes.data(), bytes.size(), 0);
      if (size > 0) text.append(bytes.data(), static_cast<std::size_t>(size));
      open = size > 0 || (size < 0 && errno == EAGAIN);
      return !open || text.find(end) != std::string::npos;
    });
    return text;
  }

  std::string answerTo(const std::string& request) {
    open();
    send(request);
    ::shutdown(descriptor_, SHUT_WR);
    return read();
  }

  template <class Condition>
  void runUntil(Condition condition) {
    const auto until = std::chrono::steady_clock::now() + kGenerous;
    while (!condition()) {
      ASSERT_LT(std::chrono::steady_clock::now(), until);
      context.restart();
      context.run_one_for(milliseconds(5));
    }
  }

  /// As the server does when it has ended.
  void forget() { connection_.reset(); }
  void cut() { connection_->cut(); }
  void stop() { connection_->stop(); }

  static constexpr Connections::Id kId = 1;
  asio::io_context context;
  WebServerOptions options;
  std::vector<Route> routes{
      {.method = "GET", .pattern = "/x", .handle = atOnce([](const HttpRequest& /*request*/) {
                                           return HttpResponse{.body = "x"};
                                         })},
      {.method = "GET", .pattern = "/throw", .handle = [](const HttpRequest&, const Respond&) {
         throw std::runtime_error("on purpose");
       }}};
  std::function<void(OtherConnection)> other;
  bool ended = false;

 private:
  int descriptor_ = -1;
  std::unique_ptr<Connection> connection_;
};

TEST_F(ConnectionTest, AnswersAndEnds) {
  EXPECT_THAT(answerTo("GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n"),
              AllOf(StartsWith("HTTP/1.1 200 OK\r\n"), EndsWith("\r\n\r\nx")));
  runUntil([this] { return ended; });
}

TEST_F(ConnectionTest, AnswersSeveralRequestsInTheirOrder) {
  const std::string answers = answerTo(
      "GET /x HTTP/1.1\r\nHost: localhost\r\n\r\nGET /y HTTP/1.1\r\nHost: localhost\r\n\r\n"
      "GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const auto second = answers.find("HTTP/1.1 404");
  EXPECT_THAT(answers, StartsWith("HTTP/1.1 200"));
  ASSERT_NE(second, std::string::npos);
  EXPECT_NE(answers.find("HTTP/1.1 200", second), std::string::npos);
}

TEST_F(ConnectionTest, TellsWhoComesWithoutTlsFromElsewhere) {
  open({.text = "203.0.113.5", .loopback = false});
  send("GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_THAT(read(), AllOf(StartsWith("HTTP/1.1 400 "), HasSubstr("this port speaks TLS")));
}

TEST_F(ConnectionTest, HandsOverWhatIsNeitherTlsNorHttp) {
  std::vector<std::uint8_t> received;
  other = [&](const OtherConnection& connection) {
    received = connection.received;
    ::close(connection.descriptor);
  };
  open();
  send(std::string("\0\1abc", 5));
  runUntil([this] { return ended; });
  EXPECT_EQ(received, (std::vector<std::uint8_t>{0, 1, 'a', 'b', 'c'}));
}

TEST_F(ConnectionTest, ClosesWhatNobodyTakesOver) {
  open();
  send(std::string("\0\1abc", 5));
  runUntil([this] { return ended; });
  forget();
  EXPECT_EQ(read(), "");
}

TEST_F(ConnectionTest, WritesNoTokenToTheLog) {
  setLogLevel(LogLevel::kDebug);
  testing::internal::CaptureStderr();
  for (const char* target : {"/x?token=SECRET1&a=b", "/throw?%74oken=SECRET2", "/y?token=SECRET3",
                             "/live/ws/sub?channel=a&Token=SECRET4"}) {
    ended = false;
    answerTo(std::string("GET ") + target +
             " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer SECRET5\r\n"
             "Sec-WebSocket-Protocol: rtcpub.token.SECRET6\r\n\r\n");
    runUntil([this] { return ended; });
  }
  setLogLevel(LogLevel::kWarning);
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              AllOf(HasSubstr("/x?token=***&a=b"),
                    HasSubstr("answering /throw?%74oken=*** failed: on purpose"),
                    Not(HasSubstr("SECRET"))));
}

TEST_F(ConnectionTest, EndsAtOnceWhileAnAnswerIsMissing) {
  for (const bool softly : {true, false}) {
    std::vector<Respond> kept;
    routes = {{.method = "GET",
               .pattern = "/never",
               .handle = [&](const HttpRequest& /*request*/, Respond respond) {
                 kept.push_back(std::move(respond));
               }}};
    ended = false;
    open();
    send("GET /never HTTP/1.1\r\nHost: localhost\r\n\r\n");
    runUntil([&] { return !kept.empty(); });
    if (softly) {
      stop();
    } else {
      cut();
    }
    runUntil([this] { return ended; });
    forget();
    kept[0]({.body = "too late"});
    EXPECT_EQ(read(), "");
  }
}

TEST_F(ConnectionTest, ReadsNoBodyThatNobodyWants) {
  EXPECT_THAT(answerTo("POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 40\r\n\r\n"
                       "GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n"),
              AllOf(StartsWith("HTTP/1.1 405 "), HasSubstr("\r\nAllow: GET, HEAD, OPTIONS\r\n"),
                    HasSubstr("\r\nConnection: close\r\n"), Not(HasSubstr("HTTP/1.1 200"))));
}

}  // namespace
}  // namespace rtcpub::net
