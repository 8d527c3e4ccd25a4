#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/stun/stun_format.h"
#include "rtcpub/result.h"

/// STUN's Binding (RFC 8489): the question of a client for its address as the server sees it.
namespace rtcpub::stun {

/// An address, IPv6 without brackets, and a port.
struct Endpoint {
  std::string address;
  std::uint16_t port = 0;

  friend bool operator==(const Endpoint&, const Endpoint&) = default;
  friend auto operator<=>(const Endpoint&, const Endpoint&) = default;
};

/// A Binding request that is padded to `size` bytes of UDP payload, as far as it is longer than the
/// bare one and a multiple of 4, by an attribute that servers don't know and must ignore (section
/// 14.1).
std::vector<std::uint8_t> bindingRequest(const TransactionId& id, std::size_t size = 0);

struct BindingResponse {
  TransactionId id{};
  std::optional<Endpoint> mapped;  ///< absent: the server declined, but it is there

  friend bool operator==(const BindingResponse&, const BindingResponse&) = default;
};

/// Errors: kProtocol.
Result<BindingResponse> parseBindingResponse(std::span<const std::uint8_t> packet);

}  // namespace rtcpub::stun
