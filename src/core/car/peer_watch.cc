#include "core/car/peer_watch.h"

#include <algorithm>

namespace rtcpub::car {

PeerWatch::Finding PeerWatch::look(Time now, std::int64_t beat, std::optional<Time> movesUntil) {
  const auto passed = lookedAt_ ? std::min<std::chrono::microseconds>(now - *lookedAt_, 2 * kTick)
                                : std::chrono::microseconds(0);
  lookedAt_ = now;
  silence_ = beat == beat_ ? silence_ + passed : std::chrono::microseconds(0);
  beat_ = beat;
  const bool over = movesUntil && now > *movesUntil;
  overdue_ = over ? overdue_ + passed : std::chrono::microseconds(0);
  const std::chrono::microseconds most = beat == 0 ? kToStart : kMostSilence;
  if (silence_ >= most) return Finding::kSilent;
  return overdue_ >= kMostOverdue ? Finding::kOverdue : Finding::kAlive;
}

}  // namespace rtcpub::car
