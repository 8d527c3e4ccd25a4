#include <utility>

#include "app/client/server_link.h"
#include "core/session/spider_carrier.h"
#include "net/web_socket_client.h"

namespace rtcpub {
namespace {

namespace carrier = session::spider_carrier;

class SpiderLink final : public ServerLink {
 public:
  SpiderLink(net::EventLoop& loop, net::WebSocketClientOptions options, SessionEvents events)
      : events_(std::move(events)), socket_(loop, std::move(options), socketEvents()) {}

  void send(const session::ToServer& what) override { socket_.send(carrier::textFor(what)); }
  void close(std::function<void()> done) override { socket_.close(std::move(done)); }
  [[nodiscard]] bool hasLocalAddress() const override { return socket_.hasLocalAddress(); }

 private:
  /// What is told may end this object.
  net::WebSocketClientEvents socketEvents() {
    return {
        .opened = [events =
                       events_](ServerFeatures server) { events(session::SocketOpened{server}); },
        .failed =
            [events = events_](net::ConnectFailure failure) {
              events(session::SocketFailed{.error = std::move(failure.error),
                                           .heard = failure.heard,
                                           .code = std::move(failure.code),
                                           .retryAfter = failure.retryAfter});
            },
        .text =
            [events = events_](const std::string& text) {
              if (const auto event = carrier::eventOf(text)) events(*event);
            },
        .closed = [events = events_](
                      std::string reason) { events(session::SocketClosed{std::move(reason)}); }};
  }

  const SessionEvents events_;
  net::WebSocketClient socket_;
};

}  // namespace

std::unique_ptr<ServerLink> dialSpider(net::EventLoop& loop, const ClientSetup& setup,
                                       SessionEvents events, std::chrono::milliseconds limit) {
  net::WebSocketClientOptions options{.server = setup.server,
                                      .target = carrier::targetFor(setup.join),
                                      .token = setup.token,
                                      .caFile = setup.caFile,
                                      .insecure = setup.insecure,
                                      .fingerprint = setup.fingerprint,
                                      .connectLimit = limit};
  return std::make_unique<SpiderLink>(loop, std::move(options), std::move(events));
}

}  // namespace rtcpub
