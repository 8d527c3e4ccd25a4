// Publishes two cameras, watches them, and prints how long each switch took, from the command to
// the first decoded picture of the other camera, and the longest gap between pictures around it:
// "MICROSECONDS GAP_MICROSECONDS" a switch.
//   switch_probe SERVER CHANNEL SWITCHES
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <random>
#include <thread>

#include "rtcpub/rtcpub.h"

namespace {

using std::chrono::milliseconds;

constexpr int kFrontWidth = 1280;
constexpr int kRearWidth = 640;

rtcpub::Result<void> addCameras(rtcpub::Publisher& publisher) {
  auto front = rtcpub::VideoSource::open("test:?size=1280x720&fps=30");
  auto rear = rtcpub::VideoSource::open("test:?size=640x480&fps=30");
  if (auto added = publisher.addCamera("front", *front); !added) return added;
  return publisher.addCamera("rear", *rear);
}

/// Takes pictures for `span`, or until one is `width` wide; the longest gap between two of them.
struct Watched {
  std::optional<rtcpub::Time> seen;
  std::chrono::microseconds gap{};
};
Watched watch(rtcpub::Subscription<rtcpub::VideoFrame>& pictures, milliseconds span, int width,
              rtcpub::Time& last) {
  Watched watched;
  const auto end = rtcpub::monotonicNow() + span;
  while (rtcpub::monotonicNow() < end) {
    const auto picture = pictures.getFor(milliseconds(100));
    if (!picture) continue;
    if (last != rtcpub::Time{}) watched.gap = std::max(watched.gap, picture->time - last);
    last = picture->time;
    if (picture->width == width) {
      watched.seen = picture->time;
      return watched;
    }
  }
  return watched;
}

int measure(rtcpub::Publisher& publisher, rtcpub::Subscriber& subscriber, int switches) {
  auto pictures = subscriber.video();
  rtcpub::Time last{};
  if (!watch(pictures, milliseconds(10'000), kFrontWidth, last).seen) return 1;
  std::minstd_rand random(1);
  for (int i = 0; i < switches; ++i) {
    (void)watch(pictures, milliseconds(500), -1, last);
    // At any moment between two pictures.
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 33'333));
    const bool toRear = i % 2 == 0;
    const auto begun = rtcpub::monotonicNow();
    if (!publisher.selectCamera(toRear ? "rear" : "front")) return 1;
    const auto watched =
        watch(pictures, milliseconds(5000), toRear ? kRearWidth : kFrontWidth, last);
    if (!watched.seen) return 1;
    std::printf("%lld %lld\n", static_cast<long long>((*watched.seen - begun).count()),
                static_cast<long long>(watched.gap.count()));
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: switch_probe SERVER CHANNEL SWITCHES\n";
    return 2;
  }
  rtcpub::PublisherOptions publish;
  rtcpub::SubscriberOptions subscribe;
  publish.server = subscribe.server = argv[1];
  publish.channel = subscribe.channel = argv[2];
  publish.lan = true;
  auto publisher = rtcpub::Publisher::create(publish);
  auto subscriber = rtcpub::Subscriber::create(subscribe);
  if (!publisher || !subscriber) return 1;
  if (auto added = addCameras(*publisher); !added) {
    std::cerr << added.error().message << "\n";
    return 1;
  }
  std::jthread sending([&](const std::stop_token& stop) { (void)publisher->run(stop); });
  std::jthread receiving([&](const std::stop_token& stop) { (void)subscriber->run(stop); });
  const int outcome = measure(*publisher, *subscriber, std::atoi(argv[3]));
  if (outcome != 0) std::cerr << "no picture came\n";
  return outcome;
}
