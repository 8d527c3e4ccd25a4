#include "tun_device.h"

#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <sched.h>
#include <sys/ioctl.h>

#include <array>
#include <system_error>

namespace netlab {
namespace {

tl::unexpected<std::string> failure(const std::string& what) {
  return tl::unexpected(what + ": " + std::generic_category().message(errno));
}

/// Opens the device in the namespace that this thread is in.
tl::expected<FileDescriptor, std::string> openHere(const std::string& name) {
  FileDescriptor device(::open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC));
  if (!device) return failure("cannot open /dev/net/tun");
  ifreq request{};
  if (name.size() >= sizeof(request.ifr_name))
    return tl::unexpected("'" + name + "' is too long for a device");
  name.copy(request.ifr_name, sizeof(request.ifr_name) - 1);
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  if (ioctl(device.get(), TUNSETIFF, &request) != 0)
    return failure("cannot make the TUN device " + name);
  return device;
}

}  // namespace

tl::expected<TunDevice, std::string> TunDevice::open(const std::string& networkNamespace,
                                                     const std::string& name) {
  const FileDescriptor own(::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC));
  const FileDescriptor other(::open(networkNamespace.c_str(), O_RDONLY | O_CLOEXEC));
  if (!own || !other) return failure("cannot open the network namespace " + networkNamespace);
  if (setns(other.get(), CLONE_NEWNET) != 0)
    return failure("cannot enter the network namespace " + networkNamespace);
  auto device = openHere(name);
  if (setns(own.get(), CLONE_NEWNET) != 0)
    return failure("cannot return to the own network namespace");
  if (!device) return tl::unexpected(device.error());
  return TunDevice(std::move(*device));
}

std::optional<Packet> TunDevice::read() const {
  std::array<std::uint8_t, 65'536> buffer;  // the longest IP packet
  const auto size = ::read(descriptor(), buffer.data(), buffer.size());
  if (size <= 0) return std::nullopt;
  return Packet(buffer.begin(), buffer.begin() + size);
}

void TunDevice::write(const Packet& packet) const {
  [[maybe_unused]] const auto written = ::write(descriptor(), packet.data(), packet.size());
}

}  // namespace netlab
