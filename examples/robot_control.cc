// A robot that can't run away: whoever drives it, and whatever happens to them, the network or this
// program's other threads.
//   robot_control SERVER CHANNEL [CA_FILE]
#include <rtcpub/rtcpub.h>

#include <chrono>
#include <iostream>
#include <thread>

#include "arguments.h"
#include "stop_on_signal.h"

namespace {

// Yours: this is where motors are told what to do.
void setMotors(double steering, double throttle) {
  std::cout << "steering " << steering << " throttle " << throttle << std::endl;
}

double valueOf(const rtcpub::Axes& axes, const char* axis) {
  const auto found = axes.find(axis);
  return found == axes.end() ? 0 : found->second;
}

}  // namespace

int main(int argc, char** argv) {
  const auto options = readArguments<rtcpub::PublisherOptions>(argc, argv);
  const StopOnSignal stop;
  auto publisher = rtcpub::Publisher::create(options);
  if (!publisher) return fail(publisher.error());
  auto video = rtcpub::VideoSource::open("test:?size=640x480&fps=30&stamp");
  if (!video) return fail(video.error());
  if (auto added = publisher->addVideo(*video); !added) return fail(added.error());

  // The ten lines that matter. output() is asked anew each time and never remembered: it is neutral
  // from the moment on at which no valid command is in force any more.
  auto control = publisher->addControl();
  if (!control) return fail(control.error());
  const std::jthread motors([control = *control](std::stop_token ended) {
    while (!ended.stop_requested()) {
      const auto now = control.output();
      setMotors(valueOf(now.axes, rtcpub::kSteering), valueOf(now.axes, rtcpub::kThrottle));
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    setMotors(0, 0);
  });

  auto outcome = publisher->run(stop.token());
  return outcome ? 0 : fail(outcome.error());
}
