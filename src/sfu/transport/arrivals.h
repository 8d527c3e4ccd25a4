#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace rtcpub::sfu {

/// Which packets of a stream have come, by themselves or repeated: of the last kWindow sequence
/// numbers. Pure.
class Arrivals {
 public:
  static constexpr int kWindow = 8192;

  /// A packet by itself. One from beyond the window begins it anew: the sender did, too.
  void onMedia(std::uint16_t sequenceNumber) {
    const int ahead = aheadOfNewest(sequenceNumber);
    if (!begun_ || std::abs(ahead) >= kWindow) {
      came_.reset();
      begun_ = true;
      newest_ = sequenceNumber;
    }
    for (; aheadOfNewest(sequenceNumber) > 0;) came_.reset(slot(++newest_));
    came_.set(slot(sequenceNumber));
  }

  /// A packet that RTX or FEC brings: whether it was missing, and comes for the first time.
  [[nodiscard]] bool onRepair(std::uint16_t sequenceNumber) {
    const int ahead = aheadOfNewest(sequenceNumber);
    if (!begun_ || ahead <= -kWindow) return false;
    if (ahead > 0) {
      onMedia(sequenceNumber);
      return true;
    }
    if (came_.test(slot(sequenceNumber))) return false;
    came_.set(slot(sequenceNumber));
    return true;
  }

 private:
  [[nodiscard]] int aheadOfNewest(std::uint16_t sequenceNumber) const {
    return static_cast<std::int16_t>(static_cast<std::uint16_t>(sequenceNumber - newest_));
  }
  static std::size_t slot(std::uint16_t sequenceNumber) { return sequenceNumber % kWindow; }

  std::bitset<kWindow> came_;
  bool begun_ = false;
  std::uint16_t newest_ = 0;
};

}  // namespace rtcpub::sfu
