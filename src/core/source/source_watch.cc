#include "core/source/source_watch.h"

#include <algorithm>

namespace rtcpub {

namespace {

// A source at half a picture a second is no stalled one.
constexpr int kPatienceInIntervals = 4;

}  // namespace

void SourceWatch::onOpening(Time now) {
  phase_ = Phase::kOpening;
  began_ = now;
  last_ = now;
  interval_ = {};
}

bool SourceWatch::onPictures(std::uint64_t count, Time last) {
  if (phase_ == Phase::kAway || count == 0) return false;
  const bool back = phase_ == Phase::kOpening;
  if (back) {
    phase_ = Phase::kLive;
    began_ = last;
    countBegan_ = count;
  }
  last_ = last;
  seen_ = true;
  if (count > countBegan_) {
    interval_ = (last - began_) / static_cast<std::int64_t>(count - countBegan_);
  }
  if (last - began_ >= kProbation) wait_ = kFirstWait;
  return back;
}

bool SourceWatch::onLoss(Time now) {
  const bool wasLive = live();
  if (phase_ != Phase::kAway) {
    reopenAt_ = now + wait_;
    wait_ = std::min<std::chrono::milliseconds>(wait_ * 2, kLongestWait);
    if (wasLive) repeatAt_ = now + kRepeatInterval;
  }
  phase_ = Phase::kAway;
  return wasLive;
}

Time SourceWatch::lostAt() const {
  if (phase_ == Phase::kOpening) return began_ + kOpenPatience;
  if (!stalls_) return Time::max();
  return last_ + std::clamp<std::chrono::microseconds>(interval_ * kPatienceInIntervals, kPatience,
                                                       kLongestPatience);
}

SourceWatch::Due SourceWatch::due(Time now) const {
  if (phase_ == Phase::kAway && now >= reopenAt_) return Due::kReopen;
  if (phase_ != Phase::kAway && now >= lostAt()) return Due::kLost;
  if (phase_ != Phase::kLive && seen_ && now >= repeatAt_) return Due::kRepeat;
  return Due::kNothing;
}

Time SourceWatch::deadline() const {
  const Time next = phase_ == Phase::kAway ? reopenAt_ : lostAt();
  return phase_ != Phase::kLive && seen_ ? std::min(next, repeatAt_) : next;
}

}  // namespace rtcpub
