#include "car/input.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "car/process.h"
#include "log/log.h"

namespace rtcpub::car {
namespace {

Descriptor makeSocket() {
  return Descriptor(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

const sockaddr* generic(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

/// One that a program left behind that is gone is taken away; nothing else.
Result<void> clear(const std::string& path, const sockaddr_un& address) {
  struct stat there {};
  if (lstat(path.c_str(), &there) != 0) return {};
  if (!S_ISSOCK(there.st_mode)) {
    return fail(ErrorCode::kIo, path + " is there, and is no socket: name another path");
  }
  const Descriptor probe = makeSocket();
  if (connect(probe.get(), generic(address), sizeof address) == 0 || errno == EAGAIN) {
    return fail(ErrorCode::kIo, "another program listens at " + path + ": end it first");
  }
  unlink(path.c_str());
  return {};
}

}  // namespace

Result<Input> Input::listen(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path) {
    return fail(ErrorCode::kInvalidArgument, "a socket's path has 1 to 107 bytes: " +
                                                 std::to_string(path.size()) + " are not possible");
  }
  std::ranges::copy(path, address.sun_path);
  if (auto cleared = clear(path, address); !cleared) return tl::unexpected(cleared.error());
  Descriptor listener = makeSocket();
  // The socket's own mode, before it has a name, is that of the file: nobody comes in between.
  if (fchmod(listener.get(), S_IRUSR | S_IWUSR) != 0 ||
      bind(listener.get(), generic(address), sizeof address) != 0 ||
      ::listen(listener.get(), 1) != 0) {
    return fail(ErrorCode::kIo, "the socket " + path + " can't be made: " + errorText(errno));
  }
  Input input;
  input.path_ = path;
  input.listener_ = std::move(listener);
  return input;
}

Input::~Input() {
  if (listener_) unlink(path_.c_str());
}

std::vector<int> Input::descriptors() const {
  if (!listener_) return {STDIN_FILENO};
  if (!connection_) return {listener_.get()};
  return {connection_.get(), listener_.get()};
}

Input::Event Input::take(int descriptor) {
  return listener_ && descriptor == listener_.get() ? accept() : read(descriptor);
}

/// Two that give commands are one too many: the one that is there stays.
Input::Event Input::accept() {
  Descriptor newcomer(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!newcomer) return Event::kNothing;
  if (connection_) {
    log().warn("{} was turned away: another program gives the commands", path_);
    return Event::kNothing;
  }
  connection_ = std::move(newcomer);
  lines_.clear();
  return Event::kNothing;
}

Input::Event Input::read(int descriptor) {
  std::array<char, 4 * kMaxLineBytes> bytes{};
  const auto size = ::read(descriptor, bytes.data(), bytes.size());
  if (size > 0) {
    lines_.feed({bytes.data(), static_cast<std::size_t>(size)});
    return Event::kLines;
  }
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return Event::kNothing;
  if (!listener_) return Event::kOver;
  connection_ = Descriptor();
  return Event::kEnded;
}

}  // namespace rtcpub::car
