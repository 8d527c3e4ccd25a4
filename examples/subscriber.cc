// Watches a channel: counts its frames, prints its telemetry, and drives when there is a robot:
// what is sent to nobody is dropped, so that no robot acts on it later.
//   subscriber SERVER CHANNEL [CA_FILE]
#include <rtcpub/rtcpub.h>

#include <iostream>
#include <string>
#include <thread>

#include "arguments.h"
#include "stop_on_signal.h"

int main(int argc, char** argv) {
  const auto options = readArguments<rtcpub::SubscriberOptions>(argc, argv);
  const StopOnSignal stop;
  auto subscriber = rtcpub::Subscriber::create(options);
  if (!subscriber) return fail(subscriber.error());
  auto metric = subscriber->addDataChannel("metric");
  // A command that comes late is worse than none: after 300 ms it is dropped.
  auto stream =
      subscriber->addDataChannel("stream", {.ordered = false, .maxPacketLifeTimeMs = 300});
  if (!metric || !stream) return fail(metric ? stream.error() : metric.error());

  const std::jthread telemetry([stream = *stream,
                                inbox = metric->subscribe()](std::stop_token ended) mutable {
    // Forward and a stop in turn: a robot that was stopped moves only after a stop was said.
    for (int value = 0; auto message = inbox.get(ended); value = 5 - value) {
      std::cout << "metric " << message->data << std::endl;
      auto put =
          stream.putNowait(R"({"motion":{"key":"forward","value":)" + std::to_string(value) + "}}");
      if (!put) fail(put.error());
    }
  });
  const std::jthread video([frames = subscriber->video()](std::stop_token ended) mutable {
    for (int count = 1; auto frame = frames.get(ended); ++count) {
      std::cout << "picture " << count << " " << frame->width << "x" << frame->height << std::endl;
    }
  });

  auto outcome = subscriber->run(stop.token());
  return outcome ? 0 : fail(outcome.error());
}
