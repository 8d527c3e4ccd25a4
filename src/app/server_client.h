#pragma once

#include <memory>
#include <string>

#include "core/lobby.h"
#include "core/spider.h"
#include "net/event_loop.h"
#include "net/web_server.h"

namespace rtcpub {

class Signalling;

/// One client's WebSocket at the server: reads its messages, and closes when it says nothing. The
/// client may outlive it, and come back by another one. Runs on: the signalling loop.
class ServerClient final : public net::WebSocketHandler {
 public:
  ServerClient(Signalling& signalling, net::EventLoop& loop, ClientId id,
               spider::ConnectRequest request, bool loopback, std::string called);
  ~ServerClient() override;

  [[nodiscard]] ClientId id() const { return id_; }
  /// It turned out to be a client from before that comes by another WebSocket.
  void resume(ClientId id) { id_ = id; }
  /// Whether it said farewell, or was told to go, before its WebSocket ended.
  [[nodiscard]] bool left() const { return left_; }
  [[nodiscard]] const spider::ConnectRequest& request() const { return request_; }
  /// It is a program on this machine, which can use loopback candidates.
  [[nodiscard]] bool loopback() const { return loopback_; }
  /// This machine's address that it has reached.
  [[nodiscard]] const std::string& called() const { return called_; }

  void send(const spider::Message& message);
  /// Another offer is due: waits for it as for the first.
  void awaitOffer();
  /// Says why, says `close`, closes.
  void refuse(const spider::ServerError& error);
  /// Says `close`, closes.
  void end();

 private:
  void opened(std::shared_ptr<net::WebSocketPeer> peer) override;
  void text(std::string text) override;
  void closed(const net::WebSocketEnd& end) override;

  Signalling& signalling_;
  ClientId id_;
  const spider::ConnectRequest request_;
  const bool loopback_;
  const std::string called_;
  bool left_ = false;
  std::shared_ptr<net::WebSocketPeer> peer_;
  net::EventLoop::Timer silence_;
};

}  // namespace rtcpub
