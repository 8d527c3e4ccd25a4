// Prints the delay of each stamped picture of a channel, capture to decoded frame, in microseconds:
// one number a line. The publisher must run on the same machine, since the clocks are not compared.
//   frame_probe SERVER CHANNEL SECONDS
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <thread>

#include "core/measure/stamp.h"
#include "rtcpub/rtcpub.h"

namespace {

void printAge(const rtcpub::VideoFrame& frame) {
  const auto stamp = rtcpub::stamp::readAdapted(frame.planes[0].data, frame.planes[0].stride,
                                                frame.width, frame.height);
  if (!stamp) return;
  std::printf("%u\n", rtcpub::stamp::ageUs(*stamp, frame.time.time_since_epoch().count()));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: frame_probe SERVER CHANNEL SECONDS\n";
    return 2;
  }
  rtcpub::SubscriberOptions options;
  options.server = argv[1];
  options.channel = argv[2];
  options.insecure = true;
  auto subscriber = rtcpub::Subscriber::create(options);
  if (!subscriber) {
    std::cerr << subscriber.error().message << "\n";
    return 1;
  }
  std::stop_source stop;
  const std::jthread frames([inbox = subscriber->video()](const std::stop_token& ended) mutable {
    while (auto frame = inbox.get(ended)) printAge(*frame);
  });
  const std::jthread timer([&, seconds = std::atof(argv[3])](const std::stop_token& ended) {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any().wait_for(lock, ended, std::chrono::duration<double>(seconds),
                                           [] { return false; });
    stop.request_stop();
  });
  const auto outcome = subscriber->run(stop.get_token());
  if (!outcome) std::cerr << outcome.error().message << "\n";
  return outcome ? 0 : 1;
}
