// Drives a channel. Its commands say in their axes when they were given and, of "pictures", when
// the picture was taken that they answer (its stamp), in microseconds of this machine's clock,
// modulo 2^32. The robot's log of verdicts has them beside what its gate makes of them; the robot
// must run on the same machine.
//   control_probe SERVER CHANNEL pictures SECONDS: a command for each picture
//   control_probe SERVER CHANNEL steady SECONDS: 67 commands a second, each sent once, at half
//     throttle wherever the gate lets it; prints how many were given
//   control_probe SERVER CHANNEL hand-overs TIMES: two drivers hand the lease over so often, the
//     one that has it consenting at once; prints how many microseconds each took, from asking to
//     the robot's word that it goes by the new driver's commands
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string_view>
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

void addGiven(Axes& axes) {
  addTime(axes, "given", static_cast<std::uint32_t>(monotonicNow().time_since_epoch().count()));
}

void byPictures(DriverControl control, Subscription<VideoFrame>& frames,
                const std::stop_token& stop) {
  control.request();
  if (!waitUntilDriven(control, 20s, [] {})) std::cerr << "the robot does not go by our commands\n";
  while (auto frame = frames.get(stop)) {
    const auto stamp = stamp::readAdapted(frame->planes[0].data, frame->planes[0].stride,
                                          frame->width, frame->height);
    if (!stamp) continue;
    Axes axes;
    addTime(axes, "taken", stamp->timeUs);
    addGiven(axes);
    (void)control.command(std::move(axes), {.hold = 200ms, .saw = frame->rtpTimestamp});
  }
}

/// The lease is asked for again whenever it is lost. At rest until the robot goes by what we say,
/// and whenever it has stopped or the library wants us to let go.
void steadily(DriverControl control, const std::stop_token& stop) {
  constexpr auto kBetween = 15ms;  // no repeat comes between them
  int given = 0;
  while (!stop.stop_requested()) {
    const DriveState state = control.state();
    if (!state.mine) {
      control.request();
      std::this_thread::sleep_for(100ms);
      continue;
    }
    Axes axes;
    addGiven(axes);
    const bool driven = state.gate == GateState::kDriven || state.gate == GateState::kWarned;
    const bool goes = driven && state.refused.empty();
    if (goes) axes["throttle"] = 0.5;
    if (!goes) axes.clear();
    given += goes;
    (void)control.command(std::move(axes), {.hold = 100ms});
    std::this_thread::sleep_for(kBetween);
  }
  std::printf("%d\n", given);
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
    std::printf("%lld\n", static_cast<long long>((monotonicNow() - asked).count()));
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
  const std::string_view what = argc == 5 ? argv[3] : "";
  if (what != "pictures" && what != "steady" && what != "hand-overs") {
    std::cerr << "usage: control_probe SERVER CHANNEL pictures|steady SECONDS\n"
                 "       control_probe SERVER CHANNEL hand-overs TIMES\n";
    return 2;
  }
  SubscriberOptions options;
  options.server = argv[1];
  options.channel = argv[2];
  options.insecure = true;
  const int number = std::atoi(argv[4]);
  const auto member = Member::join(options);
  if (!member) return 1;
  if (what == "hand-overs") {
    const auto other = Member::join(options);
    if (!other) return 1;
    handOver(member->control(), other->control(), number);
    return 0;
  }
  std::stop_source stop;
  const std::jthread timer([&] {
    std::this_thread::sleep_for(std::chrono::seconds(number));
    stop.request_stop();
  });
  if (what == "steady") {
    steadily(member->control(), stop.get_token());
  } else {
    byPictures(member->control(), member->frames(), stop.get_token());
  }
  return 0;
}
