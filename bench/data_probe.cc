// Prints the round trip of each message of 100 bytes, sent at 50 Hz on `stream` and sent back on
// `metric`, in microseconds: one number a line.
//   data_probe echo SERVER CHANNEL             a publisher with 720p video that sends everything
//   back data_probe ping SERVER CHANNEL SECONDS     a subscriber that measures
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <thread>

#include "rtcpub/rtcpub.h"

namespace {

constexpr std::size_t kMessageBytes = 100;
constexpr std::chrono::milliseconds kInterval{20};

int finish(const rtcpub::Result<void>& outcome) {
  if (!outcome) std::cerr << outcome.error().message << "\n";
  return outcome ? 0 : 1;
}

int echo(const char* server, const char* channel) {
  rtcpub::PublisherOptions options;
  options.server = server;
  options.channel = channel;
  options.insecure = true;
  auto publisher = rtcpub::Publisher::create(options).value();
  (void)publisher.addVideo(rtcpub::VideoSource::open("test:?size=1280x720&fps=30").value());
  auto metric = publisher.addDataChannel("metric").value();
  auto stream = publisher.addDataChannel("stream").value();
  const std::jthread echoing(
      [inbox = stream.subscribe(), metric](const std::stop_token& ended) mutable {
        while (auto message = inbox.get(ended)) (void)metric.putNowait(*message);
      });
  return finish(publisher.run());
}

/// Sends the time at a steady pace until asked to stop, then ends the run.
void sendTimes(const rtcpub::Subscriber& subscriber, rtcpub::DataChannel stream, double seconds,
               std::stop_source& stop) {
  while (subscriber.stats().state != rtcpub::ConnectionState::kConnected) {
    if (subscriber.stats().state == rtcpub::ConnectionState::kClosed) return;
    std::this_thread::sleep_for(kInterval);
  }
  const auto rounds = static_cast<int>(seconds * 1000 / static_cast<double>(kInterval.count()));
  auto next = std::chrono::steady_clock::now();
  for (int round = 0; round < rounds; ++round) {
    std::string text = std::to_string(rtcpub::monotonicNow().time_since_epoch().count());
    text.resize(kMessageBytes, ' ');
    (void)stream.putNowait(text);
    std::this_thread::sleep_until(next += kInterval);
  }
  stop.request_stop();
}

int ping(const char* server, const char* channel, double seconds) {
  rtcpub::SubscriberOptions options;
  options.server = server;
  options.channel = channel;
  options.insecure = true;
  auto subscriber = rtcpub::Subscriber::create(options).value();
  auto metric = subscriber.addDataChannel("metric").value();
  auto stream = subscriber.addDataChannel("stream").value();
  std::stop_source stop;
  const std::jthread receiving([inbox = metric.subscribe()](const std::stop_token& ended) mutable {
    while (auto message = inbox.get(ended)) {
      std::printf("%lld\n",
                  static_cast<long long>(rtcpub::monotonicNow().time_since_epoch().count()) -
                      std::atoll(message->data.c_str()));
    }
  });
  const std::jthread sending([&] { sendTimes(subscriber, stream, seconds, stop); });
  return finish(subscriber.run(stop.get_token()));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 4 && std::string_view(argv[1]) == "echo") return echo(argv[2], argv[3]);
  if (argc == 5 && std::string_view(argv[1]) == "ping")
    return ping(argv[2], argv[3], std::atof(argv[4]));
  std::cerr << "usage: data_probe echo SERVER CHANNEL | data_probe ping SERVER CHANNEL SECONDS\n";
  return 2;
}
