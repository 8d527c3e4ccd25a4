// Drives a channel by its pictures: for each one a command that says, in its axes, when the picture
// was taken (its stamp) and when the command was given, both in microseconds of this machine's
// clock, modulo 2^32. The robot's log of verdicts has them beside what its gate makes of them; the
// robot must run on the same machine.
//   control_probe SERVER CHANNEL SECONDS [TAKES]
// TAKES: instead, two drivers hand the lease over so many times, the one that has it consenting at
// once. Prints how many milliseconds each took, from asking to the robot's word that it goes by the
// new driver's commands.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <thread>

#include "core/measure/stamp.h"
#include "rtcpub/rtcpub.h"

namespace {

using namespace rtcpub;
using namespace std::chrono_literals;

void addTime(Axes& axes, const std::string& name, std::uint32_t microseconds) {
  axes[name + "_high"] = (microseconds >> 16) / 65536.0;
  axes[name + "_low"] = (microseconds & 0xffff) / 65536.0;
}

/// Whether the robot goes by our commands before the time is over; `meanwhile` is done now and
/// then.
template <class Meanwhile>
bool waitUntilDriven(DriverControl& control, std::chrono::seconds patience, Meanwhile meanwhile) {
  auto states = control.states();
  const Time until = monotonicNow() + patience;
  while (monotonicNow() < until) {
    const DriveState state = control.state();
    if (state.mine && state.gate == GateState::kDriven) return true;
    (void)control.command({}, {.hold = 10s});
    meanwhile();
    (void)states.getFor(1ms);
  }
  return false;
}

void drive(DriverControl control, Subscription<VideoFrame>& frames, const std::stop_token& stop) {
  control.request();
  if (!waitUntilDriven(control, 20s, [] {})) std::cerr << "the robot does not go by our commands\n";
  while (auto frame = frames.get(stop)) {
    const auto stamp = stamp::readAdapted(frame->planes[0].data, frame->planes[0].stride,
                                          frame->width, frame->height);
    if (!stamp) continue;
    Axes axes;
    addTime(axes, "taken", stamp->timeUs);
    addTime(axes, "given", static_cast<std::uint32_t>(monotonicNow().time_since_epoch().count()));
    (void)control.command(std::move(axes), {.hold = 200ms, .saw = frame->rtpTimestamp});
  }
}

void handOver(DriverControl has, DriverControl wants, int times) {
  const auto consent = [&] {
    if (has.state().answer) has.answer(true);
  };
  has.request();
  if (!waitUntilDriven(has, 20s, [] {})) return;
  for (int i = 0; i < times; ++i) {
    std::this_thread::sleep_for(100ms);
    const Time asked = monotonicNow();
    wants.request();
    if (!waitUntilDriven(wants, 20s, consent)) return;
    std::printf("%.2f\n",
                std::chrono::duration<double, std::milli>(monotonicNow() - asked).count());
    std::swap(has, wants);
  }
}

/// A member of the channel that runs until it is destroyed.
class Member {
 public:
  static std::unique_ptr<Member> join(const SubscriberOptions& options) {
    auto subscriber = Subscriber::create(options);
    if (!subscriber) {
      std::cerr << subscriber.error().message << "\n";
      return nullptr;
    }
    return std::make_unique<Member>(*std::move(subscriber));
  }
  explicit Member(Subscriber subscriber)
      : subscriber_(std::move(subscriber)),
        control_(subscriber_.control()),
        frames_(subscriber_.video()),
        thread_([this](const std::stop_token& stop) {
          const auto outcome = subscriber_.run(stop);
          if (!outcome) std::cerr << outcome.error().message << "\n";
        }) {}

  DriverControl control() { return control_; }
  Subscription<VideoFrame>& frames() { return frames_; }

 private:
  Subscriber subscriber_;
  DriverControl control_;
  Subscription<VideoFrame> frames_;
  std::jthread thread_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4 && argc != 5) {
    std::cerr << "usage: control_probe SERVER CHANNEL SECONDS [TAKES]\n";
    return 2;
  }
  SubscriberOptions options;
  options.server = argv[1];
  options.channel = argv[2];
  options.insecure = true;
  const auto member = Member::join(options);
  if (!member) return 1;
  if (argc == 5) {
    const auto other = Member::join(options);
    if (!other) return 1;
    handOver(member->control(), other->control(), std::atoi(argv[4]));
    return 0;
  }
  std::stop_source stop;
  const std::jthread timer([&] {
    std::this_thread::sleep_for(std::chrono::seconds(std::atoi(argv[3])));
    stop.request_stop();
  });
  drive(member->control(), member->frames(), stop.get_token());
  return 0;
}
