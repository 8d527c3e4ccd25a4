#include "core/car/program_watch.h"

#include <algorithm>

namespace rtcpub::car {

void ProgramWatch::onStart(Time now) {
  startedAt_ = now;
  reads_ = false;
  unread_.clear();
  unreadBytes_ = 0;
}

void ProgramWatch::onTold(std::size_t bytes, Time now) {
  unread_.push_back({bytes, now});
  unreadBytes_ += bytes;
}

ProgramWatch::Finding ProgramWatch::look(std::size_t unread, Time now) {
  // A line of which only a part was read waits still.
  while (!unread_.empty() && unreadBytes_ - unread_.front().bytes >= unread) {
    unreadBytes_ -= unread_.front().bytes;
    unread_.pop_front();
  }
  reads_ = reads_ || unread_.empty();
  if (!reads_) return now - startedAt_ > kToBegin ? Finding::kStuck : Finding::kBegins;
  if (!unread_.empty() && now - unread_.front().at > kMostUnread) return Finding::kStuck;
  return now - startedAt_ < kSettles ? Finding::kBegins : Finding::kReads;
}

void ProgramWatch::onEnd(Time now) {
  if (now - startedAt_ >= kProven) pause_ = kFirstPause;
  startAt_ = now + pause_;
  pause_ = std::min(2 * pause_, kLastPause);
}

}  // namespace rtcpub::car
