// A robot without a camera: sends telemetry on `metric`, prints the commands that come on `stream`.
//   data_channel_publisher SERVER CHANNEL [CA_FILE]
#include <rtcpub/rtcpub.h>

#include <chrono>
#include <iostream>
#include <string>
#include <thread>

#include "stop_on_signal.h"

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: data_channel_publisher SERVER CHANNEL [CA_FILE]\n";
    return 2;
  }
  const StopOnSignal stop;
  rtcpub::PublisherOptions options;
  options.server = argv[1];
  options.channel = argv[2];
  options.caFile = argc > 3 ? argv[3] : "";
  auto publisher = rtcpub::Publisher::create(options);
  if (!publisher) {
    std::cerr << publisher.error().message << "\n";
    return 1;
  }
  auto metric = publisher->addDataChannel("metric").value();
  // A command that comes late is worse than none: after 300 ms it is dropped.
  auto stream =
      publisher->addDataChannel("stream", {.ordered = false, .maxPacketLifeTimeMs = 300}).value();

  // Drive from here: what viewers send arrives as messages, which a thread of yours takes when it
  // is ready.
  const std::jthread commands([inbox = stream.subscribe()](std::stop_token ended) mutable {
    while (auto message = inbox.get(ended)) std::cout << "command " << message->data << std::endl;
  });
  const std::jthread telemetry([metric](std::stop_token ended) mutable {
    for (int lap = 1; !ended.stop_requested(); ++lap) {
      (void)metric.putNowait(R"({"ir":{"key":"detectTime","value":)" + std::to_string(lap) + "}}");
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  });

  auto outcome = publisher->run(stop.token());
  if (!outcome) std::cerr << outcome.error().message << "\n";
  return outcome ? 0 : 1;
}
