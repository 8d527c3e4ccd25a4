#include "sfu/router/rate_meter.h"

namespace rtcpub::sfu {

void RateMeter::add(std::size_t bytes, Time now) {
  const std::int64_t number = slotOf(now);
  Slot& slot = slots_[static_cast<std::size_t>(number) % kSlots];
  if (slot.number != number) slot = {.number = number, .bytes = 0};
  slot.bytes += bytes;
}

std::int64_t RateMeter::bitsPerSecond(Time now) const {
  const std::int64_t newest = slotOf(now);
  std::size_t bytes = 0;
  for (const Slot& slot : slots_) {
    if (slot.number > newest - static_cast<std::int64_t>(kSlots)) bytes += slot.bytes;
  }
  return static_cast<std::int64_t>(bytes) * 8;  // the slots are a second
}

}  // namespace rtcpub::sfu
