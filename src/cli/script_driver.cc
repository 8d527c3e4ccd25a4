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
  while (!token.stop_requested() && !stop_.token().stop_requested()) {
    go();
    if (failure() || (ended_ && course_.done())) break;
    if (course_.takesStep() && !ended_) {
      (void)read(kTickMs);
    } else {
      std::this_thread::sleep_for(milliseconds(kTickMs));
    }
  }
  control_.release();
  for (const Time end = monotonicNow() + kFarewell;
       control_.state().mine && monotonicNow() < end;) {
    std::this_thread::sleep_for(milliseconds(kTickMs));
  }
  stop_.request();
}

void ScriptDriver::go() {
  const auto state = control_.state();
  auto orders = course_.onTime(state, monotonicNow());
  // What a line wanted holds until the next one's, without neutral in between.
  while (course_.takesStep()) {
    const bool begun = beginNext();
    if (failure()) return;
    orders = course_.onTime(state, monotonicNow());
    if (!begun) break;
  }
  if (course_.failure()) {
    const std::lock_guard lock(mutex_);
    failure_ = Error{ErrorCode::kInvalidArgument, *course_.failure()};
  } else {
    follow(orders);
  }
}

void ScriptDriver::follow(const ScriptCourse::Orders& orders) {
  if (orders.say == ScriptStep::Kind::kTake) control_.request();
  if (orders.say == ScriptStep::Kind::kRelease) control_.release();
  if (orders.say == ScriptStep::Kind::kStop) control_.emergencyStop("a script says so");
  if (orders.say == ScriptStep::Kind::kClear) control_.clear();
  const auto given = control_.command(orders.axes, {.hold = kHold, .saw = {}});
  if (!given) fail(given.error().message);
}

bool ScriptDriver::read(int waitMs) {
  pollfd waited{.fd = input_, .events = POLLIN, .revents = 0};
  if (poll(&waited, 1, waitMs) <= 0) return false;
  std::array<char, kLongestLine> bytes{};
  const auto size = ::read(input_, bytes.data(), bytes.size());
  ended_ = size <= 0;
  // What ends without a line's end is a line, too.
  const std::string_view text =
      ended_ ? "\n" : std::string_view(bytes.data(), static_cast<std::size_t>(size));
  lines_.feed(text, monotonicNow());
  return true;
}

bool ScriptDriver::beginNext() {
  do {
    while (const auto line = lines_.next()) {
      if (begin(line->text)) return true;
      if (failure()) return false;
    }
    if (lines_.dropTooLong()) fail("it is longer than 4,096 bytes");
  } while (!ended_ && read(0));
  return false;
}

bool ScriptDriver::begin(std::string_view line) {
  ++number_;
  const auto step = parseScriptLine(line);
  if (!step) {
    fail(step.error().message);
  } else if (*step) {
    course_.begin(**step, number_);
    return true;
  }
  return false;
}

void ScriptDriver::fail(const std::string& why) {
  const std::lock_guard lock(mutex_);
  failure_ = Error{ErrorCode::kInvalidArgument,
                   "line " + std::to_string(number_) + " of the script: " + why};
}

}  // namespace rtcpub::cli
