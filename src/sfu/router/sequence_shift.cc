#include "sfu/router/sequence_shift.h"

#include <algorithm>

namespace rtcpub::sfu {

std::int64_t SequenceShift::of(std::int64_t source) const {
  // Most are newer than all insertions.
  const auto after = std::find_if(insertions_.rbegin(), insertions_.rend(),
                                  [source](std::int64_t before) { return before <= source; });
  return source + forgotten_ + (insertions_.rend() - after);
}

std::int64_t SequenceShift::insertBefore(std::int64_t source) {
  const std::int64_t place = of(source);
  insertions_.push_back(source);
  if (insertions_.size() > kMaxInsertions) {
    insertions_.pop_front();
    ++forgotten_;
  }
  return place;
}

}  // namespace rtcpub::sfu
