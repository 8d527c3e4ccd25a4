#include "core/stun/stun_binding.h"

#include <arpa/inet.h>

#include <array>

namespace rtcpub::stun {
namespace {

/// Nobody's, and of those that need not be understood (0x8000 and above).
constexpr std::uint16_t kPadding = 0xFFFE;

Endpoint endpointOf(const TransportAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(address.ipv6 ? AF_INET6 : AF_INET, address.ip.data(), text.data(), text.size());
  return {text.data(), address.port};
}

/// XOR-MAPPED-ADDRESS, or the MAPPED-ADDRESS of servers older than RFC 5389.
std::optional<TransportAddress> findAddress(const Message& response) {
  if (const auto value = response.find(kXorMappedAddress)) {
    if (const auto address = readXorAddress(*value, response.id())) return address;
  }
  const auto plain = response.find(kMappedAddress);
  return plain ? readAddress(*plain) : std::nullopt;
}

}  // namespace

std::vector<std::uint8_t> bindingRequest(const TransactionId& id, std::size_t size) {
  Writer request(kBindingRequest, id);
  constexpr std::size_t kBare = kHeaderSize + kAttributeHeaderSize;
  if (size > kBare) request.add(kPadding, std::vector<std::uint8_t>((size - kBare) / 4 * 4));
  return request.take();
}

Result<BindingResponse> parseBindingResponse(Bytes packet) {
  const auto message = Message::read(packet);
  if (!message) return fail(ErrorCode::kProtocol, "no STUN message, or a broken one");
  if (message->type() != kBindingSuccess && message->type() != kBindingError) {
    return fail(ErrorCode::kProtocol, "STUN: no answer to a Binding request");
  }
  BindingResponse response{.id = message->id()};
  if (message->type() == kBindingSuccess) {
    if (const auto address = findAddress(*message)) response.mapped = endpointOf(*address);
  }
  return response;
}

}  // namespace rtcpub::stun
