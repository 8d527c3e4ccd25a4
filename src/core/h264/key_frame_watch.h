#pragma once

#include <chrono>
#include <optional>

#include "rtcpub/clock.h"

namespace rtcpub {

/// Tells that viewers wait for a key frame in vain: the stream has recovery points instead (H.264
/// section D.2.8), at which a decoder may begin, but no browser does. Pure: the time is an
/// argument.
class KeyFrameWatch {
 public:
  static constexpr std::chrono::seconds kPatience{3};

  /// A viewer wants a key frame, as one does in the beginning.
  void want() { wanted_ = true; }

  /// Takes a picture of the stream; whether it is time to go without key frames. Once true it stays
  /// so.
  [[nodiscard]] bool take(bool keyFrame, bool recoveryPoint, Time now);

 private:
  bool wanted_ = true;
  std::optional<Time> since_;  // the first recovery point that came when one was wanted
  bool over_ = false;
};

}  // namespace rtcpub
