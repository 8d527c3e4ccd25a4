#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "app/server/spider_socket.h"
#include "core/hub/lobby.h"
#include "core/limits/offer_limits.h"
#include "net/event_loop.h"
#include "net/web_server.h"
#include "sfu/media_server.h"

namespace rtcpub {

/// The server's signalling: who is connected, who is in which channel, and what each is told.
/// Runs on: the signalling loop.
class SpiderDoor {
 public:
  /// `media` outlives this object's last use of it; see start().
  explicit SpiderDoor(net::EventLoop& loop);

  /// Begins to ping and to gather figures.
  void start(sfu::MediaServer& media);
  /// Tells everyone `close` and lets nobody in any more.
  void stop();

  /// A WebSocket wants in.
  tl::expected<std::unique_ptr<net::WebSocketHandler>, net::HttpResponse> admit(
      const net::HttpRequest& request);
  /// The API's view of the channels, in JSON.
  [[nodiscard]] std::string channelsJson() const;

  // --- from the clients' sockets
  void onOpened(SpiderSocket& client);
  void onOffer(SpiderSocket& client, const std::string& sdp);
  /// An offer gets no answer. Who has agreed on one before keeps what it has.
  void refuseOffer(SpiderSocket& client, const spider::ServerError& error);
  void onGone(SpiderSocket& client);

  // --- from the media plane
  void onPublished(MemberId id);
  void onPresence(MemberId id, bool present);
  /// How the codec of its channel's video fits it, or a publisher's viewers, has changed.
  void onCodecs(MemberId id, CodecReport report);
  /// The client's transport is no more; `closed` by the client itself.
  void onMediaGone(MemberId id, bool closed, const std::string& reason);

 private:
  /// Who has agreed on an offer. It stays while its media does: its WebSocket may break off and
  /// another one take its place.
  struct Member {
    spider::ConnectRequest request;
    bool present = true;                  ///< it is heard of
    std::optional<CodecReport> codecs{};  ///< what it was told
  };

  void onAnswer(SpiderSocket& client, const Result<sfu::JoinAnswer>& answer);
  void onUnclaimed(MemberId id, const Result<sfu::JoinAnswer>& answer);
  void refuseGone(SpiderSocket& client, const sfu::JoinAnswer& answer);
  void greet(MemberId id, const Member& member);
  void resume(SpiderSocket& client, MemberId id);
  void forget(MemberId id);
  void perform(const std::vector<Lobby::Action>& actions);
  void perform(const Lobby::Notify& action);
  void perform(const Lobby::Evict& action);
  [[nodiscard]] SpiderSocket* find(MemberId id) const;
  void pingAll();
  void gatherStats();

  net::EventLoop& loop_;
  sfu::MediaServer* media_ = nullptr;  // null before start() and after stop()
  Lobby lobby_;
  OfferLimits offers_;
  std::map<MemberId, SpiderSocket*> clients_;  ///< with a WebSocket
  std::map<MemberId, Member> members_;
  MemberId nextId_ = 1;
  sfu::MediaStats stats_;
  net::EventLoop::Timer pingTimer_;
  net::EventLoop::Timer statsTimer_;
};

}  // namespace rtcpub
