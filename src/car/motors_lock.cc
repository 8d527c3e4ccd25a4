#include "car/motors_lock.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <functional>

#include "car/process.h"

namespace rtcpub::car {

/// A name in Linux's abstract namespace of sockets: it has no file that could be left behind.
Result<Descriptor> lockMotors(const std::string& what) {
  const std::string name = "rtcpub-car-" + std::to_string(std::hash<std::string>{}(what));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::ranges::copy(name, address.sun_path + 1);
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  Descriptor lock(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (bind(lock.get(), reinterpret_cast<const sockaddr*>(&address), length) == 0) return lock;
  if (errno == EADDRINUSE) {
    return fail(ErrorCode::kIo, "another program drives " + what + ": end it first");
  }
  return fail(ErrorCode::kIo, "no lock can be had for " + what + ": " + errorText(errno));
}

}  // namespace rtcpub::car
