#include "cli/video_timing.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace rtcpub::cli {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

constexpr std::size_t kEnoughTimes = 31;
constexpr seconds kLongestEstimate{1};
constexpr std::size_t kFewestIntervals = 4;
constexpr double kHighestFps = 240;
constexpr double kLikeTheMiddle = 0.5;  // of the middle interval, more or less
constexpr int kSlackParts = 10;         // of a second
constexpr std::int64_t kFewestSlack = 2;
/// What a reader who stood still misses at most comes afterwards: more would only make it later.
constexpr std::int64_t kLongestCatchUpSeconds = 2;

}  // namespace

bool RateEstimate::settled(Time now) const {
  if (times_.empty()) return false;
  return times_.size() >= kEnoughTimes || now - times_.front() >= kLongestEstimate;
}

int RateEstimate::fps() const {
  std::vector<double> intervals;
  for (std::size_t i = 1; i < times_.size(); ++i) {
    intervals.push_back(std::chrono::duration<double>(times_[i] - times_[i - 1]).count());
  }
  if (intervals.size() < kFewestIntervals) return kUnknown;
  auto sorted = intervals;
  std::ranges::sort(sorted);
  const double middle = sorted[sorted.size() / 2];
  double sum = 0;
  int count = 0;
  for (const double interval : intervals) {
    if (std::abs(interval - middle) > kLikeTheMiddle * middle) continue;
    sum += interval;
    ++count;
  }
  if (sum <= 0) return kUnknown;
  return static_cast<int>(std::clamp(std::round(count / sum), 1.0, kHighestFps));
}

VideoTiming::VideoTiming(int fps, Time begin)
    : fps_(fps), slack_(std::max<std::int64_t>(kFewestSlack, fps / kSlackParts)), begin_(begin) {}

int VideoTiming::repeats(Time now) {
  std::int64_t late = placeOf(now) - written_;
  if (late <= (standing_ ? 0 : slack_)) return 0;
  if (const auto most = kLongestCatchUpSeconds * fps_; late > most) {
    skipped_ += late - most;
    late = most;
  }
  written_ += late;
  standing_ = true;
  return static_cast<int>(late);
}

bool VideoTiming::takes(Time now) {
  if (written_ - placeOf(now) > slack_) return false;
  ++written_;
  standing_ = false;
  return true;
}

Time VideoTiming::deadline() const {
  // The middle between two places, where placeOf() turns to the later one.
  const std::int64_t halves = 2 * (written_ + skipped_ + (standing_ ? 0 : slack_)) + 1;
  return begin_ + microseconds(halves * 1'000'000 / (std::int64_t{2} * fps_) + 1);
}

std::int64_t VideoTiming::placeOf(Time time) const {
  const auto us = std::chrono::duration_cast<microseconds>(time - begin_).count();
  const auto place = (us * fps_ + 500'000) / 1'000'000;
  return std::max<std::int64_t>(place, 0) - skipped_;
}

}  // namespace rtcpub::cli
