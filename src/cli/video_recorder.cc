#include "cli/video_recorder.h"

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace rtcpub::cli {
namespace {

using std::chrono::milliseconds;

// How long it waits at a time: a stop is seen then.
constexpr milliseconds kLook{50};

}  // namespace

VideoRecorder::VideoRecorder(Y4mWriter writer, Subscription<VideoFrame> frames,
                             std::function<void()> failed)
    : writer_(std::move(writer)), frames_(std::move(frames)) {
  thread_ = std::jthread([this, failed = std::move(failed)](const std::stop_token& stop) {
    const auto recorded = record(stop);
    if (recorded) return;
    {
      const std::lock_guard lock(mutex_);
      failure_ = recorded.error();
    }
    failed();
  });
  (void)pthread_setname_np(thread_.native_handle(), "rtcpub-record");
}

std::optional<Error> VideoRecorder::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

Result<void> VideoRecorder::record(const std::stop_token& stop) {
  if (auto read = writer_.waitForReader(stop); !read) return read;
  RateEstimate rate;
  const auto begin = learnRate(rate, stop);
  return begin.empty() ? Result<void>{} : recordFrom(begin, rate.fps(), stop);
}

// The pictures to begin with when the rate is known, or the recording is over.
std::vector<VideoFrame> VideoRecorder::learnRate(RateEstimate& rate, const std::stop_token& stop) {
  std::vector<VideoFrame> begin;
  while (!stop.stop_requested() && !rate.settled(monotonicNow())) {
    auto frame = next(std::nullopt, stop);
    if (!frame) continue;
    rate.add(frame->time);
    if (!writer_.plain()) begin.clear();
    begin.push_back(*std::move(frame));
  }
  return begin;
}

Result<void> VideoRecorder::recordFrom(const std::vector<VideoFrame>& begin, int fps,
                                       const std::stop_token& stop) {
  VideoTiming timing(fps, begin.front().time);
  if (auto begun = writer_.begin(begin.front(), fps, stop); !begun) return begun;
  for (const auto& frame : begin) {
    if (auto written = put(frame, timing, stop); !written) return written;
  }
  while (!stop.stop_requested()) {
    const auto frame = next(timing.deadline(), stop);
    if (auto written = put(frame, timing, stop); !written) return written;
  }
  return {};
}

// A picture that came, or what is due when none did.
Result<void> VideoRecorder::put(const std::optional<VideoFrame>& frame, VideoTiming& timing,
                                const std::stop_token& stop) {
  const Time now = frame ? frame->time : monotonicNow();
  for (int left = timing.repeats(now); left > 0; --left) {
    if (auto repeated = writer_.repeat(stop); !repeated) return repeated;
  }
  return frame && timing.takes(now) ? writer_.write(*frame, stop) : Result<void>{};
}

std::optional<VideoFrame> VideoRecorder::next(std::optional<Time> deadline,
                                              const std::stop_token& stop) {
  const Time now = monotonicNow();
  const Time until = std::min(deadline.value_or(now + kLook), now + kLook);
  if (stop.stop_requested()) return std::nullopt;
  auto frame = frames_.getFor(std::max(until - now, Time::duration::zero()));
  // When nothing will come any more it doesn't wait by itself.
  if (!frame && monotonicNow() < until) std::this_thread::sleep_until(until);
  return frame;
}

}  // namespace rtcpub::cli
