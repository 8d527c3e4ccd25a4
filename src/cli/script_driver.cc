#include "cli/script_driver.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace rtcpub::cli {
namespace {

using std::chrono::milliseconds;

constexpr int kTickMs = 10;
constexpr std::size_t kLongestLine = 4096;
/// For how long a command holds when this thread hangs.
constexpr milliseconds kHold{200};
/// A refusal that is shown may be of an earlier request for so long.
constexpr milliseconds kAnswered{500};
/// Longer than a driver may take who is asked.
constexpr milliseconds kPatience{20'000};
/// For the server to hear of the end.
constexpr milliseconds kFarewell{1000};

}  // namespace

Result<int> ScriptDriver::open(const std::string& script) {
  const int input = script == "-" ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                                  : ::open(script.c_str(), O_RDONLY | O_CLOEXEC);
  if (input >= 0) return input;
  return tl::unexpected(Error{ErrorCode::kIo, "the script " + script + " can't be read: " +
                                                  std::generic_category().message(errno)});
}

ScriptDriver::ScriptDriver(int input, DriverControl control, StopSignal& stop)
    : input_(input), control_(std::move(control)), stop_(stop), lines_(kLongestLine) {
  thread_ = std::jthread([this](const std::stop_token& token) { run(token); });
}

ScriptDriver::~ScriptDriver() {
  thread_ = {};
  close(input_);
}

std::optional<Error> ScriptDriver::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

void ScriptDriver::run(const std::stop_token& token) {
  while (!token.stop_requested() && !stop_.token().stop_requested() && !failure()) {
    if (begun_ && goOn(*begun_)) begun_.reset();
    if (!begun_) beginNext();
    if (begun_) {
      std::this_thread::sleep_for(milliseconds(kTickMs));
    } else if (ended_) {
      break;
    } else {
      (void)control_.command({});
      read();
    }
  }
  control_.release();
  for (const Time end = monotonicNow() + kFarewell;
       control_.state().mine && monotonicNow() < end;) {
    std::this_thread::sleep_for(milliseconds(kTickMs));
  }
  stop_.request();
}

void ScriptDriver::read() {
  pollfd waited{.fd = input_, .events = POLLIN, .revents = 0};
  if (poll(&waited, 1, kTickMs) <= 0) return;
  std::array<char, kLongestLine> bytes{};
  const auto size = ::read(input_, bytes.data(), bytes.size());
  ended_ = size <= 0;
  // What ends without a line's end is a line, too.
  const std::string_view text =
      ended_ ? "\n" : std::string_view(bytes.data(), static_cast<std::size_t>(size));
  lines_.feed(text, monotonicNow());
}

void ScriptDriver::beginNext() {
  while (const auto line = lines_.next()) {
    ++number_;
    const auto step = parseScriptLine(line->text);
    if (!step) return fail(step.error().message);
    if (!*step) continue;
    begun_ = Begun{.step = **step, .since = monotonicNow()};
    return begin(**step);
  }
  if (lines_.dropTooLong()) fail("it is longer than 4,096 bytes");
}

void ScriptDriver::begin(const ScriptStep& step) {
  switch (step.kind) {
    case ScriptStep::Kind::kDrive:
      return;  // each command of it is given by drive()
    case ScriptStep::Kind::kTake:
      return control_.request();
    case ScriptStep::Kind::kRelease:
      return control_.release();
    case ScriptStep::Kind::kStop:
      return control_.emergencyStop("a script says so");
    case ScriptStep::Kind::kClear:
      return control_.clear();
  }
}

bool ScriptDriver::goOn(const Begun& begun) {
  const auto state = control_.state();
  switch (begun.step.kind) {
    case ScriptStep::Kind::kDrive:
      return drive(begun);
    case ScriptStep::Kind::kTake:
      return waitFor(state.mine, begun, "control wasn't given");
    case ScriptStep::Kind::kRelease:
      return waitFor(!state.mine, begun, "control wasn't taken back");
    case ScriptStep::Kind::kStop:
      return waitFor(state.emergency, begun, "nobody has stopped");
    case ScriptStep::Kind::kClear:
      return waitFor(!state.emergency, begun, "the emergency stop wasn't ended");
  }
  return true;
}

bool ScriptDriver::drive(const Begun& begun) {
  const auto left =
      std::chrono::ceil<milliseconds>(begun.since + begun.step.length - monotonicNow());
  if (left <= milliseconds(0)) return true;
  const auto state = control_.state();
  if (!state.mine) {
    fail("it drives without having control" + (state.refused.empty() ? "" : ": " + state.refused));
    return true;
  }
  const auto given = control_.command(begun.step.axes, {.hold = std::min(left, kHold), .saw = {}});
  if (!given) fail(given.error().message);
  return false;
}

bool ScriptDriver::waitFor(bool reached, const Begun& begun, const char* what) {
  if (reached) return true;
  const auto waited = monotonicNow() - begun.since;
  const auto state = control_.state();
  if (waited > kPatience || (waited > kAnswered && !state.refused.empty())) {
    fail(what + (state.refused.empty() ? std::string(" in 20 s") : ": " + state.refused));
  }
  return false;
}

void ScriptDriver::fail(const std::string& why) {
  const std::lock_guard lock(mutex_);
  failure_ = Error{ErrorCode::kInvalidArgument,
                   "line " + std::to_string(number_) + " of the script: " + why};
}

}  // namespace rtcpub::cli
