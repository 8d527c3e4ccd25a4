// Publishes a moving test picture.
//   publisher SERVER CHANNEL [CA_FILE]        e.g. publisher wss://127.0.0.1:8267 car-1 cert.pem
#include <rtcpub/rtcpub.h>

#include <iostream>
#include <stop_token>
#include <string>

#include "stop_on_signal.h"

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: publisher SERVER CHANNEL [CA_FILE]\n";
    return 2;
  }
  const StopOnSignal stop;
  rtcpub::PublisherOptions options;
  options.server = argv[1];
  options.channel = argv[2];
  options.caFile = argc > 3 ? argv[3] : "";

  auto publisher = rtcpub::Publisher::create(options);
  auto picture = rtcpub::VideoSource::open("test:?size=640x480&fps=30&stamp");
  if (!publisher || !picture) {
    std::cerr << (publisher ? picture.error() : publisher.error()).message << "\n";
    return 1;
  }
  (void)publisher->addVideo(*picture);

  auto outcome = publisher->run(stop.token());
  if (!outcome) std::cerr << outcome.error().message << "\n";
  return outcome ? 0 : 1;
}
