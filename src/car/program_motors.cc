#include "car/program_motors.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

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

Result<void> tell(const ProgramPipe& pipe, const Position& position) {
  const std::string line =
      commandLine(position.steering, position.throttle, position.neutral, position.reason) + "\n";
  // Whole, or not at all: it is shorter than PIPE_BUF.
  if (::write(pipe.write.get(), line.data(), line.size()) == static_cast<ssize_t>(line.size())) {
    return {};
  }
  return fail(ErrorCode::kIo, "the program that drives the motors does not read its input");
}

/// What one that has ended left unread is over. There is a page at most, and one read takes it.
void drain(const ProgramPipe& pipe) {
  int unread = 0;
  std::array<char, kPipeBytes> bytes{};
  if (ioctl(pipe.read.get(), FIONREAD, &unread) != 0 || unread == 0) return;
  (void)!read(pipe.read.get(), bytes.data(), bytes.size());
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
  _exit(127);
}

std::string endOf(int status) {
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
  // One that reads nothing has to go: it would find neutral behind all that it hasn't read.
  if (program_ > 0 && !tell(*pipe_, {.reason = "starting"})) {
    ::kill(-program_, SIGKILL);
    waitpid(program_, nullptr, 0);
    program_ = -1;
  }
  if (program_ <= 0) {
    if (auto started = start(); !started) return started;
  }
  return tell(*pipe_, {.reason = "starting"});
}

Result<void> ProgramMotors::write(const Position& position) {
  if (auto there = check(); !there) return there;
  return tell(*pipe_, position);
}

Result<void> ProgramMotors::check() {
  if (program_ <= 0) return fail(ErrorCode::kIo, command_ + " does not run");
  int status = 0;
  if (waitpid(program_, &status, WNOHANG) == 0) return {};
  program_ = -1;
  return fail(ErrorCode::kIo, command_ + " " + endOf(status) + ": it is started again");
}

Result<void> ProgramInput::write(const Position& position) { return tell(*pipe_, position); }

}  // namespace rtcpub::car
