#pragma once

#include <deque>
#include <memory>
#include <string>

#include "core/hub/lobby.h"
#include "core/limits/offer_limits.h"
#include "core/spider/message.h"
#include "net/event_loop.h"
#include "net/web_server.h"

namespace rtcpub {

class SpiderDoor;

/// One client's WebSocket at the server: reads its messages, and closes when it says nothing. The
/// client may outlive it, and come back by another one. Runs on: the signalling loop.
class SpiderSocket final : public net::WebSocketHandler {
 public:
  SpiderSocket(SpiderDoor& signalling, net::EventLoop& loop, MemberId id,
               spider::ConnectRequest request, bool loopback, std::string called, OfferTurns turns);
  ~SpiderSocket() override;

  [[nodiscard]] MemberId id() const { return id_; }
  /// It turned out to be a client from before that comes by another WebSocket.
  void resume(MemberId id) { id_ = id; }
  /// Whether it said farewell, or was told to go, before its WebSocket ended.
  [[nodiscard]] bool left() const { return left_; }
  /// Whether it was its side that ended the WebSocket.
  [[nodiscard]] bool endedByPeer() const { return endedByPeer_; }
  [[nodiscard]] const spider::ConnectRequest& request() const { return request_; }
  /// It is a program on this machine, which can use loopback candidates.
  [[nodiscard]] bool loopback() const { return loopback_; }
  /// This machine's address that it has reached.
  [[nodiscard]] const std::string& called() const { return called_; }
  /// From where it comes.
  [[nodiscard]] const std::string& address() const { return turns_.address(); }
  /// Ends with this object.
  [[nodiscard]] std::weak_ptr<bool> life() const { return life_; }

  void send(const spider::Message& message);
  /// It has agreed with the server: its WebSocket is no stranger's any more.
  void onJoined();
  /// The offer that was handed to the signalling is answered, or refused: the next one's turn.
  void onOfferDone();
  /// Another offer is due: waits for it as for the first, unless it is here already.
  void awaitOffer();
  /// Says why, says `close`, closes; the client is to go.
  void refuse(const spider::ServerError& error);
  /// The same, but what was agreed before goes on, and the client may come back to that.
  void refuseOffer(const spider::ServerError& error);
  /// Says `close`, closes; the client is to go.
  void end();

 private:
  void opened(std::shared_ptr<net::WebSocketPeer> peer) override;
  void text(std::string text) override;
  void closed(const net::WebSocketEnd& end) override;
  void takeOffer(const std::string& sdp);
  void queueOffer(const std::string& sdp);
  void close();

  SpiderDoor& signalling_;
  MemberId id_;
  const spider::ConnectRequest request_;
  const bool loopback_;
  const std::string called_;
  bool left_ = false;
  bool closing_ = false;  ///< by us: a close frame that comes is the answer to ours
  bool endedByPeer_ = false;
  /// They are answered one after the other, each by what the one before has brought about. The
  /// first one is under way.
  std::deque<std::string> offers_;
  std::shared_ptr<net::WebSocketPeer> peer_;
  net::EventLoop::Timer silence_;
  OfferTurns turns_;
  net::EventLoop::Timer turn_;
  bool offerWaitsForTurn_ = false;
  const std::shared_ptr<bool> life_ = std::make_shared<bool>(true);
};

}  // namespace rtcpub
