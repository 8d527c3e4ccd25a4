#include "media/pattern_source.h"

#include <pthread.h>

#include <condition_variable>
#include <mutex>

#include "core/measure/stamp.h"
#include "core/video/frame_schedule.h"

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
  std::mutex mutex;
  std::condition_variable_any never;  // only the stop token ends its waits early
  std::unique_lock lock(mutex);
  FrameSchedule schedule(monotonicNow(), options_.fps);
  for (int number = 0; !stop.stop_requested(); number = (number + 1) % (1 << 16)) {
    drawAndPush(number);
    never.wait_until(lock, stop, schedule.next(monotonicNow()), [] { return false; });
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
