// The two ends of a drive over a network that is measured, both on one machine, whose monotonic
// clock they share. They print lines; times and delays are in microseconds.
//   lab_probe robot SERVER CHANNEL VIDEO KBPS CODEC CHANNEL_KIND
//     command TIME AGE             a message of 50 a second came
//     stats TIME ESTIMATE KBPS     what the path is thought to carry, and what the video takes
//   lab_probe viewer SERVER CHANNEL WIDTH HEIGHT CHANNEL_KIND
//     frame TIME NUMBER DELAY WIDTH ERROR    a picture was decoded; ERROR says how far its worst
//                                            block is from what the test pattern has there
//   CHANNEL_KIND: reliable, unordered (for 100 ms), once (no retransmission)
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "core/measure/stamp.h"
#include "core/video/pattern.h"
#include "rtcpub/rtcpub.h"

namespace {

constexpr std::size_t kMessageBytes = 100;
constexpr std::chrono::milliseconds kInterval{20};
constexpr int kBlock = 32;  // luma samples of the picture as it was drawn

long long nowUs() { return rtcpub::monotonicNow().time_since_epoch().count(); }

int finish(const rtcpub::Result<void>& outcome) {
  if (!outcome) std::cerr << outcome.error().message << "\n";
  return outcome ? 0 : 1;
}

rtcpub::DataChannelOptions kindOf(std::string_view kind) {
  rtcpub::DataChannelOptions options;
  options.ordered = kind == "reliable";
  if (kind == "unordered") options.maxPacketLifeTimeMs = 100;
  if (kind == "once") options.maxRetransmits = 0;
  return options;
}

template <class Options>
Options connectionOf(char** arguments) {
  Options options;
  options.server = arguments[2];
  options.channel = arguments[3];
  options.insecure = true;
  return options;
}

int robot(char** arguments) {
  auto options = connectionOf<rtcpub::PublisherOptions>(arguments);
  options.bitrateKbps = std::atoi(arguments[5]);
  if (std::string_view(arguments[6]) == "vp8") options.codec = rtcpub::VideoCodec::kVp8;
  auto publisher = rtcpub::Publisher::create(options).value();
  if (auto source = rtcpub::VideoSource::open(arguments[4])) {
    (void)publisher.addVideo(*source);
  } else {
    return finish(tl::unexpected(source.error()));
  }
  auto stream = publisher.addDataChannel("stream", kindOf(arguments[7])).value();
  const std::jthread commands([inbox = stream.subscribe()](const std::stop_token& end) mutable {
    while (auto message = inbox.get(end)) {
      const long long now = nowUs();
      std::printf("command %lld %lld\n", now, now - std::atoll(message->data.c_str()));
      std::fflush(stdout);
    }
  });
  const std::jthread stats([&publisher](const std::stop_token& end) {
    while (!end.stop_requested()) {
      const auto figures = publisher.stats();
      std::printf("stats %lld %.0f %.0f\n", nowUs(), figures.estimateKbps.value_or(0),
                  figures.video ? figures.video->kbps : 0);
      std::fflush(stdout);
      std::this_thread::sleep_for(std::chrono::seconds(1));
    }
  });
  return finish(publisher.run());
}

/// Knows what the test pattern looks like.
class Comparison {
 public:
  Comparison(int width, int height)
      : width_(width),
        height_(height),
        pattern_(width, height),
        luma_(static_cast<std::size_t>(width) * height),
        u_(luma_.size() / 4),
        v_(luma_.size() / 4) {}

  /// The largest difference of a block's mean luma. The noise in the middle is no encoder's friend
  /// and the stamp's place is not the pattern's: both are left out.
  int worst(const rtcpub::VideoFrame& frame, int number) {
    pattern_.draw(number, luma_.data(), width_, u_.data(), width_ / 2, v_.data(), width_ / 2);
    int found = 0;
    for (int y = kBlock; y + kBlock <= height_; y += kBlock) {
      if (std::abs(y + kBlock / 2 - height_ / 2) < 3 * kBlock) continue;
      for (int x = 0; x + kBlock <= width_; x += kBlock) {
        found = std::max(found, std::abs(meanShown(frame, x, y) - meanDrawn(x, y)));
      }
    }
    return found;
  }

 private:
  int meanDrawn(int x, int y) const {
    int sum = 0;
    for (int row = 0; row < kBlock; ++row) {
      const auto* samples = luma_.data() + static_cast<std::size_t>(y + row) * width_ + x;
      for (int column = 0; column < kBlock; ++column) sum += samples[column];
    }
    return sum / (kBlock * kBlock);
  }

  /// The same place in a picture that may be smaller.
  int meanShown(const rtcpub::VideoFrame& frame, int x, int y) const {
    const int left = x * frame.width / width_;
    const int right = std::max(left + 1, (x + kBlock) * frame.width / width_);
    const int top = y * frame.height / height_;
    const int bottom = std::max(top + 1, (y + kBlock) * frame.height / height_);
    int sum = 0;
    for (int row = top; row < bottom; ++row) {
      const auto* samples =
          frame.planes[0].data + static_cast<std::ptrdiff_t>(row) * frame.planes[0].stride;
      for (int column = left; column < right; ++column) sum += samples[column];
    }
    return sum / ((right - left) * (bottom - top));
  }

  int width_;
  int height_;
  rtcpub::Pattern pattern_;
  std::vector<std::uint8_t> luma_;
  std::vector<std::uint8_t> u_;
  std::vector<std::uint8_t> v_;
};

void print(const rtcpub::VideoFrame& frame, Comparison& comparison) {
  const auto stamp = rtcpub::stamp::readAdapted(frame.planes[0].data, frame.planes[0].stride,
                                                frame.width, frame.height);
  const long long time = frame.time.time_since_epoch().count();
  if (!stamp) {
    std::printf("unreadable %lld %d\n", time, frame.width);
  } else {
    std::printf("frame %lld %u %u %d %d\n", time, stamp->frame, rtcpub::stamp::ageUs(*stamp, time),
                frame.width, comparison.worst(frame, stamp->frame));
  }
  std::fflush(stdout);
}

/// Sends the time at a steady pace while there is a connection.
void sendTimes(const rtcpub::Subscriber& subscriber, rtcpub::DataChannel stream,
               const std::stop_token& end) {
  auto next = std::chrono::steady_clock::now();
  while (!end.stop_requested()) {
    std::this_thread::sleep_until(next += kInterval);
    if (subscriber.stats().state != rtcpub::ConnectionState::kConnected) continue;
    std::string text = std::to_string(nowUs());
    text.resize(kMessageBytes, ' ');
    (void)stream.putNowait(text);
  }
}

int viewer(char** arguments) {
  const auto options = connectionOf<rtcpub::SubscriberOptions>(arguments);
  auto subscriber = rtcpub::Subscriber::create(options).value();
  auto stream = subscriber.addDataChannel("stream", kindOf(arguments[6])).value();
  const std::jthread frames([inbox = subscriber.video(), width = std::atoi(arguments[4]),
                             height = std::atoi(arguments[5])](const std::stop_token& end) mutable {
    Comparison comparison(width, height);
    while (auto frame = inbox.get(end)) print(*frame, comparison);
  });
  const std::jthread commands(
      [&](const std::stop_token& end) { sendTimes(subscriber, stream, end); });
  return finish(subscriber.run());
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view role = argc > 1 ? argv[1] : "";
  if (role == "robot" && argc == 8) return robot(argv);
  if (role == "viewer" && argc == 7) return viewer(argv);
  std::cerr << "usage: see the head of lab_probe.cc\n";
  return 2;
}
