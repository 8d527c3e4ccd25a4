#include "peer/probe_schedule.h"

#include <algorithm>

namespace rtcpub::peer {
namespace {

using std::chrono::milliseconds;

constexpr double kStep = 2;
/// The estimate is to be above the video's bitrate by this, or it holds it down.
constexpr double kMargin = 1.1;
/// A probe of more tells nothing that is of use.
constexpr double kMost = 1.3;
/// Video that takes less isn't held down by the estimate; libwebrtc probes then by itself.
constexpr double kUsed = 0.5;
/// One that raised the estimate by less has met the path's end.
constexpr double kSuccess = 1.2;
/// A fall: queues must drain before more is tried.
constexpr double kFall = 0.9;
constexpr milliseconds kAfterFall{1500};
/// Until a probe's feedback has come on a path of a satellite's length.
constexpr milliseconds kOutcome{300};
constexpr milliseconds kFirstInterval{1000};
constexpr milliseconds kLongestInterval{2500};
/// A radio link's turns make as much.
constexpr milliseconds kMostQueueing{25};
constexpr double kMostLoss = 0.1;

}  // namespace

std::optional<int> ProbeSchedule::due(const Situation& situation, Time now) {
  learn(situation.estimateKbps, now);
  if (now < next_ || probedAt_ != 0) return std::nullopt;
  if (situation.estimateKbps >= situation.wantedKbps * kMargin) return std::nullopt;
  if (situation.sentKbps < situation.estimateKbps * kUsed) return std::nullopt;
  if (situation.queueing > kMostQueueing || situation.loss > kMostLoss) return std::nullopt;
  probedAt_ = situation.estimateKbps;
  outcomeAt_ = now + kOutcome;
  return static_cast<int>(std::min(situation.estimateKbps * kStep, situation.wantedKbps * kMost));
}

void ProbeSchedule::learn(int estimateKbps, Time now) {
  if (estimateKbps < before_ * kFall) {
    next_ = std::max(next_, now + kAfterFall);
    interval_ = kFirstInterval;
  }
  before_ = estimateKbps;
  if (probedAt_ == 0) return;
  if (estimateKbps >= probedAt_ * kSuccess) {  // there may be more yet
    interval_ = kFirstInterval;
    next_ = now;
    probedAt_ = 0;
  } else if (now >= outcomeAt_) {
    next_ = now + interval_;
    interval_ = std::clamp(interval_ * 3 / 2, kFirstInterval, kLongestInterval);
    probedAt_ = 0;
  }
}

}  // namespace rtcpub::peer
