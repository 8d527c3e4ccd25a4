#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "app/client/channel_set.h"
#include "app/client/client_control.h"
#include "app/client/client_media.h"
#include "app/client/client_setup.h"
#include "app/client/client_stats.h"
#include "app/client/peer_link.h"
#include "app/client/server_link.h"
#include "core/inbox.h"
#include "core/session/session.h"
#include "net/event_loop.h"
#include "rtcpub/state.h"

namespace rtcpub {

/// How a client reaches the engine and its server: tests put others in their place.
struct ClientLinks {
  using Dial = std::function<std::unique_ptr<ServerLink>(net::EventLoop&, const ClientSetup&,
                                                         SessionEvents)>;
  PeerLink::Create peer;
  Dial server;
};
/// A WebRTC peer connection, and Spider.
[[nodiscard]] ClientLinks realLinks();

/// One client of a server: performs the session's actions and feeds it events.
/// Runs on: its own signalling loop; the public functions may be called from any thread.
class Client final : private PeerLink::Events {
 public:
  Client(ClientSetup setup, std::unique_ptr<ClientMedia> media, ClientLinks links = realLinks());
  ~Client() override;

  Result<DataChannel> addDataChannel(const std::string& label, const DataChannelOptions& options);
  /// Errors: kInvalidArgument.
  Result<Control> addControl(const ControlOptions& options,
                             std::function<void(const std::string& motion)> turn);
  DriverControl control();
  [[nodiscard]] bool running() const { return running_; }
  Result<void> run(const std::stop_token& stop);
  Subscription<StateChange> states() { return states_.subscribe(); }
  Subscription<int> viewers() { return viewers_.subscribe(); }
  [[nodiscard]] Stats stats() const;
  /// Runs a task on the signalling loop, unless that has ended.
  void post(std::function<void()> task) { loop_.post(std::move(task)); }
  /// Sends this codec from now on, of those that were offered. Runs on: the signalling loop.
  void changeCodec(VideoCodec codec);

 private:
  // --- the session's actions
  void feed(const session::Event& event);
  /// From inside of an action: after all that is to be done now.
  void feedLater(session::Event event);
  void perform(const session::MakePeer& action);
  void perform(const session::MakeOffer& action);
  void perform(const session::RestartIce& action);
  void perform(const session::RefreshPath& action);
  void perform(const session::Dial& action);
  void perform(const session::CutSocket& action);
  void perform(const session::Send& action);
  void perform(const session::ApplyAnswer& action);
  void perform(const session::ApplyOffer& action);
  void perform(const session::AddCandidate& action);
  void perform(const session::Report& action);
  void perform(const session::ShowMembers& action);
  void perform(const session::ShowCodecs& action);
  void perform(const session::ShowNotice& action);
  void perform(const session::HangUp& action);
  void perform(const session::Finish& action);
  void armTimer();

  // --- PeerLink::Events
  void onPeerEvent(session::Event event) override;
  void onChannelOpen(const std::string& label) override;
  void onPeersChannel(const std::string& label, const DataChannelOptions& options) override;
  void onCounters(const peer::PeerStats& counters) override;
  void onMessage(const std::string& label, Message message) override;
  void onMessageDone(const std::string& label, std::uint64_t id, bool delivered) override;
  void onVideoFrame(const VideoFrame& frame) override;

  Result<void> makePeer();
  void dropPeer();
  void showMismatch(const CodecReport& report);
  void finish(const std::optional<Error>& error);
  [[nodiscard]] std::optional<ClientControl::Clock> serverClock(Time now) const;
  void everySecond();

  const ClientSetup setup_;
  const ClientLinks links_;
  const std::unique_ptr<ClientMedia> media_;
  ChannelSet channels_;
  Fanout<StateChange> states_;
  Fanout<int> viewers_;
  ClientStats stats_;
  bool warnedOfFeedback_ = false;  ///< on the loop
  std::atomic<bool> running_ = false;
  std::promise<Result<void>> outcome_;
  /// What exists from run() to the end; made, used and destroyed on the loop.
  struct Connection;
  std::unique_ptr<Connection> connection_;
  PeerLink peer_;
  ClientControl control_;
  // Last, so that it ends before what its tasks use.
  net::EventLoop loop_;
};

}  // namespace rtcpub
