#include "rtcpub/car.h"

#include <csignal>
#include <memory>

#include "cli/command.h"
#include "cli/output.h"
#include "cli/stop_signal.h"

namespace rtcpub::cli {
namespace {

constexpr const char* kStandardInput = "-";

int drive(CarOptions options) {
  if (options.socket == kStandardInput) options.socket.clear();
  // What drives motors isn't stopped by a key: the other process would have to end it.
  std::signal(SIGTSTP, SIG_IGN);
  const StopSignal stop;
  const auto outcome = runCar(options, stop.token());
  if (outcome) return 0;
  complain(outcome.error().message);
  return 1;
}

}  // namespace

void addCar(CLI::App& sub, Chosen& chosen) {
  auto options = std::make_shared<CarOptions>(CarOptions{.socket = kStandardInput});
  sub.add_option(
         "motors,--motors", options->motors,
         "What drives: pca9685:/dev/i2c-1, sysfs-pwm:0, exec:PROGRAM, or print:[FILE], which "
         "moves nothing. Options follow a question mark: "
         "'pca9685:/dev/i2c-1?address=0x41&frequency=50&steering=1&throttle=0', where "
         "steering and throttle are channels, and 'steering-pulse=1000,1500,2000' and "
         "'throttle-pulse=…' what they take, in microseconds: left or back, middle, right "
         "or forward")
      ->option_text("URI")
      ->required();
  sub.option_defaults()->group("Options");
  sub.add_option("--socket", options->socket,
                 "Listen at this Unix socket for the program that gives the commands, one at a "
                 "time; - is standard input")
      ->option_text("PATH")
      ->capture_default_str();
  sub.add_option("--ramp", options->ramp,
                 "How fast the throttle may rise, in whole ranges a second: with 2 full throttle "
                 "takes half a second. It falls at once. 0: it rises at once, too")
      ->option_text("NUMBER")
      ->check(CLI::Range(0.0, 100.0))
      ->capture_default_str();
  sub.add_option("--enable-gpio", options->enablePin,
                 "A pin that lets the motors have power, as gpiochip0:17: held low while somebody "
                 "drives, as a PCA9685's OE wants it; ?active=high behind it: held high")
      ->option_text("CHIP:LINE");
  sub.add_option("--ir", options->lapPin,
                 "A pin of a lap sensor, as gpiochip0:27, which goes low when the car passes; "
                 "?active=high behind it: high")
      ->option_text("CHIP:LINE");
  sub.footer(
      "It reads a JSON object a line, and is neutral 200 ms after the last one:\n"
      "  {\"neutral\":true}\n"
      "  {\"axes\":{\"steering\":0.1,\"throttle\":0.2},\"until\":MICROSECONDS of CLOCK_MONOTONIC}\n"
      "  {\"max_speed\":400}: the pulse of full throttle in 4096ths of the period, SpiderCar's\n"
      "    maxSpeed. At 60 Hz and a throttle-pulse of 1000,1500,2000 that is 369 (the slowest) to "
      "491\n"
      "    (all); one that would leave no speed is left out.\n"
      "rtcpub publish --car URI starts it and feeds it: docs/control.md.\n\n"
      "exec:PROGRAM gets a line of JSON at each change, again each 50 ms while something moves, "
      "and\n"
      "each 250 ms while nothing does:\n"
      "  {\"steering\":0.1,\"throttle\":0.2,\"neutral\":false,\"reason\":\"\",\"hold_ms\":180}\n"
      "hold_ms after it has read a line, and at the end of its input, it has to bring its motors "
      "to\n"
      "neutral by itself, and at that end to exit within a second. It has to read at once: what "
      "has\n"
      "not been read for 500 ms ends it. It is started again, with neutral as its first line.\n\n"
      "Examples:\n"
      "  rtcpub car pca9685:/dev/i2c-1 --enable-gpio gpiochip0:17\n"
      "  rtcpub car 'exec:python3 motors.py' --socket /run/robot/car.sock");
  sub.callback([options, &chosen] {
    if (const auto right = checkCar(*options); !right) {
      throw CLI::ValidationError(right.error().message);
    }
    chosen = [options] { return drive(*options); };
  });
}

}  // namespace rtcpub::cli
