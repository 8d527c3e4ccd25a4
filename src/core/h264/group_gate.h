#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "rtcpub/clock.h"

namespace rtcpub {

/// Fits video that comes encoded, at a bitrate that nobody here can change, to a path: when more
/// waits to be sent than the path carries in a short time, everything up to the next key frame is
/// left out, since what follows a missing picture can't be decoded. Pure.
class GroupGate {
 public:
  /// What the path carries, in 1,000 bits a second.
  void setRate(int kbps) { kbps_ = kbps; }

  /// Whether the picture may go.
  [[nodiscard]] bool pass(bool keyFrame, std::size_t bytes, Time now);

  /// A picture got lost on its way here: nothing can be decoded before the next key frame.
  void onGap() { open_ = false; }

  /// Whether pictures are being left out: a key frame is wanted.
  [[nodiscard]] bool closed() const { return !open_; }

  /// How often pictures were left out since the path was too narrow.
  [[nodiscard]] std::uint64_t droppedGroups() const { return droppedGroups_; }

 private:
  void drain(Time now);
  [[nodiscard]] bool fits(std::size_t bytes) const;

  int kbps_ = 0;
  bool open_ = false;  // decoding begins with a key frame
  double waitingBits_ = 0;
  std::optional<Time> last_;
  std::uint64_t droppedGroups_ = 0;
};

}  // namespace rtcpub
