#include <unistd.h>

#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "cli/command.h"
#include "cli/drive_text.h"
#include "cli/gamepad.h"
#include "cli/hand_driver.h"
#include "cli/key_terminal.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/script_driver.h"
#include "cli/stop_signal.h"
#include "rtcpub/subscriber.h"

namespace rtcpub::cli {
namespace {

struct DriveCommand {
  SubscriberOptions options;
  std::string script;  // empty: keys
  std::optional<std::string> gamepad;
  double top = 0.5;
  bool print = false;
};

/// Prints who drives and where the gate stands, whenever that has changed.
/// Runs on: a thread of its own.
class DrivePrinter {
 public:
  DrivePrinter(Subscription<DriveState> states, Output& output)
      : thread_([states = std::move(states), &output](const std::stop_token& stop) mutable {
          while (const auto state = states.get(stop)) {
            if (!output.line(driveJson(*state))) return;
          }
        }) {}

 private:
  std::jthread thread_;
};

/// What drives: a script, or keys and gamepad.
class Hands {
 public:
  Hands(const DriveCommand& command, std::optional<int> script, const DriverControl& control,
        StopSignal& stop) {
    if (script) {
      script_.emplace(*script, control, stop);
    } else {
      const bool keys = isatty(STDIN_FILENO) != 0;
      if (keys) terminal_.emplace(STDIN_FILENO, stop.token());
      hands_.emplace(
          control,
          HandDriver::Options{.top = command.top, .keys = keys, .gamepad = command.gamepad}, stop);
    }
  }
  [[nodiscard]] std::optional<Error> failure() const {
    return script_ ? script_->failure() : std::nullopt;
  }

 private:
  std::optional<KeyTerminal> terminal_;
  std::optional<HandDriver> hands_;
  std::optional<ScriptDriver> script_;
};

/// The opened script, if there is one. Errors: there is nothing to drive by.
Result<std::optional<int>> openScript(const DriveCommand& command) {
  if (!command.script.empty()) {
    return ScriptDriver::open(command.script).map([](int input) { return std::optional(input); });
  }
  if (command.gamepad || isatty(STDIN_FILENO) != 0) return std::nullopt;
  return tl::unexpected(Error{ErrorCode::kInvalidArgument,
                              "keys are read from a terminal, which standard input is not: start "
                              "it in one, or add --gamepad any or --script FILE"});
}

int drive(const DriveCommand& command) {
  warnIfInsecure(command.options);
  StopSignal stop;
  Output output;
  const auto script = openScript(command);
  if (!script) {
    complain(script.error().message);
    return 1;
  }
  auto subscriber = Subscriber::create(command.options);
  if (!subscriber) {
    complain(subscriber.error().message);
    return 1;
  }
  const DriverControl control = subscriber->control();
  Result<void> outcome;
  std::optional<Error> failure;
  {
    std::optional<DrivePrinter> printer;
    if (command.print) printer.emplace(subscriber->control().states(), output);
    const Hands hands(command, *script, control, stop);
    outcome = subscriber->run(stop.token());
    stop.request();
    failure = hands.failure();
  }
  if (!outcome) failure = outcome.error();
  if (!failure) return 0;
  complain(failure->message);
  return 1;
}

}  // namespace

void addDrive(CLI::App& sub, Chosen& chosen) {
  auto command = std::make_shared<DriveCommand>();
  addConnectionOptions(sub, command->options);
  sub.option_defaults()->group("Driving");
  sub.add_option("--gamepad", command->gamepad,
                 "Drive by a gamepad, too: any that there is, or this one (/dev/input/event…). The "
                 "left stick "
                 "steers, right and left trigger drive forward and back; start takes control, "
                 "select releases it, the right-hand button is the emergency stop")
      ->option_text("any|DEVICE")
      ->check([](const std::string& device) {
        const auto right = checkGamepad(device);
        return right ? std::string() : right.error().message;
      });
  sub.add_option(
         "--max", command->top,
         "The throttle of a key that is held, or of a trigger that is pulled through: 0.05 to "
         "1")
      ->option_text("SHARE")
      ->check(CLI::Range(0.05, 1.0))
      ->capture_default_str();
  sub.add_option(
         "--script", command->script,
         "Drive by the lines of this file, or of standard input (-), instead of keys: "
         "take, release, stop (the emergency stop), clear (ends it), or milliseconds and "
         "axes. Each is done when server and robot say so. Ends with the last one, and with "
         "exit code 1 at one that can't be done, or during which the robot stops")
      ->option_text("FILE|-");
  sub.add_flag("--print", command->print,
               "Print who drives and where the robot's gate stands as a line of JSON, whenever "
               "that changes");
  sub.footer(
      std::string("Keys: ") + kKeysHelp +
      ". Ctrl-C ends it.\n"
      "A terminal doesn't tell that a key was let go, only that it repeats: a key counts for 150 "
      "ms, and then it is neutral. Of several that are held the last one repeats alone.\n"
      "The video is received, so that the robot knows how old the picture is, but not shown: look "
      "at it in the console.\n\n"
      "Examples:\n"
      "  rtcpub drive --server wss://robots.example --channel car-1 --token-file driver.token\n"
      "  printf 'take\\n2000 {\"throttle\": 0.3}\\n' | rtcpub drive --server "
      "wss://robots.example --channel car-1 --script -");
  sub.callback([command, &chosen] { chosen = [command] { return drive(*command); }; });
}

}  // namespace rtcpub::cli
