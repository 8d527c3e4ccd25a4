#pragma once

#include <api/transport/stun.h>
#include <rtc_base/socket_address.h>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/stun/stun_format.h"
#include "sfu/transport/demultiplexer.h"
#include "sfu/transport/path.h"

/// STUN messages (RFC 8489), as far as the agent and the TURN server share them.
namespace rtcpub::sfu {

[[nodiscard]] rtc::SocketAddress toSocketAddress(const Endpoint& endpoint);

[[nodiscard]] std::vector<std::uint8_t> serialize(const cricket::StunMessage& message);

[[nodiscard]] Endpoint toEndpoint(const stun::TransportAddress& address);

/// The answer to a binding request of somebody who only wants to know his address, and so names no
/// user; nothing for all else. It is hardly larger than the request, so that it is of no use
/// against others.
[[nodiscard]] std::optional<std::vector<std::uint8_t>> plainBindingReply(
    std::span<const std::uint8_t> datagram, const Endpoint& from);

/// A STUN server for anybody, before the clients' demultiplexer. Runs on: the network thread.
class StunServer final : public DatagramInput {
 public:
  /// Both outlive this.
  StunServer(DatagramInput& clients, DatagramOutput& output) : clients_(clients), output_(output) {}
  void deliver(std::span<const std::uint8_t> datagram, const Path& path, Time now) override;

 private:
  DatagramInput& clients_;
  DatagramOutput& output_;
};

}  // namespace rtcpub::sfu
