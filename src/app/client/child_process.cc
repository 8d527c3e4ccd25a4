#include "app/client/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <thread>
#include <utility>

namespace rtcpub {
namespace {

using std::chrono::milliseconds;

/// What waits to be read is old: the less of it, the better. A page is the least.
constexpr int kInputBytes = 4096;

/// This process's environment, but for what systemd says of this process: a child would tell it
/// that it is somebody else's work.
std::vector<char*> environmentOfChild() {
  std::vector<char*> variables;
  for (char** at = environ; *at != nullptr; ++at) {
    const std::string_view variable(*at);
    if (variable.starts_with("NOTIFY_SOCKET=") || variable.starts_with("WATCHDOG_")) continue;
    variables.push_back(*at);
  }
  variables.push_back(nullptr);
  return variables;
}

/// Signals as for a program that a shell starts, but in a process group of its own: what a terminal
/// says to ours, it is told by the end of its input.
struct SpawnSettings {
  SpawnSettings(int input, int output) {
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setpgroup(&attributes, 0);
    sigset_t signals;
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes, &signals);
    sigaddset(&signals, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &signals);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
  }
  posix_spawn_file_actions_t files{};
  posix_spawnattr_t attributes{};
};

/// 0, or an error number.
int spawn(const std::vector<std::string>& command, int input, int output, pid_t& process) {
  std::vector<char*> words;
  words.reserve(command.size() + 1);
  for (const auto& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  auto environment = environmentOfChild();
  const SpawnSettings settings(input, output);
  return posix_spawnp(&process, words.front(), &settings.files, &settings.attributes, words.data(),
                      environment.data());
}

}  // namespace

Result<ChildProcess> ChildProcess::start(const std::vector<std::string>& command) {
  std::array<int, 2> input{-1, -1};
  std::array<int, 2> output{-1, -1};
  if (pipe2(input.data(), O_CLOEXEC) != 0) return fail(ErrorCode::kIo, "no pipe is to be had");
  if (pipe2(output.data(), O_CLOEXEC) != 0) {
    close(input[0]);
    close(input[1]);
    return fail(ErrorCode::kIo, "no pipe is to be had");
  }
  fcntl(input[1], F_SETFL, O_NONBLOCK);
  fcntl(input[1], F_SETPIPE_SZ, kInputBytes);
  fcntl(output[0], F_SETFL, O_NONBLOCK);
  pid_t process = -1;
  const int error = spawn(command, input[0], output[1], process);
  close(input[0]);
  close(output[1]);
  ChildProcess child(error == 0 ? process : -1, input[1], output[0]);
  if (error == 0) return child;
  return fail(error == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIo,
              command.front() + " can't be started: " + strerrordesc_np(error));
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : process_(std::exchange(other.process_, -1)),
      input_(std::exchange(other.input_, -1)),
      output_(std::exchange(other.output_, -1)) {}

ChildProcess::~ChildProcess() {
  closeInput();
  (void)end(milliseconds(0));
  if (output_ >= 0) close(output_);
}

ChildProcess::Written ChildProcess::write(std::string_view line) const {
  if (::write(input_, line.data(), line.size()) == static_cast<ssize_t>(line.size())) {
    return Written::kYes;
  }
  return errno == EAGAIN ? Written::kNoRoom : Written::kEnded;
}

bool ChildProcess::read(std::string& text, milliseconds wait) const {
  pollfd readable{.fd = output_, .events = POLLIN, .revents = 0};
  if (poll(&readable, 1, static_cast<int>(wait.count())) <= 0) return true;
  std::array<char, 4096> bytes{};
  const auto size = ::read(output_, bytes.data(), bytes.size());
  if (size > 0) text.append(bytes.data(), static_cast<std::size_t>(size));
  return size > 0 || (size < 0 && (errno == EAGAIN || errno == EINTR));
}

void ChildProcess::closeInput() {
  if (input_ >= 0) close(std::exchange(input_, -1));
}

std::string ChildProcess::end(milliseconds patience) {
  constexpr milliseconds kStep{10};
  if (process_ <= 0) return "is not there";
  int status = 0;
  auto left = patience;
  while (waitpid(process_, &status, WNOHANG) == 0) {
    if (left <= milliseconds(0)) {
      kill(process_, SIGKILL);
      waitpid(process_, &status, 0);
      break;
    }
    std::this_thread::sleep_for(kStep);
    left -= kStep;
  }
  process_ = -1;
  if (WIFSIGNALED(status)) return "was killed by signal " + std::to_string(WTERMSIG(status));
  return "has ended with exit code " + std::to_string(WEXITSTATUS(status));
}

}  // namespace rtcpub
