#include "sfu/transport/outlet.h"

namespace rtcpub::sfu {

std::uint32_t Outlet::add(DatagramOutput& stream) {
  // A path may name a stream for some time after its end: a number comes again after 2^32 of them.
  do {
    ++last_;
  } while (last_ == 0 || streams_.contains(last_));
  streams_[last_] = &stream;
  return last_;
}

void Outlet::send(const Path& path, std::span<const std::uint8_t> datagram) {
  if (path.stream == 0) {
    udp_->send(path, datagram);
  } else if (const auto found = streams_.find(path.stream); found != streams_.end()) {
    found->second->send(path, datagram);
  }
}

}  // namespace rtcpub::sfu
