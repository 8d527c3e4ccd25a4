#include "sfu/router/packet_history.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace rtcpub::sfu {

static_assert(PacketHistory::kBlock <= std::numeric_limits<std::uint16_t>::max());

PacketHistory::PacketHistory(std::size_t capacity)
    : maxBlocks_(std::max<std::size_t>(1, (capacity + kBlock - 1) / kBlock)) {}

std::optional<std::span<std::uint8_t>> PacketHistory::store(std::int64_t sequence,
                                                            std::span<const std::uint8_t> packet,
                                                            Time now) {
  if (packet.size() > kBlock) return std::nullopt;
  Block& block = blockFor(packet.size(), now);
  Slot* slot = slotFor(sequence);
  if (slot == nullptr) return std::nullopt;
  block.newest = now;
  *slot = {.time = now,
           .block = firstBlock_ + static_cast<std::int64_t>(blocks_.size()) - 1,
           .offset = static_cast<std::uint16_t>(used_),
           .size = static_cast<std::uint16_t>(packet.size())};
  std::uint8_t* place = block.bytes.get() + used_;
  used_ += packet.size();
  std::copy(packet.begin(), packet.end(), place);
  return std::span(place, packet.size());
}

std::optional<std::span<const std::uint8_t>> PacketHistory::find(std::int64_t sequence,
                                                                 Time now) const {
  const std::int64_t index = sequence - first_;
  if (index < 0 || index >= static_cast<std::int64_t>(slots_.size())) return std::nullopt;
  const Slot& slot = slots_[static_cast<std::size_t>(index)];
  if (slot.block < firstBlock_ || isOld(slot.time, now)) return std::nullopt;
  const Block& block = blocks_[static_cast<std::size_t>(slot.block - firstBlock_)];
  return std::span<const std::uint8_t>(block.bytes.get() + slot.offset, slot.size);
}

void PacketHistory::forgetOld(Time now) {
  while (!blocks_.empty() && isOld(blocks_.front().newest, now)) dropFirstBlock();
  // Those before the oldest block's, and gaps among them.
  while (!slots_.empty() && slots_.front().block < firstBlock_) {
    slots_.pop_front();
    ++first_;
  }
}

void PacketHistory::clear() {
  while (!blocks_.empty()) dropFirstBlock();
  slots_.clear();
}

std::size_t PacketHistory::memory() const {
  return blocks_.size() * kBlock + slots_.size() * sizeof(Slot);
}

PacketHistory::Slot* PacketHistory::slotFor(std::int64_t sequence) {
  constexpr auto kMost = static_cast<std::int64_t>(kPackets);
  if (slots_.empty()) first_ = sequence;
  const std::int64_t end = first_ + static_cast<std::int64_t>(slots_.size());
  if (sequence <= end - 1 - kMost) return nullptr;
  if (sequence >= end + kMost) {  // another stream begins, far above
    slots_.clear();
    first_ = sequence;
  } else if (sequence < first_) {  // it is late
    slots_.insert(slots_.begin(), static_cast<std::size_t>(first_ - sequence), Slot{});
    first_ = sequence;
  }
  const auto index = static_cast<std::size_t>(sequence - first_);
  if (index >= slots_.size()) slots_.resize(index + 1);
  while (slots_.size() > kPackets) {
    slots_.pop_front();
    ++first_;
  }
  return &slots_[static_cast<std::size_t>(sequence - first_)];
}

PacketHistory::Block& PacketHistory::blockFor(std::size_t size, Time now) {
  if (!blocks_.empty() && kBlock - used_ >= size) return blocks_.back();
  // The oldest block is used again, if it has to go.
  Block next;
  if (!blocks_.empty() && (blocks_.size() == maxBlocks_ || isOld(blocks_.front().newest, now))) {
    next = std::move(blocks_.front());
    dropFirstBlock();
  }
  forgetOld(now);
  // Not zeroed: pages that are never written cost nothing.
  if (!next.bytes) next.bytes = std::make_unique_for_overwrite<std::uint8_t[]>(kBlock);
  next.newest = now;
  used_ = 0;
  return blocks_.emplace_back(std::move(next));
}

void PacketHistory::dropFirstBlock() {
  blocks_.pop_front();
  ++firstBlock_;
}

}  // namespace rtcpub::sfu
