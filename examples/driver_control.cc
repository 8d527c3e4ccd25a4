// Drives a robot: asks for the lease, then goes slowly forward and turns left and right.
//   driver_control SERVER CHANNEL [CA_FILE]
#include <rtcpub/rtcpub.h>

#include <chrono>
#include <cmath>
#include <iostream>
#include <thread>

#include "arguments.h"
#include "stop_on_signal.h"

int main(int argc, char** argv) {
  const auto options = readArguments<rtcpub::SubscriberOptions>(argc, argv);
  const StopOnSignal stop;
  auto subscriber = rtcpub::Subscriber::create(options);
  if (!subscriber) return fail(subscriber.error());

  rtcpub::DriverControl control = subscriber->control();  // before run()
  control.request();
  const std::jthread driver([control](std::stop_token ended) mutable {
    using namespace std::chrono_literals;
    for (double time = 0; !ended.stop_requested(); time += 0.05) {
      // The library repeats what is commanded for `hold`; a program that hangs stops the robot.
      // After a stop the robot waits for a neutral command, and the library after such a pause.
      const auto state = control.state();
      const bool waits = state.gated && state.gate != rtcpub::GateState::kDriven;
      const bool goes = !waits && state.refused.empty();
      const rtcpub::Axes axes{{rtcpub::kThrottle, 0.2}, {rtcpub::kSteering, std::sin(time)}};
      const auto given = control.command(goes ? axes : rtcpub::Axes(), {.hold = 200ms});
      if (!given) fail(given.error());
      std::this_thread::sleep_for(50ms);
    }
    control.release();
  });
  const std::jthread teller([states = control.states()](std::stop_token ended) mutable {
    while (const auto state = states.get(ended)) {
      std::cout << (state->mine ? "driving" : "watching") << ", the robot is "
                << rtcpub::name(state->gate) << " " << rtcpub::name(state->reason) << " "
                << rtcpub::escaped(state->refused) << std::endl;
    }
  });

  auto outcome = subscriber->run(stop.token());
  return outcome ? 0 : fail(outcome.error());
}
