#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/session/session.h"
#include "net/event_loop.h"
#include "peer/peer.h"
#include "rtcpub/result.h"

namespace rtcpub {

/// A client's peer connection: several in its life, one after the other. What the engine says on
/// its threads about the session is told on the loop, and nothing of a peer connection that is
/// gone. Runs on: the signalling loop, which ends before this does.
class PeerLink final : private peer::PeerListener {
 public:
  class Events {
   public:
    virtual ~Events() = default;
    // On the loop:
    virtual void onPeerEvent(session::Event event) = 0;
    virtual void onChannelOpen(const std::string& label) = 0;
    virtual void onPeersChannel(const std::string& label, const DataChannelOptions& options) = 0;
    virtual void onCounters(const peer::PeerStats& counters) = 0;
    // On the engine's threads; only post or push:
    virtual void onMessage(const std::string& label, Message message) = 0;
    virtual void onMessageDone(const std::string& label, std::uint64_t id, bool delivered) = 0;
    virtual void onVideoFrame(const VideoFrame& frame) = 0;
  };
  using Create = std::function<Result<std::unique_ptr<peer::Peer>>(const peer::PeerOptions&,
                                                                   peer::PeerListener&)>;

  /// Both outlive this.
  PeerLink(net::EventLoop& loop, Events& events, Create create);

  /// When there is none.
  Result<void> make(const peer::PeerOptions& options);
  /// Nothing that it posted counts any more.
  void drop();
  /// Null when there is none.
  [[nodiscard]] peer::Peer* get() const { return peer_.get(); }
  /// Has the counters told.
  void readCounters();
  /// Runs a task on the loop, unless this peer connection is gone by then. Any thread.
  void post(std::function<void()> task);

 private:
  void tell(session::Event event);

  // --- peer::PeerListener: the engine's threads
  void onOffer(std::string sdp) override;
  void onAnswer(std::string sdp) override;
  void onAnswerApplied() override;
  void onCandidate(Candidate candidate) override;
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

  net::EventLoop& loop_;
  Events& events_;
  const Create create_;
  std::atomic<unsigned> dropped_ = 0;  ///< how many peer connections are gone
  std::unique_ptr<peer::Peer> peer_;
};

}  // namespace rtcpub
