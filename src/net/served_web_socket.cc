#include "net/served_web_socket.h"

#include <exception>
#include <utility>

#include "log/log.h"
#include "net/web_socket_accept.h"

namespace rtcpub::net {

namespace {

constexpr std::chrono::milliseconds kStopPatience{500};

/// The handler's way to its session, which may be gone before it. Runs on: the loop's thread.
class Peer final : public WebSocketPeer {
 public:
  Peer(std::weak_ptr<WebSocketSession> session, std::shared_ptr<ServerContext> server,
       Connections::Id connection)
      : session_(std::move(session)), server_(std::move(server)), connection_(connection) {}

  void send(std::string text) override {
    if (auto session = session_.lock()) session->send(std::move(text));
  }

  void close() override {
    constexpr std::chrono::seconds kPatience{5};
    if (auto session = session_.lock()) {
      session->close(CloseCode::kNormal, "closed by the server", kPatience);
    }
  }

  void joined() override { server_->connections.reached(connection_, Phase::kJoined); }

 private:
  std::weak_ptr<WebSocketSession> session_;
  std::shared_ptr<ServerContext> server_;
  Connections::Id connection_;
};

}  // namespace

ServedWebSocket::ServedWebSocket(std::shared_ptr<ServerContext> server, Connections::Id id,
                                 ByteStream stream)
    : server_(std::move(server)), id_(id), stream_(std::move(stream)) {}

asio::awaitable<void> ServedWebSocket::serve(const RequestHead& request, std::string client,
                                             WebSocketAcceptance acceptance) {
  client_ = std::move(client);
  const auto accepted =
      co_await acceptWebSocket(stream_, request, acceptance.subprotocol,
                               server_->options.maxMessageBytes, server_->options.features);
  if (!accepted.session) {
    log().debug("{}: WebSocket refused: {}", client_, accepted.error.message());
    co_return;
  }
  session_ = accepted.session;
  server_->connections.reachedWaiting(id_, client_);
  WebSocketHandler& handler = *acceptance.handler;
  safely([&] { handler.opened(std::make_shared<Peer>(session_, server_, id_)); });
  const WebSocketEnd end = co_await session_->run(
      [&](std::string text) { safely([&] { handler.text(std::move(text)); }); });
  safely([&] { handler.closed(end); });
}

bool ServedWebSocket::close(CloseCode code, const std::string& reason) {
  if (!session_) return false;
  session_->close(code, reason, kStopPatience);
  return true;
}

template <class Call>
void ServedWebSocket::safely(Call call) {
  try {
    call();
  } catch (const std::exception& error) {
    log().error("the WebSocket of {} failed: {}", client_, error.what());
    close(CloseCode::kInternalError, "internal error");
  }
}

}  // namespace rtcpub::net
