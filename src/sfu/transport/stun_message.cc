#include "sfu/transport/stun_message.h"

#include <netinet/in.h>
#include <rtc_base/byte_buffer.h>

#include <algorithm>
#include <cstring>

namespace rtcpub::sfu {
namespace {

stun::TransportAddress toTransportAddress(const Endpoint& endpoint) {
  stun::TransportAddress address{.ipv6 = !isIpv4(endpoint.ip), .port = endpoint.port};
  std::ranges::copy(std::span(endpoint.ip).subspan(address.ipv6 ? 0 : 12), address.ip.begin());
  return address;
}

}  // namespace

rtc::SocketAddress toSocketAddress(const Endpoint& endpoint) {
  if (isIpv4(endpoint.ip)) {
    in_addr address{};
    std::memcpy(&address, endpoint.ip.data() + 12, sizeof address);
    return {rtc::IPAddress(address), endpoint.port};
  }
  in6_addr address{};
  std::memcpy(&address, endpoint.ip.data(), sizeof address);
  return {rtc::IPAddress(address), endpoint.port};
}

std::vector<std::uint8_t> serialize(const cricket::StunMessage& message) {
  rtc::ByteBufferWriter writer;
  message.Write(&writer);
  return {writer.Data(), writer.Data() + writer.Length()};
}

Endpoint toEndpoint(const stun::TransportAddress& address) {
  return {address.ipv6 ? address.ip : mappedIpv4(address.ip.data()), address.port, 0};
}

std::optional<std::vector<std::uint8_t>> plainBindingReply(std::span<const std::uint8_t> datagram,
                                                           const Endpoint& from) {
  const auto request = stun::Message::read(datagram);
  if (!request || request->type() != stun::kBindingRequest || request->find(stun::kUsername)) {
    return std::nullopt;
  }
  stun::Writer reply(stun::kBindingSuccess, request->id());
  reply.addXorAddress(stun::kXorMappedAddress, toTransportAddress(from));
  return reply.take();
}

void StunServer::deliver(std::span<const std::uint8_t> datagram, const Path& path, Time now) {
  const auto reply = plainBindingReply(datagram, path.remote);
  if (!reply) return clients_.deliver(datagram, path, now);
  output_.send(path, *reply);
}

}  // namespace rtcpub::sfu
