#pragma once

#include <api/transport/stun.h>
#include <rtc_base/socket_address.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "sfu/transport/demultiplexer.h"
#include "sfu/transport/path.h"

/// STUN's format (RFC 8489), as far as the agent and the TURN server share it.
namespace rtcpub::sfu {

[[nodiscard]] rtc::SocketAddress toSocketAddress(const Endpoint& endpoint);

[[nodiscard]] std::vector<std::uint8_t> serialize(const cricket::StunMessage& message);

/// Calls `seen` with each attribute's type and value, in their order, until it returns false. False
/// if the bytes are no STUN message.
bool eachAttribute(
    std::span<const std::uint8_t> datagram,
    const std::function<bool(std::uint16_t type, std::span<const std::uint8_t> value)>& seen);

/// The value of XOR-MAPPED-ADDRESS and its like in this message (section 14.2).
[[nodiscard]] std::optional<Endpoint> readXorAddress(std::span<const std::uint8_t> datagram,
                                                     std::span<const std::uint8_t> value);

/// A binding request of somebody who only wants to know his address: it names no user.
[[nodiscard]] bool isPlainBindingRequest(std::span<const std::uint8_t> datagram);

/// Its answer: hardly larger than the request, so that it is of no use against others.
[[nodiscard]] std::vector<std::uint8_t> plainBindingReply(std::span<const std::uint8_t> request,
                                                          const Endpoint& from);

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
