// A robot without a camera: sends telemetry on `metric`, prints the commands that come on `stream`.
//   data_channel_publisher SERVER CHANNEL [CA_FILE]
#include <rtcpub/rtcpub.h>

#include <chrono>
#include <iostream>
#include <string>
#include <thread>

#include "arguments.h"
#include "stop_on_signal.h"

int main(int argc, char** argv) {
  const auto options = readArguments<rtcpub::PublisherOptions>(argc, argv);
  const StopOnSignal stop;
  auto publisher = rtcpub::Publisher::create(options);
  if (!publisher) return fail(publisher.error());
  auto metric = publisher->addDataChannel("metric");
  // A command that comes late is worse than none: after 300 ms it is dropped.
  auto stream = publisher->addDataChannel("stream", {.ordered = false, .maxPacketLifeTimeMs = 300});
  if (!metric || !stream) return fail(metric ? stream.error() : metric.error());

  // Drive from here: what viewers send arrives as messages, which a thread of yours takes when it
  // is ready.
  const std::jthread commands([inbox = stream->subscribe()](std::stop_token ended) mutable {
    while (auto message = inbox.get(ended)) std::cout << "command " << message->data << std::endl;
  });
  const std::jthread telemetry([metric = *metric](std::stop_token ended) mutable {
    for (int lap = 1; !ended.stop_requested(); ++lap) {
      const std::string text = R"({"ir":{"key":"detectTime","value":)" + std::to_string(lap) + "}}";
      if (auto put = metric.putNowait(text); !put) fail(put.error());
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  });

  auto outcome = publisher->run(stop.token());
  return outcome ? 0 : fail(outcome.error());
}
