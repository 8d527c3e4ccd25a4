#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "core/measure/video_meter.h"
#include "peer/peer.h"
#include "rtcpub/clock.h"
#include "rtcpub/stats.h"

namespace rtcpub {

/// Makes a second's figures out of two readings of the engine's counters.
/// Runs on: the signalling loop, but for latest().
class ClientStats {
 public:
  void onState(const StateChange& change);
  /// Whether that is news.
  bool onViewers(int viewers);
  void onMismatch(std::optional<CodecMismatch> mismatch);
  /// The engine's counters begin anew; ours go on.
  void onNewPeer();
  /// A decoded frame of a subscriber.
  void onFrame(int width, int height, Time now, std::optional<double> ageMs);
  /// The engine's counters, once a second.
  void onCounters(const peer::PeerStats& counters, std::map<std::string, DataStats> data, Time now);

  /// The last full figures, with the state as it is now. Any thread.
  [[nodiscard]] Stats latest() const;

 private:
  [[nodiscard]] VideoStats videoSince(const peer::PeerStats& counters, Time now) const;

  VideoMeter meter_;
  bool decodes_ = false;
  peer::PeerStats last_;
  // Of the peer connections before.
  std::uint64_t pastFrames_ = 0;
  std::uint64_t pastDroppedGroups_ = 0;
  std::uint64_t pastIncompleteFrames_ = 0;
  std::optional<Time> lastTime_;

  mutable std::mutex mutex_;
  Stats latest_;
};

}  // namespace rtcpub
