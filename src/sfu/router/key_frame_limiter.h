#pragma once

#include <chrono>
#include <optional>

#include "rtcpub/clock.h"

namespace rtcpub::sfu {

/// Spares the publisher: key frames are large. Requests are at least kMinInterval apart; one that
/// comes too early is kept until its time has come or a key frame arrives.
class KeyFrameLimiter {
 public:
  static constexpr std::chrono::milliseconds kMinInterval{500};
  /// When to ask again if no key frame came and somebody still can't start without it.
  static constexpr std::chrono::milliseconds kRetryInterval{1000};

  /// Forgets everything: another publisher.
  void reset();
  /// Somebody needs a key frame. Returns whether to ask the publisher now.
  [[nodiscard]] bool request(Time now);
  /// A key frame begins to arrive.
  void onKeyFrame();
  /// When to call onTime. `someoneWaits`: a viewer gets nothing before a key frame comes.
  [[nodiscard]] std::optional<Time> deadline(bool someoneWaits) const;
  /// Returns whether to ask the publisher now.
  [[nodiscard]] bool onTime(Time now, bool someoneWaits);

 private:
  bool send(Time now);

  std::optional<Time> lastSent_;
  bool pending_ = false;     ///< asked for, not sent yet
  bool unanswered_ = false;  ///< sent, and no key frame since
};

}  // namespace rtcpub::sfu
