#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

#include "app/client/channel_set.h"
#include "app/client/client_stats.h"
#include "app/client/clock_client.h"
#include "core/address/key_fingerprint.h"
#include "core/address/server_url.h"
#include "core/codec_report.h"
#include "core/ice/ice_server.h"
#include "core/inbox.h"
#include "core/session/session.h"
#include "core/spider/message.h"
#include "net/event_loop.h"
#include "net/web_socket_client.h"
#include "peer/peer.h"
#include "rtcpub/connection.h"

namespace rtcpub {

/// What a publisher sends or a subscriber receives: the part of a client in which the two differ.
class ClientMedia {
 public:
  virtual ~ClientMedia() = default;
  /// Adds its tracks to a new peer connection; there may be several, one after the other. Runs on:
  /// the signalling loop.
  virtual Result<void> attach(peer::Peer& peer) = 0;
  /// The peer connection is about to go. Runs on: the signalling loop.
  virtual void detach() = 0;
  /// A decoded picture. Runs on: an engine's thread; only push.
  virtual void onFrame(const VideoFrame& frame) = 0;
  /// A message on any channel but the reserved ones. Runs on: an engine's thread; only push.
  virtual void onMessage(const std::string& /*label*/, const Message& /*message*/) {}
  /// A data channel is open; what is put on it now goes out. Runs on: the signalling loop.
  virtual void onChannelOpen(const std::string& /*label*/) {}
  /// The server says how the codec of the video fits. What follows for whoever sees nothing:
  /// nothing when all is well, or will be. An empty report: nothing is known any more. Runs on: the
  /// signalling loop.
  virtual std::optional<CodecMismatch> onCodecs(const CodecReport& report) = 0;
  /// Once a second from run() to the end. Runs on: the signalling loop.
  virtual void onSecond() {}
  /// Nothing will come any more.
  virtual void close() = 0;
};

/// How a client reaches its server, checked.
struct ClientSetup {
  ServerUrl server;
  spider::ConnectRequest request;
  std::vector<IceServer> iceServers;
  std::string caFile;
  std::optional<KeyFingerprint> fingerprint;
  bool insecure = false;
  bool lan = false;
  bool relayOnly = false;
  bool trickle = true;
  std::optional<std::chrono::milliseconds> maxRetryTime;
  bool failFast = false;
};

/// Checks what publisher and subscriber have in common. Errors: kInvalidArgument.
Result<ClientSetup> checkConnection(const ConnectionOptions& options, spider::Role role);

/// One client of a server: performs the session's actions and feeds it events.
/// Runs on: its own signalling loop; the public functions may be called from any thread.
class Client final : private peer::PeerListener {
 public:
  Client(ClientSetup setup, std::unique_ptr<ClientMedia> media);
  ~Client() override;

  Result<DataChannel> addDataChannel(const std::string& label, const DataChannelOptions& options);
  [[nodiscard]] bool running() const { return running_; }
  Result<void> run(const std::stop_token& stop);
  Subscription<StateChange> states() { return states_.subscribe(); }
  Subscription<int> viewers() { return viewers_.subscribe(); }
  [[nodiscard]] Stats stats() const { return stats_.latest(); }
  /// Runs a task on the signalling loop, unless that has ended.
  void post(std::function<void()> task) { loop_.post(std::move(task)); }
  /// Sends this codec from now on, of those that were offered. Runs on: the signalling loop.
  void changeCodec(VideoCodec codec);

 private:
  // --- the session's actions
  void feed(const session::Event& event);
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
  void perform(const session::Members& action);
  void perform(const session::ShowCodecs& action);
  void perform(const session::HangUp& action);
  void perform(const session::Finish& action);
  void armTimer();

  // --- peer::PeerListener: the engine's threads
  void onOffer(std::string sdp) override;
  void onAnswer(std::string sdp) override;
  void onAnswerApplied() override;
  void onCandidate(spider::Candidate candidate) override;
  void onConnected() override;
  void onDisconnected() override;
  void onPathFailed(std::string reason) override;
  void onIceServerFailed(std::string reason) override;
  void onFailed(std::string reason) override;
  void onNetworkChanged() override;
  void onChannelOpen(const std::string& label) override;
  void onMessage(const std::string& label, Message message) override;
  void onPeersChannel(const std::string& label, const DataChannelOptions& options) override;
  void onMessageDone(const std::string& label, std::uint64_t id, bool delivered) override;
  void onVideoFrame(VideoFrame frame) override;

  /// From the engine's threads: runs a task on the loop, unless its peer connection is gone by
  /// then.
  template <class Task>
  void postOfPeer(Task task);
  void feedOfPeer(session::Event event);

  Result<void> makePeer();
  void dropPeer();
  void showMismatch(const CodecReport& report);
  void finish(const std::optional<Error>& error);
  /// Reliable messages wait, or go, as long as the other side is waited for.
  void updateHold();
  void connectChannel(const std::string& label);
  void measureFrame(int width, int height, Time decoded, std::optional<std::uint32_t> stampUs);
  void pollStats();
  void onCounters(peer::PeerStats counters);

  const ClientSetup setup_;
  const std::unique_ptr<ClientMedia> media_;
  ChannelSet channels_;
  Fanout<StateChange> states_;
  Fanout<int> viewers_;
  ClientStats stats_;
  bool warnedOfFeedback_ = false;  ///< on the loop
  std::atomic<bool> running_ = false;
  std::atomic<unsigned> peers_ = 0;  ///< how many peer connections there were
  std::promise<Result<void>> outcome_;
  /// What exists from run() to the end; made, used and destroyed on the loop.
  struct Connection;
  std::unique_ptr<Connection> connection_;
  // Last, so that it ends before what its tasks use.
  net::EventLoop loop_;
};

}  // namespace rtcpub
