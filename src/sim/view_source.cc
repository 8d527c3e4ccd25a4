#include "sim/view_source.h"

#include <pthread.h>

#include <condition_variable>
#include <mutex>
#include <utility>

#include "core/measure/stamp.h"
#include "core/video/frame_schedule.h"

namespace rtcpub::sim {
namespace {

Canvas canvasOf(FrameBuffer& buffer) {
  const int width = buffer.width();
  const int height = buffer.height();
  return {width,
          height,
          {CanvasPlane{buffer.y(), buffer.strideY(), width, height},
           CanvasPlane{buffer.u(), buffer.strideU(), width / 2, height / 2},
           CanvasPlane{buffer.v(), buffer.strideV(), width / 2, height / 2}}};
}

}  // namespace

ViewSource::ViewSource(std::shared_ptr<Car> car, const SimulatedCarOptions& options)
    : car_(std::move(car)),
      options_(options),
      picture_(options.width, options.height, car_->road()),
      pool_(options.width, options.height) {}

ViewSource::~ViewSource() { thread_ = {}; }

Result<void> ViewSource::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) {
    (void)pthread_setname_np(pthread_self(), "rtcpub-sim");
    run(stop);
  });
  return {};
}

void ViewSource::stop() { thread_ = {}; }

void ViewSource::run(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any never;  // only the stop token ends its waits early
  std::unique_lock lock(mutex);
  FrameSchedule schedule(monotonicNow(), options_.fps);
  for (int number = 0; !stop.stop_requested(); number = (number + 1) % (1 << 16)) {
    drawAndPush(number);
    never.wait_until(lock, stop, schedule.next(monotonicNow()), [] { return false; });
  }
}

void ViewSource::drawAndPush(int number) {
  const auto seen = car_->snapshot();
  const auto buffer = pool_.take();
  Canvas canvas = canvasOf(*buffer);
  picture_.draw(canvas, seen.simulation, seen.instruments, seen.time);
  if (options_.stamp) {
    stamp::neutralChroma(buffer->u(), buffer->strideU(), buffer->v(), buffer->strideV());
    stamp::write(buffer->y(), buffer->strideY(),
                 {static_cast<std::uint16_t>(number),
                  static_cast<std::uint32_t>(seen.time.time_since_epoch().count())});
  }
  push(toFrame(buffer, seen.time));
}

}  // namespace rtcpub::sim
