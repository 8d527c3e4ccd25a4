// Publishes a web cam, 640x480; another source may be named.
//   web_cam_publisher SERVER CHANNEL [CA_FILE [SOURCE]]
#include <rtcpub/rtcpub.h>

#include <iostream>
#include <string>

#include "stop_on_signal.h"

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: web_cam_publisher SERVER CHANNEL [CA_FILE [SOURCE]]\n";
    return 2;
  }
  const StopOnSignal stop;
  rtcpub::PublisherOptions options;
  options.server = argv[1];
  options.channel = argv[2];
  options.caFile = argc > 3 ? argv[3] : "";
  options.bitrateKbps = 800;
  const std::string source = argc > 4 ? argv[4] : "v4l2:?size=640x480";

  auto publisher = rtcpub::Publisher::create(options);
  auto camera = rtcpub::VideoSource::open(source);
  if (!publisher || !camera) {
    std::cerr << (publisher ? camera.error() : publisher.error()).message << "\n";
    return 1;
  }
  (void)publisher->addVideo(*camera);

  auto outcome = publisher->run(stop.token());
  if (!outcome) std::cerr << outcome.error().message << "\n";
  return outcome ? 0 : 1;
}
