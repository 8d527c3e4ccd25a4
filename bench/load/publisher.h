#pragma once

#include <cstdint>
#include <string>

#include "api/task_queue/pending_task_safety_flag.h"
#include "load/peer.h"
#include "rtc_base/task_utils/repeating_task.h"

namespace rtcpub::bench {

/// Where a packet's payload holds when it was sent (microseconds of CLOCK_MONOTONIC, eight bytes in
/// the machine's order).
inline constexpr std::size_t kSendTimeOffset = 16;

/// A publisher of packets that look like 30 VP8 pictures a second: a picture's packets are spread
/// over 1/2.5 of its interval, as libwebrtc's pacer does.
///
/// Runs on: the network thread.
class Publisher {
 public:
  Publisher(Engine& engine, int kbps, bool data);
  ~Publisher();

  Peer& peer() { return peer_; }
  /// Begins to send once the transport is up.
  void start();
  [[nodiscard]] std::uint64_t sent() const { return sent_; }
  [[nodiscard]] std::uint64_t keyFrames() const { return keyFrames_; }

 private:
  void sendPicture();
  void sendPacket(int index, int count, bool key, std::uint32_t timestamp);
  void sendReport();
  void onRtcp(std::span<const std::uint8_t> packets);

  Engine& engine_;
  Peer peer_;
  int packetsPerPicture_;
  bool keyWanted_ = true;
  std::int64_t nextPictureUs_ = 0;
  std::uint32_t timestamp_ = 90'000;
  std::uint16_t sequenceNumber_ = 1000;
  std::uint16_t transportSequenceNumber_ = 1;
  std::uint64_t sent_ = 0;
  std::uint64_t keyFrames_ = 0;
  webrtc::RepeatingTaskHandle pictures_;
  webrtc::RepeatingTaskHandle reports_;
  webrtc::ScopedTaskSafety alive_;
};

}  // namespace rtcpub::bench
