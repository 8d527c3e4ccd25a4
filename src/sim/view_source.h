#pragma once

#include <memory>
#include <stop_token>
#include <thread>

#include "core/sim/picture.h"
#include "core/video/frame_buffer.h"
#include "rtcpub/simulated_car.h"
#include "rtcpub/video_source.h"
#include "sim/car.h"

namespace rtcpub::sim {

/// The driver's view of a simulated car as a source of video.
///
/// Runs on: a thread of its own draws and pushes; start() and stop() on any one thread.
class ViewSource final : public VideoSource {
 public:
  ViewSource(std::shared_ptr<Car> car, const SimulatedCarOptions& options);
  ViewSource(const ViewSource&) = delete;
  ViewSource& operator=(const ViewSource&) = delete;
  ~ViewSource() override;

  Result<void> start() override;
  void stop() override;

 private:
  void run(const std::stop_token& stop);
  void drawAndPush(int number);

  const std::shared_ptr<Car> car_;
  const SimulatedCarOptions options_;
  Picture picture_;
  FramePool pool_;
  std::jthread thread_;
};

}  // namespace rtcpub::sim
