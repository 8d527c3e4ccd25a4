#include "test_server.h"

#include <gtest/gtest.h>

#include <boost/asio/steady_timer.hpp>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <stdexcept>

#include "net/bearer_token.h"
#include "net/event_loop_impl.h"
#include "raw_socket.h"

namespace rtcpub::net::test {

namespace {

/// A certificate in a directory that lives as long as the program.
class TemporaryCertificate {
 public:
  TemporaryCertificate() {
    std::string pattern = (std::filesystem::temp_directory_path() / "rtcpub.XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
    certificate_ = ownCertificate(directory_, namesOfThisHost(true)).value().certificate;
  }
  ~TemporaryCertificate() {
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }
  [[nodiscard]] const Certificate& get() const { return certificate_; }

 private:
  std::string directory_;
  Certificate certificate_;
};

class TestHandler : public WebSocketHandler {
 public:
  TestHandler(EventLoop& loop, std::string target, Events& events)
      : loop_(loop), target_(std::move(target)), events_(events) {}

  void opened(std::shared_ptr<WebSocketPeer> peer) override {
    peer_ = std::move(peer);
    events_.add("opened " + target_);
    if (target_ == "/ws/long") peer_->send(std::string(2U << 20U, 'x'));
    if (target_ == "/ws/joined") peer_->joined();
    if (target_ == "/ws/flood") flood(loop_, peer_, alive_);
  }

  void text(std::string text) override {
    if (target_ == "/ws/throw") throw std::runtime_error("on purpose");
    const bool bye = text == "bye";
    peer_->send(std::move(text));
    if (bye) peer_->close();
  }

  void closed(const WebSocketEnd& end) override {
    peer_->send("nobody gets this");
    events_.add((end.onPurpose ? "left " : "closed ") + target_ + ": " + end.reason);
  }

 private:
  /// A piece each time round the loop, so that the socket gets its turn.
  static void flood(EventLoop& loop, const std::shared_ptr<WebSocketPeer>& peer,
                    const std::weak_ptr<int>& alive) {
    if (alive.expired()) return;
    peer->send(std::string(64U << 10U, 'x'));
    loop.post([&loop, peer, alive] { flood(loop, peer, alive); });
  }

  EventLoop& loop_;
  std::string target_;
  Events& events_;
  std::shared_ptr<WebSocketPeer> peer_;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

/// Says later what is to be said, if it hasn't been dropped by then.
Route::Handler later(EventLoop& loop, Events& events) {
  return [&loop, &events](const HttpRequest& request, const Respond& respond) {
    events.add("asked " + request.target);
    // Asio's own: it lies in its own handler, which goes with the loop.
    const auto timer = std::make_shared<boost::asio::steady_timer>(loop.impl().context(),
                                                                   std::chrono::milliseconds(50));
    timer->async_wait([timer, respond, &events](const auto&) {
      respond({.body = "later"});
      events.add("answered");
    });
  };
}

/// What a request's handler sees of it.
HttpResponse echo(const HttpRequest& request) {
  return {.contentType = "text/plain",
          .body = request.method + " " + request.segment + " " + request.header("X-Say") + " " +
                  request.body};
}

std::vector<Route> httpRoutes(EventLoop& loop, Events& events) {
  const auto hello = [](const HttpRequest& /*request*/) {
    return HttpResponse{
        .contentType = "text/plain", .body = "hello", .headers = {{"Cache-Control", "no-cache"}}};
  };
  const auto fail = [](const HttpRequest& /*request*/) -> HttpResponse {
    throw std::runtime_error("on purpose");
  };
  const auto drop = [](const HttpRequest& /*request*/, const Respond& /*respond*/) {};
  // For as long as the server lives.
  const auto never = [kept = std::make_shared<std::vector<Respond>>()](
                         const HttpRequest& /*request*/, Respond respond) {
    kept->push_back(std::move(respond));
  };
  return {{.method = "GET", .pattern = "/hello", .handle = atOnce(hello)},
          {.method = "GET", .pattern = "/throw", .handle = atOnce(fail)},
          {.method = "GET", .pattern = "/later", .handle = later(loop, events)},
          {.method = "GET", .pattern = "/dropped", .handle = drop},
          {.method = "GET", .pattern = "/never", .handle = never},
          {.method = "POST", .pattern = "/echo/*", .handle = atOnce(echo), .maxBodyBytes = 1000}};
}

WebServerRoutes routes(EventLoop& loop, Events& events) {
  return {.http = httpRoutes(loop, events),
          .webSocket = [&loop, &events](const HttpRequest& request)
              -> tl::expected<WebSocketAcceptance, HttpResponse> {
            if (request.target == "/throw") throw std::runtime_error("on purpose");
            if (!request.target.starts_with("/ws/")) {
              return tl::unexpected(errorResponse(404, "no such path", "nowhere"));
            }
            if (request.target == "/ws/secret" && bearerToken(request).token != "a.b.c") {
              auto refusal = errorResponse(429, "not with that token", "too-many-refusals");
              refusal.headers.emplace_back("Retry-After", "7");
              return tl::unexpected(std::move(refusal));
            }
            return WebSocketAcceptance{
                .handler = std::make_unique<TestHandler>(loop, request.target, events),
                .subprotocol = bearerToken(request).subprotocol};
          }};
}

}  // namespace

void Events::add(std::string event) {
  const std::lock_guard lock(mutex_);
  events_.push_back(std::move(event));
  changed_.notify_all();
}

std::string Events::next() {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_for(lock, kGenerous, [this] { return !events_.empty(); })) {
    ADD_FAILURE() << "nothing happened";
    return {};
  }
  std::string event = std::move(events_.front());
  events_.pop_front();
  return event;
}

bool Events::empty() const {
  const std::lock_guard lock(mutex_);
  return events_.empty();
}

const Certificate& testCertificate() {
  static const TemporaryCertificate certificate;
  return certificate.get();
}

const Certificate& otherCertificate() {
  static const TemporaryCertificate certificate;
  return certificate.get();
}

void settle(EventLoop& loop) {
  std::promise<void> done;
  loop.post([&done] { done.set_value(); });
  EXPECT_EQ(done.get_future().wait_for(kGenerous), std::future_status::ready);
}

TestServer::TestServer(WebServerOptions options) {
  options.port = 0;
  options.names = {"x", "robot.example"};
  options.certificatePem = testCertificate().certificatePem;
  options.privateKeyPem = testCertificate().privateKeyPem;
  auto server = WebServer::listen(loop_, std::move(options), routes(loop_, events_));
  EXPECT_TRUE(server) << server.error().message;
  server_ = std::move(*server);
}

TestServer::~TestServer() { stop(); }

TestClient::TestClient(EventLoop& loop, WebSocketClientOptions options) : loop_(loop) {
  WebSocketClientEvents events{
      .opened =
          [events = events_](ServerFeatures features) {
            const auto names = format(features);
            events->add(names.empty() ? "opened" : "opened " + names);
          },
      .failed =
          [events = events_, kept = error_](const ConnectFailure& failure) {
            *kept = failure;
            events->add("failed");
          },
      .text = [events = events_](const std::string& text) { events->add("text " + text); },
      .closed = [events = events_](const std::string& why) { events->add("closed: " + why); }};
  loop_.post([this, client = client_, options = std::move(options), events = std::move(events)] {
    client->emplace(loop_, options, events);
  });
}

TestClient::~TestClient() {
  loop_.post([client = client_] { client->reset(); });
  settle(loop_);
}

void TestClient::send(const std::string& text) {
  loop_.post([client = client_, text] { (*client)->send(text); });
}

void TestClient::close() {
  loop_.post([client = client_, events = events_] {
    (*client)->close([events] { events->add("done"); });
  });
}

bool TestClient::hasLocalAddress() {
  bool has = false;
  loop_.post([&has, client = client_] { has = (*client)->hasLocalAddress(); });
  settle(loop_);
  return has;
}

ConnectFailure TestClient::connectFailure() {
  EXPECT_EQ(events_->next(), "failed");
  return error_->value_or(ConnectFailure{});
}

WebSocketClientOptions trusting(std::uint16_t port, const std::string& target) {
  return {.server = {.tls = true, .host = "127.0.0.1", .port = port},
          .target = target,
          .caFile = testCertificate().file};
}

}  // namespace rtcpub::net::test
