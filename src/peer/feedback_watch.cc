#include "peer/feedback_watch.h"

namespace rtcpub::peer {
namespace {

/// A report may tell of what arrived before the path fell silent, and the first one after that may
/// be quicker than the feedback: of a peer that sent feedback once, a second one must follow.
constexpr int kArrivalsOnceHeard = 2;

}  // namespace

void FeedbackWatch::onSent(Time now) {
  if (!dueSince_) dueSince_ = now;
}

void FeedbackWatch::onFeedback(Time now) {
  dueSince_ = now;
  heard_ = true;
  arrivals_ = 0;
  missing_ = false;
}

bool FeedbackWatch::onArrival(Time now) {
  if (missing_ || !overdue(now)) return false;
  ++arrivals_;
  missing_ = arrivals_ >= (heard_ ? kArrivalsOnceHeard : 1);
  return missing_;
}

bool FeedbackWatch::overdue(Time now) const { return dueSince_ && now - *dueSince_ >= kPatience; }

}  // namespace rtcpub::peer
