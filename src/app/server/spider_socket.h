#pragma once

#include <deque>
#include <memory>
#include <string>

#include "core/hub/hub.h"
#include "core/limits/offer_limits.h"
#include "core/spider/message.h"
#include "net/event_loop.h"
#include "net/web_server.h"

namespace rtcpub {

class SpiderDoor;

/// Who comes, and how.
struct Visit {
  spider::ConnectRequest request;
  Membership membership;  ///< what it is to get when its offer is answered
  bool loopback = false;  ///< it is a program on this machine, which can use loopback candidates
  std::string called{};   ///< this machine's address that it has reached
};

/// One member's WebSocket at the server: reads its messages, and closes when it says nothing. The
/// member may outlive it, and come back by another one. Runs on: the signalling loop.
class SpiderSocket final : public net::WebSocketHandler {
 public:
  SpiderSocket(SpiderDoor& door, net::EventLoop& loop, MemberId id, Visit visit, OfferTurns turns);
  ~SpiderSocket() override;

  [[nodiscard]] MemberId id() const { return id_; }
  /// It turned out to be a member from before that comes by another WebSocket.
  void resume(MemberId id) { id_ = id; }
  /// Whether it said farewell, or was told to go, before its WebSocket ended.
  [[nodiscard]] bool left() const { return left_; }
  /// Whether it was its side that ended the WebSocket.
  [[nodiscard]] bool endedByPeer() const { return endedByPeer_; }
  [[nodiscard]] const Visit& visit() const { return visit_; }
  /// Ends with this object.
  [[nodiscard]] std::weak_ptr<bool> life() const { return life_; }

  void send(const spider::Message& message);
  /// It has agreed with the server: its WebSocket is no stranger's any more.
  void onJoined();
  /// The offer that was handed to the door is answered, or refused: the next one's turn.
  void onOfferDone();
  /// Another offer is due: waits for it as for the first, unless it is here already.
  void awaitOffer();
  /// Says why, says `close`, closes; the member is to go.
  void refuse(const spider::ServerError& error);
  /// The same, but what was agreed before goes on, and the member may come back to that.
  void refuseOffer(const spider::ServerError& error);
  /// Says `close`, closes; the member is to go.
  void end();

 private:
  void opened(std::shared_ptr<net::WebSocketPeer> peer) override;
  void text(std::string text) override;
  void closed(const net::WebSocketEnd& end) override;
  void takeOffer(spider::Offer offer);
  void queueOffer(spider::Offer offer);
  void close();

  SpiderDoor& door_;
  MemberId id_;
  const Visit visit_;
  bool left_ = false;
  bool closing_ = false;  ///< by us: a close frame that comes is the answer to ours
  bool endedByPeer_ = false;
  /// They are answered one after the other, each by what the one before has brought about. The
  /// first one is under way.
  std::deque<spider::Offer> offers_;
  std::shared_ptr<net::WebSocketPeer> peer_;
  net::EventLoop::Timer silence_;
  OfferTurns turns_;
  net::EventLoop::Timer turn_;
  bool offerWaitsForTurn_ = false;
  const std::shared_ptr<bool> life_ = std::make_shared<bool>(true);
};

}  // namespace rtcpub
