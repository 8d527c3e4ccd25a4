#include "media/pattern_source.h"

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>

#include "core/measure/stamp.h"

namespace rtcpub::media {

PatternSource::PatternSource(const source_uri::Test& options)
    : options_(options),
      pattern_(options.width, options.height),
      pool_(options.width, options.height) {}

PatternSource::~PatternSource() { thread_ = {}; }

Result<void> PatternSource::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) {
    (void)pthread_setname_np(pthread_self(), "rtcpub-pattern");
    run(stop);
  });
  return {};
}

void PatternSource::stop() { thread_ = {}; }

void PatternSource::run(const std::stop_token& stop) {
  using std::chrono::seconds;
  std::mutex mutex;
  std::condition_variable_any never;  // only the stop token ends its waits early
  std::unique_lock lock(mutex);
  const Time begin = monotonicNow();
  std::int64_t slot = 0;  // every frame's time is counted from the beginning, so nothing drifts
  for (int number = 0; !stop.stop_requested(); number = (number + 1) % (1 << 16)) {
    drawAndPush(number);
    // After a hold-up, of a suspended machine say, the frames that were missed are left out.
    const std::int64_t current = (monotonicNow() - begin) * options_.fps / seconds(1);
    slot = std::max(slot + 1, current);
    const Time due = begin + std::chrono::microseconds(seconds(1)) * slot / options_.fps;
    never.wait_until(lock, stop, due, [] { return false; });
  }
}

void PatternSource::drawAndPush(int number) {
  const Time time = monotonicNow();
  const auto picture = pool_.take();
  pattern_.draw(number % Pattern::kFrames, picture->y(), picture->strideY(), picture->u(),
                picture->strideU(), picture->v(), picture->strideV());
  if (options_.stamp) {
    stamp::write(picture->y(), picture->strideY(),
                 {static_cast<std::uint16_t>(number),
                  static_cast<std::uint32_t>(time.time_since_epoch().count())});
  }
  push(toFrame(picture, time));
}

}  // namespace rtcpub::media
