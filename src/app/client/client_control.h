#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "app/client/channel_set.h"
#include "app/client/control_gate.h"
#include "app/client/driver_control.h"
#include "app/client/peer_link.h"
#include "core/session/server_features.h"
#include "net/event_loop.h"
#include "peer/peer.h"
#include "rtcpub/control.h"
#include "rtcpub/message.h"
#include "rtcpub/result.h"
#include "rtcpub/video_frame.h"

namespace rtcpub {

/// What a client has to do with control: a robot's gate, or one who drives. Both are there before
/// the client runs or never are, so that any thread may look.
///
/// Runs on: the signalling loop, where nothing else is said.
class ClientControl {
 public:
  using Clock = DriverControl::Impl::Clock;

  /// All outlive it; `clock`: the server's, as it is known on the loop.
  ClientControl(net::EventLoop& loop, PeerLink& peer, ChannelSet& channels,
                std::function<std::optional<Clock>(Time now)> clock);

  // --- Before run(), any thread

  /// `turn`: what makes the robot's camera follow the way that it drives, on the loop. Errors:
  /// kInvalidArgument.
  Result<Control> addGate(const ControlOptions& options,
                          std::function<void(const std::string& motion)> turn);
  /// The same for all who ask; one that asks `late`, when the client runs, is told so.
  DriverControl driver(bool late);
  /// Nothing: there is none.
  [[nodiscard]] std::optional<ControlStats> stats() const;

  // --- What happens

  void begin();
  void onServer(const ServerFeatures& server);
  /// Asks for the data channels.
  Result<void> openOn(peer::Peer& peer) const;
  /// Whether it is one of these.
  bool onChannelOpen(const std::string& label);
  void onPath(bool up);
  /// The clocks were compared again.
  void onClock(Time now);
  void onPeerGone();
  /// The client doesn't run any more.
  void finish();

  /// Whether nobody else may have it. An engine's thread.
  bool onMessage(const std::string& label, const Message& message);
  /// An engine's thread.
  void onVideoFrame(const VideoFrame& frame);

  /// The client ends. Any thread but the loop's.
  void close();

 private:
  [[nodiscard]] DriverControl::Impl::Ways ways();
  Control::Impl::Outlets outletsOf(const ControlOptions& options,
                                   std::function<void(const std::string& motion)> turn);
  void sendReport();

  net::EventLoop& loop_;
  PeerLink& peer_;
  ChannelSet& channels_;
  const std::function<std::optional<Clock>(Time now)> clock_;
  std::shared_ptr<Control::Impl> gate_;
  std::shared_ptr<DriverControl::Impl> driver_;
  std::once_flag driverMade_;
  bool commandChannelOpen_ = false;
  bool pathUp_ = true;
};

}  // namespace rtcpub
