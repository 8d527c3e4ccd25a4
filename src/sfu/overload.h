#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "core/hub/member_id.h"
#include "rtcpub/clock.h"
#include "sfu/media_server.h"
#include "sfu/router/load_governor.h"
#include "sfu/router/thinning.h"
#include "sfu/thread_load.h"

namespace rtcpub::sfu {

class Channel;
class Network;

/// Watches whether the network thread has more to send than it can, and leaves out video then, over
/// all channels: LoadGovernor says how much may be sent, planThinning() to whom.
/// Runs on: the network thread.
class Overload {
 public:
  using Channels = std::unordered_map<std::string, std::unique_ptr<Channel>>;

  /// `network` outlives this. `load` tells what the network thread does; measured if there is none.
  Overload(Network& network, std::function<LoadSample()> load)
      : network_(network), givenLoad_(std::move(load)) {}

  /// Some ten times a second.
  void onTick(const Channels& channels, Time now);
  /// Nothing while it isn't overloaded.
  [[nodiscard]] std::optional<OverloadReport> report(Time now) const;
  /// Of the network thread's time, of late.
  [[nodiscard]] double busy() const { return busy_; }
  /// For how long it was overloaded, in all.
  [[nodiscard]] std::chrono::milliseconds lasted(Time now) const;

 private:
  [[nodiscard]] LoadSample measure(const Channels& channels, Time now);
  void tell(bool before, Time now) const;
  void plan(const Channels& channels, Time now);
  void carryOut(const Channels& channels, Time now) const;

  Network& network_;
  const std::function<LoadSample()> givenLoad_;
  std::optional<ThreadLoad> load_;  // of the network thread, from the first tick on
  LoadGovernor governor_;
  double busy_ = 0;
  Time::duration lasted_{};  // of times that are over
  std::uint64_t packetsOut_ = 0;
  std::uint64_t droppedBefore_ = 0;  // of datagrams that came too late
  Time sampledAt_{};
  std::optional<double> plannedFor_;  // the budget
  Time plannedAt_{};
  std::map<MemberId, Thinning> plan_;
};

}  // namespace rtcpub::sfu
