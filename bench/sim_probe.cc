// Prints the CPU time that each picture of the simulated car takes to be drawn, in microseconds:
// one number a line. The car stands everywhere on the circuit once.
//   sim_probe WIDTH HEIGHT PICTURES
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <iostream>

#include "core/sim/picture.h"
#include "core/video/frame_buffer.h"

using rtcpub::FrameBuffer;
using rtcpub::sim::Canvas;
using rtcpub::sim::CanvasPlane;

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

/// Of this thread, in microseconds.
std::int64_t cpuTime() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::int64_t{time.tv_sec} * 1'000'000 + time.tv_nsec / 1000;
}

}  // namespace

int main(int argc, char** argv) {
  const int width = argc == 4 ? std::atoi(argv[1]) : 0;
  const int height = argc == 4 ? std::atoi(argv[2]) : 0;
  const int pictures = argc == 4 ? std::atoi(argv[3]) : 0;
  if (width < rtcpub::sim::Picture::kMinWidth || height < rtcpub::sim::Picture::kMinHeight ||
      width % 2 != 0 || height % 2 != 0 || pictures < 1) {
    std::cerr << "usage: sim_probe WIDTH HEIGHT PICTURES\n";
    return 2;
  }
  const auto road = std::make_shared<rtcpub::sim::Road>();
  rtcpub::sim::Picture picture(width, height, road);
  const rtcpub::Time begin{};
  const rtcpub::Instruments instruments{
      .driver = "Kim", .age = std::chrono::milliseconds(23), .state = rtcpub::GateState::kDriven};
  FrameBuffer buffer(width, height);
  Canvas canvas = canvasOf(buffer);
  for (int i = 0; i < pictures; ++i) {
    const rtcpub::sim::Simulation simulation(road, begin, road->length() * i / pictures);
    const std::int64_t before = cpuTime();
    picture.draw(canvas, simulation, instruments, begin);
    std::printf("%d\n", static_cast<int>(cpuTime() - before));
  }
  return 0;
}
