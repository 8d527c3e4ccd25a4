#include "car/report_lines.h"

#include <poll.h>
#include <unistd.h>

#include <string>

#include "rtcpub/log.h"

namespace rtcpub::car {

/// A pipe that isn't full takes a page, and lines are shorter (PIPE_BUF): none is cut.
bool writeNow(int fd, std::string_view text) {
  pollfd room{.fd = fd, .events = POLLOUT, .revents = 0};
  if (poll(&room, 1, 0) != 1 || (room.revents & POLLOUT) == 0) return false;
  return write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

void say(const Report& report) { (void)writeNow(STDOUT_FILENO, format(report) + "\n"); }

void complainRaw(std::string_view text) {
  (void)writeNow(STDERR_FILENO, "rtcpub: " + escaped(text) + "\n");
}

}  // namespace rtcpub::car
