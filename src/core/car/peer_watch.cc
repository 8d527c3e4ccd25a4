#include "core/car/peer_watch.h"

#include <algorithm>

namespace rtcpub::car {

PeerWatch::Finding PeerWatch::look(Time now, std::int64_t beat, bool moves,
                                   std::optional<Time> movesUntil) {
  const auto passed = lookedAt_ ? std::min<std::chrono::microseconds>(now - *lookedAt_, 2 * kTick)
                                : std::chrono::microseconds(0);
  lookedAt_ = now;
  silence_ = beat == beat_ ? silence_ + passed : std::chrono::microseconds(0);
  beat_ = beat;
  const bool over = movesUntil && now > *movesUntil;
  overdue_ = over ? overdue_ + passed : std::chrono::microseconds(0);
  const std::chrono::microseconds idle = beat == 0 ? kToStart : kMostIdleSilence;
  if (silence_ >= (moves ? kMostSilence : idle)) return Finding::kSilent;
  if (overdue_ >= kMostOverdue) return Finding::kOverdue;
  return silence_ >= kMostSilence ? Finding::kLate : Finding::kAlive;
}

}  // namespace rtcpub::car
