#include "car/program_motors.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <thread>

#include "car/process.h"
#include "core/car/line.h"

namespace rtcpub::car {
namespace {

using std::chrono::milliseconds;

/// The least that a pipe can hold: some 50 lines, which a program that starts may leave for a
/// second.
constexpr int kPipeBytes = 4096;

/// What a shell has for a program that isn't there, or can't be run.
constexpr int kNotFound = 127;
constexpr int kNotRunnable = 126;

std::string lineOf(const Position& position, Time now) {
  const auto left = position.until.value_or(now) - now;
  const auto hold = std::max(std::chrono::floor<milliseconds>(left), milliseconds(0));
  return commandLine(position.steering, position.throttle, position.neutral, position.reason,
                     hold) +
         "\n";
}

/// Whole, or not at all: it is shorter than PIPE_BUF.
bool put(const ProgramPipe& pipe, const std::string& line) {
  return ::write(pipe.write.get(), line.data(), line.size()) == static_cast<ssize_t>(line.size());
}

/// How many bytes the program hasn't read yet.
std::size_t unreadIn(const ProgramPipe& pipe) {
  int unread = 0;
  return ioctl(pipe.read.get(), FIONREAD, &unread) == 0 ? static_cast<std::size_t>(unread) : 0;
}

/// What one that has ended left unread is over. There is a page at most, and one read takes it.
void drain(const ProgramPipe& pipe) {
  std::array<char, kPipeBytes> bytes{};
  if (unreadIn(pipe) > 0) (void)!read(pipe.read.get(), bytes.data(), bytes.size());
}

/// In the child. Its output isn't ours: that is read by who started us.
[[noreturn]] void run(const std::string& command, int input) {
  sigset_t none;
  sigemptyset(&none);
  pthread_sigmask(SIG_SETMASK, &none, nullptr);
  for (const int number : {SIGPIPE, SIGTSTP}) std::signal(number, SIG_DFL);
  setpgid(0, 0);  // what a terminal says to us isn't meant for it: neutral comes first
  fcntl(input, F_SETFL, 0);
  dup2(input, STDIN_FILENO);
  dup2(STDERR_FILENO, STDOUT_FILENO);
  execl("/bin/sh", "sh", "-c", command.c_str(), static_cast<char*>(nullptr));
  _exit(kNotFound);
}

std::string endOf(int status) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == kNotFound) {
    return "was not found (exit code 127)";
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == kNotRunnable) {
    return "could not be run (exit code 126; is it executable?)";
  }
  if (WIFSIGNALED(status)) return "was killed by signal " + std::to_string(WTERMSIG(status));
  return "has ended with exit code " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

ProgramPipe::ProgramPipe() {
  std::array<int, 2> ends{-1, -1};
  if (pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) return;
  read = Descriptor(ends[0]);
  write = Descriptor(ends[1]);
  fcntl(write.get(), F_SETPIPE_SZ, kPipeBytes);
}

ProgramMotors::~ProgramMotors() {
  pipe_.reset();  // the guard is gone by now, so that it sees the end
  end();
}

void ProgramMotors::end() {
  if (program_ <= 0) return;
  constexpr int kTries = 100;
  for (int tries = 0; tries < kTries; ++tries) {
    if (waitpid(program_, nullptr, WNOHANG) != 0) {
      program_ = -1;
      return;
    }
    std::this_thread::sleep_for(milliseconds(10));
  }
  ::kill(-program_, SIGKILL);
  waitpid(program_, nullptr, 0);
  program_ = -1;
}

Result<void> ProgramMotors::start() {
  drain(*pipe_);
  const std::string command = "exec " + command_;
  const pid_t child = fork();
  if (child < 0) return fail(ErrorCode::kIo, command_ + " can't be started: " + errorText(errno));
  if (child == 0) run(command, pipe_->read.get());
  setpgid(child, child);
  program_ = child;
  return {};
}

Result<void> ProgramMotors::prepare() {
  if (!pipe_->write) return fail(ErrorCode::kIo, "there is no pipe to be had");
  if (program_ <= 0) {
    const Time now = monotonicNow();
    if (!watch_.mayStart(now)) return fail(ErrorCode::kIo, why_);
    if (auto started = start(); !started) return started;
    watch_.onStart(now);
    finding_ = ProgramWatch::Finding::kBegins;
  }
  return tell({.reason = "starting"});
}

Result<void> ProgramMotors::write(const Position& position) {
  if (auto there = check(); !there) return there;
  return tell(position);
}

Result<void> ProgramMotors::tell(const Position& position) {
  const Time now = monotonicNow();
  const auto line = lineOf(position, now);
  if (!put(*pipe_, line)) return giveUp("does not read its input");
  watch_.onTold(line.size(), now);
  return {};
}

Result<void> ProgramMotors::check() {
  if (program_ <= 0) return fail(ErrorCode::kIo, why_);
  int status = 0;
  if (waitpid(program_, &status, WNOHANG) != 0) return gone(endOf(status));
  finding_ = watch_.look(unreadIn(*pipe_), monotonicNow());
  if (finding_ != ProgramWatch::Finding::kStuck) return {};
  return giveUp("has not read its input for 500 ms");
}

/// What it may find behind all that it hasn't read is over.
Result<void> ProgramMotors::giveUp(const std::string& why) {
  ::kill(-program_, SIGKILL);
  waitpid(program_, nullptr, 0);
  return gone(why + ", and was killed");
}

Result<void> ProgramMotors::gone(const std::string& how) {
  program_ = -1;
  watch_.onEnd(monotonicNow());
  why_ = command_ + " " + how + "; it is started again";
  return fail(ErrorCode::kIo, why_);
}

std::optional<std::string> ProgramMotors::awaited() const {
  if (finding_ != ProgramWatch::Finding::kBegins) return std::nullopt;
  return command_ + " has not read its first line yet";
}

Result<void> ProgramInput::write(const Position& position) {
  if (put(*pipe_, lineOf(position, monotonicNow()))) return {};
  return fail(ErrorCode::kIo, "the program that drives the motors does not read its input");
}

}  // namespace rtcpub::car
