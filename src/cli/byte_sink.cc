#include "cli/byte_sink.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <system_error>
#include <utility>

namespace rtcpub::cli {
namespace {

constexpr int kPollMs = 50;
constexpr mode_t kMode = 0666;

int openPath(const std::string& path) {
  return ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NONBLOCK | O_CLOEXEC, kMode);
}

bool isFifo(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISFIFO(status.st_mode);
}

bool isPlain(int fd) {
  struct stat status {};
  return ::fstat(fd, &status) == 0 && (S_ISREG(status.st_mode) || S_ISBLK(status.st_mode));
}

bool isPipe(int fd) {
  struct stat status {};
  return ::fstat(fd, &status) == 0 && S_ISFIFO(status.st_mode);
}

/// Standard output, in an opening of our own if it is a pipe: whether writes to it block is nobody
/// else's matter.
int openStdout() {
  if (isPipe(STDOUT_FILENO)) {
    const int own = ::open("/proc/self/fd/1", O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    if (own >= 0) return own;
  }
  return ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
}

}  // namespace

Result<ByteSink> ByteSink::open(const std::string& path) {
  const bool standard = path == "-";
  const int fd = standard ? openStdout() : openPath(path);
  ByteSink sink(fd, standard ? "standard output" : path);
  const int error = errno;
  if (fd < 0 && (error != ENXIO || !isFifo(path))) return tl::unexpected(sink.failure(error));
  sink.learn();
  return sink;
}

ByteSink::ByteSink(ByteSink&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      name_(std::move(other.name_)),
      plain_(other.plain_),
      waits_(other.waits_) {}

ByteSink::~ByteSink() {
  if (fd_ >= 0) ::close(fd_);
}

Result<void> ByteSink::waitForReader(const std::stop_token& stop) {
  while (fd_ < 0 && !stop.stop_requested()) {
    fd_ = openPath(name_);
    if (fd_ >= 0) break;
    if (errno != ENXIO) return tl::unexpected(failure(errno));
    (void)::poll(nullptr, 0, kPollMs);
  }
  learn();
  return {};
}

Result<void> ByteSink::write(std::string_view bytes, const std::stop_token& stop) {
  // A file takes all at once, and is whole in the end.
  while (!bytes.empty() && fd_ >= 0 && (plain_ || !stop.stop_requested())) {
    if (!plain_) {
      pollfd waited{.fd = fd_, .events = POLLOUT, .revents = 0};
      if (::poll(&waited, 1, kPollMs) <= 0) continue;
    }
    // A pipe that can be written to takes so much at once (pipe(7)).
    const std::size_t most = waits_ ? PIPE_BUF : bytes.size();
    const auto written = ::write(fd_, bytes.data(), std::min(most, bytes.size()));
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EAGAIN && errno != EINTR) {
      return tl::unexpected(failure(errno));
    }
  }
  return {};
}

void ByteSink::learn() {
  if (fd_ < 0) return;
  plain_ = isPlain(fd_);
  waits_ = !plain_ && (::fcntl(fd_, F_GETFL) & O_NONBLOCK) == 0;
}

Error ByteSink::failure(int error) const {
  if (error == EPIPE) return {ErrorCode::kIo, "whoever read the video from " + name_ + " is gone"};
  return {ErrorCode::kIo, "cannot write " + name_ + ": " + std::generic_category().message(error)};
}

}  // namespace rtcpub::cli
