// Feeds an encoder of this machine with the reference content at full speed, by way of the switch
// of cameras as a publisher's pictures go.
//   encoder_probe sizes ENCODER WIDTHxHEIGHT KBPS FRAMES   prints "BYTES KEY MICROSECONDS" a frame
//   encoder_probe stream ENCODER WIDTHxHEIGHT KBPS FRAMES  writes the stream; each picture has a
//                                                   stamp with its number
//   encoder_probe memory ENCODER WIDTHxHEIGHT KBPS FRAMES  prints the resident set in kB every
//   1,000
//                                                   frames
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <semaphore>
#include <string>
#include <utility>

#include "core/measure/stamp.h"
#include "core/video/frame_buffer.h"
#include "core/video/pattern.h"
#include "media/encoders/encoder_chain.h"
#include "media/video_switch.h"

namespace {

using rtcpub::EncodedFrame;
using rtcpub::VideoFrame;

/// Draws a picture when it is told to.
class Drawn final : public rtcpub::VideoSource {
 public:
  Drawn(int width, int height) : pattern_(width, height), pool_(width, height) {}
  rtcpub::Result<void> start() override { return {}; }
  void stop() override {}
  void draw(int number, rtcpub::Time time) {
    auto buffer = pool_.take();
    pattern_.draw(number % rtcpub::Pattern::kFrames, buffer->y(), buffer->strideY(), buffer->u(),
                  buffer->strideU(), buffer->v(), buffer->strideV());
    rtcpub::stamp::write(buffer->y(), buffer->strideY(), {static_cast<std::uint16_t>(number), 0});
    push(toFrame(buffer, time));
  }

 private:
  const rtcpub::Pattern pattern_;
  rtcpub::FramePool pool_;
};

long residentKb() {
  std::ifstream status("/proc/self/statm");
  long total = 0;
  long resident = 0;
  status >> total >> resident;
  return resident * 4;
}

enum class Print { kSizes, kStream, kMemory };

struct Command {
  Print print = Print::kSizes;
  std::string encoder;
  int width = 0;
  int height = 0;
  int kbps = 0;
  int frames = 0;
};

/// Two cameras of which one is on the air, and an encoder behind them that is waited for.
class Chain {
 public:
  explicit Chain(const Command& command) : command_(command) {}

  /// Why it can't be.
  rtcpub::Result<void> open() {
    auto encoders = rtcpub::media::makeEncoders(command_.encoder);
    if (!encoders) return tl::unexpected(encoders.error());
    auto encoder = (*encoders)->open(
        {.width = command_.width, .height = command_.height, .bitrateKbps = command_.kbps},
        [this](const EncodedFrame& frame) { onEncoded(frame); });
    if (!encoder) return tl::unexpected(encoder.error());
    encoder_ = std::move(*encoder);
    if (auto added = cameras_.add("front", front_); !added) return added;
    if (auto added = cameras_.add("rear", rear_); !added) return added;
    cameras_.connect({.frame = [this](const VideoFrame& frame) { encode(frame); }});
    return cameras_.start();
  }

  void run() {
    for (int i = 0; i < command_.frames; ++i) {
      const bool switches = command_.print == Print::kMemory;
      if (switches && i % 500 == 0) (void)cameras_.select(i % 1000 == 0 ? "rear" : "front");
      const rtcpub::Time time(std::chrono::milliseconds(33) * i);
      front_->draw(i, time);
      rear_->draw(i, time);
      if (switches && (i + 1) % 1000 == 0) std::printf("%ld\n", residentKb());
    }
    cameras_.stop();
  }

 private:
  void encode(const VideoFrame& frame) {
    begun_ = rtcpub::monotonicNow();
    const bool keyFrame = std::exchange(scene_, frame.scene) != frame.scene;
    if (encoder_->encode(frame, keyFrame).value_or(false)) done_.acquire();
  }

  void onEncoded(const EncodedFrame& frame) {
    if (command_.print == Print::kSizes) {
      std::printf("%zu %d %lld\n", frame.size, frame.keyFrame ? 1 : 0,
                  static_cast<long long>((rtcpub::monotonicNow() - begun_).count()));
    } else if (command_.print == Print::kStream) {
      std::fwrite(frame.data, 1, frame.size, stdout);
    }
    done_.release();
  }

  const Command& command_;
  const std::shared_ptr<Drawn> front_ = std::make_shared<Drawn>(command_.width, command_.height);
  const std::shared_ptr<Drawn> rear_ = std::make_shared<Drawn>(command_.width, command_.height);
  rtcpub::media::VideoSwitch cameras_{[] {}};
  std::uint16_t scene_ = 0;
  rtcpub::Time begun_;
  std::binary_semaphore done_{0};
  std::unique_ptr<rtcpub::VideoEncoder> encoder_;
};

int run(const Command& command) {
  Chain chain(command);
  if (auto opened = chain.open(); !opened) {
    std::cerr << opened.error().message << "\n";
    return 1;
  }
  chain.run();
  return 0;
}

int usage() {
  std::cerr << "usage: encoder_probe sizes|stream|memory ENCODER WIDTHxHEIGHT KBPS FRAMES\n";
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  Command command;
  if (argc == 6 && std::sscanf(argv[3], "%dx%d", &command.width, &command.height) == 2) {
    const std::map<std::string, Print> prints{
        {"sizes", Print::kSizes}, {"stream", Print::kStream}, {"memory", Print::kMemory}};
    const auto print = prints.find(argv[1]);
    if (print == prints.end()) return usage();
    command.print = print->second;
    command.encoder = argv[2];
    command.kbps = std::atoi(argv[4]);
    command.frames = std::atoi(argv[5]);
    return run(command);
  }
  return usage();
}
