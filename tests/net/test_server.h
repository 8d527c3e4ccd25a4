#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "net/certificate.h"
#include "net/event_loop.h"
#include "net/web_server.h"
#include "net/web_socket_client.h"

namespace rtcpub::net::test {

/// What happened, in order, as lines. Any thread.
class Events {
 public:
  void add(std::string event);
  /// The next one; fails the test when it doesn't come in time.
  std::string next();
  [[nodiscard]] bool empty() const;

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> events_;
};

/// One self-signed certificate for all the tests, and another that has nothing to do with it.
const Certificate& testCertificate();
const Certificate& otherCertificate();

/// Waits until the loop has run all that was posted to it before.
void settle(EventLoop& loop);

/// A server on a free loopback port, named x and robot.example, with these targets:
///   /hello          200 "hello"
///   /throw          throws, as a WebSocket, too
///   /later          200 "later", a moment later
///   /dropped        gives no answer, and lets go of it
///   /never          gives no answer, and keeps it
///   POST /echo/X    200 "POST X SAY BODY", SAY being the header X-Say's value; 1000 bytes of body
///   /ws/echo        sends every text back, and closes at "bye"
///   /ws/throw       its handler throws at every text
///   /ws/flood       sends without end
///   /ws/joined      likewise, and has joined at once
///   /ws/long        sends one text of 2 MiB
///   /ws/secret      likewise as /ws/echo, for who has the token "a.b.c"
///   everything else 404
class TestServer {
 public:
  explicit TestServer(WebServerOptions options = {});
  ~TestServer();

  [[nodiscard]] std::uint16_t port() const { return server_->port(); }
  [[nodiscard]] EventLoop& loop() { return loop_; }
  /// "opened TARGET", "closed TARGET: REASON"
  [[nodiscard]] Events& events() { return events_; }
  void stop() { server_.reset(); }

 private:
  Events events_;
  EventLoop loop_{"test-server"};
  std::unique_ptr<WebServer> server_;
};

/// A WebSocketClient with its events: "opened" and the server's features, "failed CODE: WHY", "text
/// …", "closed: REASON".
class TestClient {
 public:
  TestClient(EventLoop& loop, WebSocketClientOptions options);
  ~TestClient();
  TestClient(const TestClient&) = delete;
  TestClient& operator=(const TestClient&) = delete;

  void send(const std::string& text);
  Events& events() { return *events_; }
  /// Adds "done" to the events when that is over.
  void close();
  [[nodiscard]] bool hasLocalAddress();
  /// Waits for the failure that must come.
  ConnectFailure connectFailure();
  Error failure() { return connectFailure().error; }

 private:
  EventLoop& loop_;
  std::shared_ptr<Events> events_ = std::make_shared<Events>();
  std::shared_ptr<std::optional<ConnectFailure>> error_ =
      std::make_shared<std::optional<ConnectFailure>>();
  std::shared_ptr<std::optional<WebSocketClient>> client_ =
      std::make_shared<std::optional<WebSocketClient>>();
};

/// Options for `wss://127.0.0.1:PORT` that trust the test server.
WebSocketClientOptions trusting(std::uint16_t port, const std::string& target);

}  // namespace rtcpub::net::test
