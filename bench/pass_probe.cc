// Publishes a file of H264 whose pictures carry a stamp's number, watches it, and prints the delay
// that sending adds to each picture, from when it was due to when it was handed to the decoder, in
// microseconds: the time until it was decoded, less the decoder's own mean time.
//   pass_probe SERVER CHANNEL FILE FRAMES_IN_FILE SECONDS
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <thread>
#include <vector>

#include "core/measure/stamp.h"
#include "rtcpub/rtcpub.h"

namespace {

/// Notes when each picture is pushed, by the number that it is going to show.
class Timed final : public rtcpub::VideoSource {
 public:
  Timed(std::shared_ptr<rtcpub::VideoSource> file, int frames)
      : file_(std::move(file)), frames_(frames), due_(static_cast<std::size_t>(frames)) {}

  rtcpub::Result<void> start() override {
    file_->connect({.encoded = [this](const rtcpub::EncodedFrame& frame) {
      due_[static_cast<std::size_t>(next_)] = rtcpub::monotonicNow().time_since_epoch().count();
      next_ = (next_ + 1) % frames_;
      push(frame);
    }});
    return file_->start();
  }
  void stop() override { file_->stop(); }
  [[nodiscard]] std::optional<rtcpub::VideoCodec> codec() const override { return file_->codec(); }

  [[nodiscard]] std::int64_t due(int number) const {
    return due_[static_cast<std::size_t>(number % frames_)];
  }

 private:
  const std::shared_ptr<rtcpub::VideoSource> file_;
  const int frames_;
  int next_ = 0;
  std::vector<std::atomic<std::int64_t>> due_;
};

void print(const std::vector<std::int64_t>& delays, const rtcpub::Subscriber& subscriber) {
  const auto stats = subscriber.stats();
  const double decodeUs = stats.video ? stats.video->decodeMs * 1000 : 0;
  std::fprintf(stderr, "decoding took %.1f ms a picture\n", decodeUs / 1000);
  for (const auto delay : delays) std::printf("%.0f\n", static_cast<double>(delay) - decodeUs);
}

int measure(Timed& source, rtcpub::Subscriber& subscriber, std::chrono::seconds span) {
  std::vector<std::int64_t> delays;
  auto pictures = subscriber.video();
  const auto end = rtcpub::monotonicNow() + span;
  while (rtcpub::monotonicNow() < end) {
    const auto picture = pictures.getFor(std::chrono::milliseconds(100));
    if (!picture) continue;
    const auto stamp = rtcpub::stamp::read(picture->planes[0].data, picture->planes[0].stride,
                                           picture->width, picture->height, picture->width);
    if (stamp)
      delays.push_back(picture->time.time_since_epoch().count() - source.due(stamp->frame));
  }
  print(delays, subscriber);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) {
    std::cerr << "usage: pass_probe SERVER CHANNEL FILE FRAMES_IN_FILE SECONDS\n";
    return 2;
  }
  auto file = rtcpub::VideoSource::open(std::string("file:") + argv[3]);
  if (!file || !(*file)->codec()) {
    std::cerr << (file ? "the file is not passed through" : file.error().message) << "\n";
    return 1;
  }
  const auto source = std::make_shared<Timed>(*file, std::atoi(argv[4]));
  rtcpub::PublisherOptions publish;
  rtcpub::SubscriberOptions subscribe;
  publish.server = subscribe.server = argv[1];
  publish.channel = subscribe.channel = argv[2];
  publish.lan = true;
  auto publisher = rtcpub::Publisher::create(publish);
  auto subscriber = rtcpub::Subscriber::create(subscribe);
  if (!publisher || !subscriber || !publisher->addVideo(source)) return 1;
  std::jthread sending([&](const std::stop_token& stop) { (void)publisher->run(stop); });
  std::jthread receiving([&](const std::stop_token& stop) { (void)subscriber->run(stop); });
  return measure(*source, *subscriber, std::chrono::seconds(std::atoi(argv[5])));
}
