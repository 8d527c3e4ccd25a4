// Publishes a camera, and prints how the connection does: each change of its state with the reason,
// and once a second what is sent.
//   camera_publisher SERVER CHANNEL [CA_FILE [SOURCE]]
// SOURCE is a web cam at 640x480 unless it is named: csi:0 for a Jetson's, libcamera: for a
// Raspberry Pi's, rtsp://… for a network camera's; see VideoSource::open.
#include <rtcpub/rtcpub.h>

#include <chrono>
#include <iostream>
#include <string>
#include <thread>

#include "arguments.h"
#include "stop_on_signal.h"

namespace {

void printStats(const rtcpub::Stats& stats) {
  if (!stats.video) return;
  std::cout << stats.video->width << "x" << stats.video->height << " " << stats.video->fps
            << " fps, " << stats.video->kbps << " kbit/s, round trip " << stats.rttMs.value_or(0)
            << " ms, " << stats.viewers.value_or(0) << " viewers" << std::endl;
}

}  // namespace

int main(int argc, char** argv) {
  auto options = readArguments<rtcpub::PublisherOptions>(argc, argv, " [SOURCE]");
  options.bitrateKbps = 800;
  const std::string source = argc > 4 ? argv[4] : "v4l2:?size=640x480";
  const StopOnSignal stop;

  auto publisher = rtcpub::Publisher::create(options);
  if (!publisher) return fail(publisher.error());
  // A camera that isn't there yet, or goes away, is waited for.
  auto camera = rtcpub::VideoSource::open(source, {.wait = true});
  if (!camera) return fail(camera.error());
  if (auto added = publisher->addVideo(*camera); !added) return fail(added.error());

  const std::jthread states([states = publisher->states()](std::stop_token ended) mutable {
    while (auto change = states.get(ended)) {
      std::cout << name(change->state) << " " << rtcpub::escaped(change->reason) << std::endl;
    }
  });
  const std::jthread figures([&publisher](std::stop_token ended) {
    while (!ended.stop_requested()) {
      printStats(publisher->stats());
      std::this_thread::sleep_for(std::chrono::seconds(1));
    }
  });

  auto outcome = publisher->run(stop.token());
  return outcome ? 0 : fail(outcome.error());
}
