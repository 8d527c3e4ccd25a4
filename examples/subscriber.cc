// Watches a channel: counts its pictures, prints its telemetry, sends one command when there is a
// robot: what is sent to nobody is dropped, so that no robot acts on it later.
//   subscriber SERVER CHANNEL [CA_FILE]
#include <rtcpub/rtcpub.h>

#include <iostream>
#include <string>
#include <thread>

#include "stop_on_signal.h"

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: subscriber SERVER CHANNEL [CA_FILE]\n";
    return 2;
  }
  const StopOnSignal stop;
  rtcpub::SubscriberOptions options;
  options.server = argv[1];
  options.channel = argv[2];
  options.caFile = argc > 3 ? argv[3] : "";
  auto subscriber = rtcpub::Subscriber::create(options);
  if (!subscriber) {
    std::cerr << subscriber.error().message << "\n";
    return 1;
  }
  auto metric = subscriber->addDataChannel("metric").value();
  // A command that comes late is worse than none: after 300 ms it is dropped.
  auto stream =
      subscriber->addDataChannel("stream", {.ordered = false, .maxPacketLifeTimeMs = 300}).value();

  const std::jthread telemetry([stream, inbox = metric.subscribe()](std::stop_token ended) mutable {
    for (bool driven = false; auto message = inbox.get(ended); driven = true) {
      std::cout << "metric " << message->data << std::endl;
      if (!driven) (void)stream.putNowait(R"({"motion":{"key":"forward","value":5}})");
    }
  });
  const std::jthread pictures([frames = subscriber->video()](std::stop_token ended) mutable {
    for (int count = 1; auto frame = frames.get(ended); ++count) {
      std::cout << "picture " << count << " " << frame->width << "x" << frame->height << std::endl;
    }
  });

  auto outcome = subscriber->run(stop.token());
  if (!outcome) std::cerr << outcome.error().message << "\n";
  return outcome ? 0 : 1;
}
