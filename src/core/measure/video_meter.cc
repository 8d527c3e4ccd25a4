#include "core/measure/video_meter.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace rtcpub {

namespace {

using std::chrono::microseconds;

constexpr std::chrono::seconds kWindow{1};
// https://www.w3.org/TR/webrtc-stats/#dom-rtcinboundrtpstreamstats-freezecount
constexpr std::size_t kMeanOver = 30;
constexpr std::chrono::milliseconds kFreezeMargin{150};
// With fewer intervals than this a start that stutters would count as a freeze.
constexpr std::size_t kMinIntervals = 5;

double nearestRank(const std::vector<double>& sorted, std::size_t percent) {
  const std::size_t rank = (percent * sorted.size() + 99) / 100;
  return sorted[rank - 1];
}

}  // namespace

void VideoMeter::onFrame(int width, int height, Time now, std::optional<double> ageMs) {
  width_ = width;
  height_ = height;
  ++frames_;
  if (!lastSecond_.empty()) {
    onInterval(std::max(microseconds(0), now - lastSecond_.back().at));
  }
  lastSecond_.push_back({now, ageMs});
  // The newest always stays: the next interval counts from it.
  while (lastSecond_.front().at + kWindow <= now) lastSecond_.pop_front();
}

void VideoMeter::onInterval(microseconds interval) {
  if (intervals_.size() >= kMinIntervals) {
    const microseconds mean =
        std::accumulate(intervals_.begin(), intervals_.end(), microseconds()) /
        static_cast<std::int64_t>(intervals_.size());
    if (interval > std::max<microseconds>(3 * mean, mean + kFreezeMargin)) ++freezes_;
  }
  intervals_.push_back(interval);
  if (intervals_.size() > kMeanOver) intervals_.pop_front();
}

double VideoMeter::fps(Time now) const {
  return static_cast<double>(std::count_if(
      lastSecond_.begin(), lastSecond_.end(),
      [now](const Arrival& arrival) { return arrival.at + kWindow > now && arrival.at <= now; }));
}

std::uint64_t VideoMeter::frames() const { return frames_; }
std::uint64_t VideoMeter::freezes() const { return freezes_; }
int VideoMeter::width() const { return width_; }
int VideoMeter::height() const { return height_; }

std::optional<LatencyStats> VideoMeter::latency(Time now) const {
  std::vector<double> ages;
  for (const Arrival& arrival : lastSecond_) {
    const bool counts = arrival.at + kWindow > now && arrival.at <= now;
    if (counts && arrival.ageMs) ages.push_back(*arrival.ageMs);
  }
  if (ages.empty()) return std::nullopt;
  std::sort(ages.begin(), ages.end());
  return LatencyStats{nearestRank(ages, 50), nearestRank(ages, 95), nearestRank(ages, 99)};
}

}  // namespace rtcpub
