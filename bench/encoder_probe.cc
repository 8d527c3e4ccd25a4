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
#include <semaphore>
#include <string>
#include <utility>

#include "core/frame_buffer.h"
#include "core/stamp.h"
#include "core/test_pattern.h"
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
    pattern_.draw(number % rtcpub::TestPattern::kFrames, buffer->y(), buffer->strideY(),
                  buffer->u(), buffer->strideU(), buffer->v(), buffer->strideV());
    rtcpub::stamp::write(buffer->y(), buffer->strideY(), {static_cast<std::uint16_t>(number), 0});
    push(toFrame(buffer, time));
  }

 private:
  const rtcpub::TestPattern pattern_;
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

int run(const Command& command) {
  auto encoders = rtcpub::media::makeEncoders(command.encoder);
  if (!encoders) {
    std::cerr << encoders.error().message << "\n";
    return 1;
  }
  std::binary_semaphore done(0);
  rtcpub::Time begun;
  auto encoder = (*encoders)->open(
      {.width = command.width, .height = command.height, .bitrateKbps = command.kbps},
      [&](const EncodedFrame& frame) {
        if (command.print == Print::kSizes) {
          std::printf("%zu %d %lld\n", frame.size, frame.keyFrame ? 1 : 0,
                      static_cast<long long>((rtcpub::monotonicNow() - begun).count()));
        } else if (command.print == Print::kStream) {
          std::fwrite(frame.data, 1, frame.size, stdout);
        }
        done.release();
      });
  if (!encoder) {
    std::cerr << encoder.error().message << "\n";
    return 1;
  }
  auto front = std::make_shared<Drawn>(command.width, command.height);
  auto rear = std::make_shared<Drawn>(command.width, command.height);
  rtcpub::media::VideoSwitch cameras([] {});
  if (!cameras.add("front", front) || !cameras.add("rear", rear)) return 1;
  std::uint16_t scene = 0;
  cameras.connect({.frame = [&](const VideoFrame& frame) {
    begun = rtcpub::monotonicNow();
    const bool keyFrame = std::exchange(scene, frame.scene) != frame.scene;
    if ((*encoder)->encode(frame, keyFrame).value_or(false)) done.acquire();
  }});
  if (!cameras.start()) return 1;
  for (int i = 0; i < command.frames; ++i) {
    const rtcpub::Time time(std::chrono::milliseconds(33) * i);
    const bool switches = command.print == Print::kMemory;
    if (switches && i % 500 == 0) (void)cameras.select(i % 1000 == 0 ? "rear" : "front");
    front->draw(i, time);
    rear->draw(i, time);
    if (switches && (i + 1) % 1000 == 0) std::printf("%ld\n", residentKb());
  }
  cameras.stop();
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
