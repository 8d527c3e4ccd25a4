#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>

#include "rtcpub/clock.h"

namespace rtcpub::sfu {

/// The publisher's last packets, to answer NACKs from: all of the last kMaxAge, as far as kPackets
/// and `capacity` bytes go. Its memory follows the bitrate: it grows and shrinks by blocks, whose
/// packets are forgotten together.
class PacketHistory {
 public:
  static constexpr std::size_t kPackets = 2048;
  static constexpr std::chrono::seconds kMaxAge{2};
  /// Bytes; no packet is larger. Five of libwebrtc's largest packets fill one, or four of
  /// Ethernet's: what is left at a block's end is lost.
  static constexpr std::size_t kBlock = 6144;

  /// `capacity` is rounded up to whole blocks.
  explicit PacketHistory(std::size_t capacity);

  /// Keeps a copy. Returns it, valid until the next store, forgetOld or clear; nothing when the
  /// packet is larger than a block, or so old that newer ones have its place.
  std::optional<std::span<std::uint8_t>> store(std::int64_t sequence,
                                               std::span<const std::uint8_t> packet, Time now);
  /// Valid as long as what store returns.
  [[nodiscard]] std::optional<std::span<const std::uint8_t>> find(std::int64_t sequence,
                                                                  Time now) const;

  /// Gives back what packets took that can't be found any more. Storing does so, too; this is for
  /// a publisher that has fallen silent.
  void forgetOld(Time now);
  void clear();
  /// What it takes, in bytes.
  [[nodiscard]] std::size_t memory() const;

 private:
  struct Slot {
    Time time{};
    std::int64_t block = kNone;
    std::uint16_t offset = 0;
    std::uint16_t size = 0;
  };
  struct Block {
    std::unique_ptr<std::uint8_t[]> bytes;
    Time newest{};  ///< when its last packet came
  };
  static constexpr std::int64_t kNone = -1;

  [[nodiscard]] static bool isOld(Time time, Time now) { return now - time > kMaxAge; }
  /// Nothing when newer packets have its place.
  Slot* slotFor(std::int64_t sequence);
  /// The last block, with room for so much.
  Block& blockFor(std::size_t size, Time now);
  void dropFirstBlock();

  const std::size_t maxBlocks_;
  std::deque<Block> blocks_;  ///< oldest first
  std::int64_t firstBlock_ = 0;
  std::size_t used_ = 0;    ///< of the last block
  std::deque<Slot> slots_;  ///< one for each sequence number from `first_` on
  std::int64_t first_ = 0;
};

}  // namespace rtcpub::sfu
