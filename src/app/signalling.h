#pragma once

#include <map>
#include <memory>
#include <string>

#include "app/server_client.h"
#include "core/lobby.h"
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
  void onGone(ServerClient& client);

  // --- from the media plane
  void onPresence(ClientId id, bool present);
  /// How the codec of its channel's video fits it, or a publisher's viewers, has changed.
  void onCodecs(ClientId id, CodecReport report);
  /// The client's transport is no more; `closed` by the client itself.
  void onMediaGone(ClientId id, bool closed, const std::string& reason);

 private:
  void onAnswer(ClientId id, const Result<sfu::JoinAnswer>& answer);
  void resume(ServerClient& client, ClientId id);
  void forget(ClientId id);
  void forgetMember(ClientId id);
  void perform(const std::vector<Lobby::Action>& actions);
  void perform(const Lobby::Notify& action);
  void perform(const Lobby::Evict& action);
  [[nodiscard]] ServerClient* find(ClientId id) const;
  void pingAll();
  void gatherStats();

  net::EventLoop& loop_;
  sfu::MediaServer* media_ = nullptr;  // null before start() and after stop()
  Lobby lobby_;
  std::map<ClientId, ServerClient*> clients_;  ///< with a WebSocket
  /// Those that were answered. They stay while their media does: a WebSocket may break off and
  /// another one take its place.
  std::map<ClientId, spider::ConnectRequest> members_;
  std::map<ClientId, CodecReport> codecs_;  ///< what members were told
  ClientId nextId_ = 1;
  sfu::MediaStats stats_;
  net::EventLoop::Timer pingTimer_;
  net::EventLoop::Timer statsTimer_;
};

}  // namespace rtcpub
