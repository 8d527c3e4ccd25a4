#include "car/service_notice.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>

#include "car/descriptor.h"
#include "core/text/text.h"

namespace rtcpub::car {
namespace {

std::string variable(const char* name) {
  const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody sets any
  return value == nullptr ? "" : value;
}

constexpr int kMostUs = 2'000'000'000;

}  // namespace

ServiceNotice::ServiceNotice() : socket_(variable("NOTIFY_SOCKET")) {
  const auto whose = variable("WATCHDOG_PID");
  if (!whose.empty() && whose != std::to_string(getpid())) return;
  if (const auto period = text::parseInteger(variable("WATCHDOG_USEC"), 1, kMostUs)) {
    interval_ = std::chrono::microseconds(*period / 4);
  }
}

void ServiceNotice::tell(std::string_view what) const {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket_.empty() || socket_.size() >= sizeof address.sun_path) return;
  std::ranges::copy(socket_, address.sun_path);
  if (socket_.front() == '@') address.sun_path[0] = 0;  // one without a file
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  const Descriptor datagrams(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sendto(datagrams.get(), what.data(), what.size(), MSG_NOSIGNAL,
         reinterpret_cast<const sockaddr*>(&address), length);
}

void ServiceNotice::alive(Time now) {
  if (!interval_ || now < next_) return;
  next_ = now + *interval_;
  tell("WATCHDOG=1");
}

}  // namespace rtcpub::car
