#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "rtcpub/clock.h"

namespace rtcpub::sfu {

/// The publisher's last packets, to answer NACKs from: at most kPackets, `capacity` bytes and
/// kMaxAge. Its memory is one block, taken with the first packet; older packets are overwritten.
class PacketHistory {
 public:
  static constexpr std::size_t kPackets = 2048;
  static constexpr std::chrono::seconds kMaxAge{2};

  explicit PacketHistory(std::size_t capacity);

  /// Keeps a copy. Returns it, valid until the next store; nothing when a newer packet has its
  /// place already or it is larger than the whole block.
  std::optional<std::span<std::uint8_t>> store(std::int64_t sequence,
                                               std::span<const std::uint8_t> packet, Time now);
  /// Valid until the next store.
  [[nodiscard]] std::optional<std::span<const std::uint8_t>> find(std::int64_t sequence,
                                                                  Time now) const;

 private:
  struct Slot {
    std::int64_t sequence = -1;
    std::uint64_t position = 0;  ///< counts all bytes ever written; modulo capacity_ the place
    std::size_t size = 0;
    Time time{};
  };

  [[nodiscard]] static std::size_t slotOf(std::int64_t sequence);
  /// Reserves contiguous bytes.
  std::uint64_t allocate(std::size_t size);

  std::size_t capacity_;
  std::unique_ptr<std::uint8_t[]> bytes_;
  std::uint64_t written_ = 0;
  std::array<Slot, kPackets> slots_{};
};

}  // namespace rtcpub::sfu
