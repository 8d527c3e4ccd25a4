#include "peer/fec_policy.h"

#include <cmath>

namespace rtcpub::peer {
namespace {

/// One lost packet by itself is no lossy path.
constexpr double kLossMemorySeconds = 3;

}  // namespace

bool FecPolicy::update(const Path& path, Time now) {
  smooth(path.loss, now);
  if (!holds(path, !on_)) {
    on_ = false;
    fineSince_.reset();
  } else if (!on_) {
    if (!fineSince_) fineSince_ = now;
    on_ = now - *fineSince_ >= kSteady;
  }
  return on_;
}

void FecPolicy::smooth(double loss, Time now) {
  if (updated_ && now > *updated_) {
    const double passed = std::chrono::duration<double>(now - *updated_).count();
    loss_ += (1 - std::exp(-passed / kLossMemorySeconds)) * (loss - loss_);
  }
  updated_ = now;
}

bool FecPolicy::holds(const Path& path, bool toBegin) const {
  return path.rtt >= (toBegin ? kRttToBegin : kRttToGoOn) &&
         loss_ >= (toBegin ? kLossToBegin : kLossToGoOn) &&
         path.estimateKbps >= path.wantedKbps * (toBegin ? kRoomToBegin : kRoomToGoOn);
}

}  // namespace rtcpub::peer
