#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "app/server_client.h"
#include "core/lobby.h"
#include "core/offer_limits.h"
#include "net/event_loop.h"
#include "net/web_server.h"
#include "sfu/media_server.h"

namespace rtcpub {

/// The server's signalling: who is connected, who is in which channel, and what each is told.
/// Runs on: the signalling loop.
class Signalling {
 public:
  /// `media` outlives this object's last use of it; see start().
  explicit Signalling(net::EventLoop& loop);

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
  void onOpened(ServerClient& client);
  void onOffer(ServerClient& client, const std::string& sdp);
  /// An offer gets no answer. Who has agreed on one before keeps what it has.
  void refuseOffer(ServerClient& client, const spider::ServerError& error);
  void onGone(ServerClient& client);

  // --- from the media plane
  void onPublished(ClientId id);
  void onPresence(ClientId id, bool present);
  /// How the codec of its channel's video fits it, or a publisher's viewers, has changed.
  void onCodecs(ClientId id, CodecReport report);
  /// The client's transport is no more; `closed` by the client itself.
  void onMediaGone(ClientId id, bool closed, const std::string& reason);

 private:
  /// Who has agreed on an offer. It stays while its media does: its WebSocket may break off and
  /// another one take its place.
  struct Member {
    spider::ConnectRequest request;
    bool present = true;                  ///< it is heard of
    std::optional<CodecReport> codecs{};  ///< what it was told
  };

  void onAnswer(ServerClient& client, const Result<sfu::JoinAnswer>& answer);
  void onUnclaimed(ClientId id, const Result<sfu::JoinAnswer>& answer);
  void refuseGone(ServerClient& client, const sfu::JoinAnswer& answer);
  void greet(ClientId id, const Member& member);
  void resume(ServerClient& client, ClientId id);
  void forget(ClientId id);
  void perform(const std::vector<Lobby::Action>& actions);
  void perform(const Lobby::Notify& action);
  void perform(const Lobby::Evict& action);
  [[nodiscard]] ServerClient* find(ClientId id) const;
  void pingAll();
  void gatherStats();

  net::EventLoop& loop_;
  sfu::MediaServer* media_ = nullptr;  // null before start() and after stop()
  Lobby lobby_;
  OfferLimits offers_;
  std::map<ClientId, ServerClient*> clients_;  ///< with a WebSocket
  std::map<ClientId, Member> members_;
  ClientId nextId_ = 1;
  sfu::MediaStats stats_;
  net::EventLoop::Timer pingTimer_;
  net::EventLoop::Timer statsTimer_;
};

}  // namespace rtcpub
