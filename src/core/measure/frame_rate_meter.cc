#include "core/measure/frame_rate_meter.h"

#include <chrono>

namespace rtcpub {
namespace {

constexpr std::size_t kMostFrames = 31;  // a second's intervals at 30 pictures a second
constexpr std::size_t kLeastFrames = 6;
constexpr std::chrono::seconds kPause{1};

}  // namespace

void FrameRateMeter::onFrame(Time time) {
  if (!times_.empty() && (time <= times_.back() || time - times_.back() > kPause)) times_.clear();
  times_.push_back(time);
  if (times_.size() > kMostFrames) times_.pop_front();
}

double FrameRateMeter::fps() const {
  if (times_.size() < kLeastFrames) return nominal_;
  const std::chrono::duration<double> span = times_.back() - times_.front();
  return static_cast<double>(times_.size() - 1) / span.count();
}

}  // namespace rtcpub
