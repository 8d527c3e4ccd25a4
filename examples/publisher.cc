// Publishes a moving test picture.
//   publisher SERVER CHANNEL [CA_FILE]        e.g. publisher wss://127.0.0.1:8267 car-1 cert.pem
#include <rtcpub/rtcpub.h>

#include "arguments.h"
#include "stop_on_signal.h"

int main(int argc, char** argv) {
  const auto options = readArguments<rtcpub::PublisherOptions>(argc, argv);
  const StopOnSignal stop;

  auto publisher = rtcpub::Publisher::create(options);
  if (!publisher) return fail(publisher.error());
  auto video = rtcpub::VideoSource::open("test:?size=640x480&fps=30&stamp");
  if (!video) return fail(video.error());
  if (auto added = publisher->addVideo(*video); !added) return fail(added.error());

  auto outcome = publisher->run(stop.token());
  return outcome ? 0 : fail(outcome.error());
}
