#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>

#include "sfu/transport/demultiplexer.h"

namespace rtcpub::sfu {

/// Sends each datagram the way that its path names: by the media port, or by the stream of that
/// number. Runs on: the network thread.
class Outlet final : public DatagramOutput {
 public:
  /// Before anything is sent. It outlives this.
  void setUdp(DatagramOutput& udp) { udp_ = &udp; }

  /// Its number, which none had before. It must be removed before it ends.
  std::uint32_t add(DatagramOutput& stream);
  void remove(std::uint32_t number) { streams_.erase(number); }

  void send(const Path& path, std::span<const std::uint8_t> datagram) override;

 private:
  DatagramOutput* udp_ = nullptr;
  std::unordered_map<std::uint32_t, DatagramOutput*> streams_;
  std::uint32_t last_ = 0;
};

}  // namespace rtcpub::sfu
