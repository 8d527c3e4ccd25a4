#pragma once

#include <chrono>
#include <optional>

#include "rtcpub/clock.h"
#include "sfu/router/key_frame_limiter.h"

namespace rtcpub::sfu {

/// One viewer's requests for key frames (PLI, FIR). Everybody pays for a key frame, so a viewer to
/// whom key frames are of no help gets them less and less often. Nothing tells the server what a
/// viewer decodes; but one that was given a key frame and asks on without a pause hasn't decoded
/// it. Each time the wait doubles. No request is lost: the last one is kept until its time comes.
class PliBackoff {
 public:
  /// Who is silent for so long has a picture; its next request is a new matter.
  static constexpr std::chrono::milliseconds kPause{1000};
  static constexpr std::chrono::milliseconds kFirstWait = KeyFrameLimiter::kMinInterval;
  static constexpr std::chrono::milliseconds kMostWait{4000};

  /// The viewer asks. Returns whether the request counts now.
  [[nodiscard]] bool request(Time now);
  /// A key frame begins to go to it.
  void onKeyFrame() { answered_ = true; }
  /// When to call onTime.
  [[nodiscard]] std::optional<Time> deadline() const;
  /// Returns whether the request that was kept counts now.
  [[nodiscard]] bool onTime(Time now);

 private:
  bool pass(Time now);

  std::optional<Time> lastAsked_;
  Time lastPassed_{};
  std::chrono::milliseconds wait_{0};  ///< after lastPassed_
  bool answered_ = false;              ///< since lastPassed_, by a key frame
  bool pending_ = false;
};

}  // namespace rtcpub::sfu
