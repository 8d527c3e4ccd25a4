#include "sfu/router/packet_history.h"

#include <algorithm>

namespace rtcpub::sfu {

PacketHistory::PacketHistory(std::size_t capacity) : capacity_(capacity) {}

std::optional<std::span<std::uint8_t>> PacketHistory::store(std::int64_t sequence,
                                                            std::span<const std::uint8_t> packet,
                                                            Time now) {
  Slot& slot = slots_[slotOf(sequence)];
  if (slot.sequence > sequence || packet.size() > capacity_) return std::nullopt;
  // Not zeroed: pages that are never written cost nothing.
  if (!bytes_) bytes_ = std::make_unique_for_overwrite<std::uint8_t[]>(capacity_);
  slot = {.sequence = sequence,
          .position = allocate(packet.size()),
          .size = packet.size(),
          .time = now};
  std::uint8_t* place = bytes_.get() + slot.position % capacity_;
  std::copy(packet.begin(), packet.end(), place);
  return std::span(place, packet.size());
}

std::optional<std::span<const std::uint8_t>> PacketHistory::find(std::int64_t sequence,
                                                                 Time now) const {
  const Slot& slot = slots_[slotOf(sequence)];
  if (slot.sequence != sequence || now - slot.time > kMaxAge) return std::nullopt;
  if (written_ - slot.position > capacity_) return std::nullopt;  // overwritten
  return std::span<const std::uint8_t>(bytes_.get() + slot.position % capacity_, slot.size);
}

std::size_t PacketHistory::slotOf(std::int64_t sequence) {
  return static_cast<std::size_t>(sequence) % kPackets;
}

std::uint64_t PacketHistory::allocate(std::size_t size) {
  const std::size_t left = capacity_ - written_ % capacity_;
  if (size > left) written_ += left;
  const std::uint64_t position = written_;
  written_ += size;
  return position;
}

}  // namespace rtcpub::sfu
