#pragma once

#include <cstdint>
#include <vector>

#include "load/peer.h"
#include "rtc_base/task_utils/repeating_task.h"

namespace rtcpub::bench {

/// A viewer that steers: 50 commands of 100 bytes a second to the robot, which notes how long each
/// took, up to the kernel's arrival time.
///
/// Runs on: the network thread.
class Commands {
 public:
  static constexpr const char* kLabel = "stream";

  /// Both outlive this and aren't connected yet, or have the channel.
  Commands(Engine& engine, Peer& viewer, Peer& robot);
  ~Commands() { sending_.Stop(); }

  void start();
  /// Forgets the figures: the measured time begins.
  void beginMeasuring();
  [[nodiscard]] std::uint64_t sent() const { return sent_; }
  /// Of those that came, in microseconds.
  [[nodiscard]] const std::vector<std::int64_t>& delays() const { return delays_; }

 private:
  void send();

  Engine& engine_;
  Peer& viewer_;
  Peer& robot_;
  std::uint64_t sent_ = 0;
  std::vector<std::int64_t> delays_;
  webrtc::RepeatingTaskHandle sending_;
};

}  // namespace rtcpub::bench
