#include "sfu/transport/stun_message.h"

#include <netinet/in.h>
#include <rtc_base/byte_buffer.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace rtcpub::sfu {
namespace {

constexpr std::size_t kHeaderSize = 20;
constexpr std::uint32_t kMagicCookie = 0x2112A442;
constexpr std::uint16_t kBindingRequest = 0x0001;
constexpr std::uint16_t kBindingResponse = 0x0101;
constexpr std::uint16_t kUsername = 0x0006;
constexpr std::uint16_t kXorMappedAddress = 0x0020;
constexpr std::uint8_t kIpv4 = 1;
constexpr std::uint8_t kIpv6 = 2;
constexpr std::size_t kTransactionAt = 4;  // the cookie, and the id behind it

std::uint16_t read16(std::span<const std::uint8_t> bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

bool isStun(std::span<const std::uint8_t> datagram) {
  return datagram.size() >= kHeaderSize && datagram[0] < 0x40 &&
         read16(datagram, 2) + kHeaderSize == datagram.size() &&
         (std::uint32_t{read16(datagram, 4)} << 16 | read16(datagram, 6)) == kMagicCookie;
}

void write16(std::vector<std::uint8_t>& bytes, std::size_t value) {
  bytes.push_back(static_cast<std::uint8_t>(value >> 8U));
  bytes.push_back(static_cast<std::uint8_t>(value));
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

bool eachAttribute(
    std::span<const std::uint8_t> datagram,
    const std::function<bool(std::uint16_t type, std::span<const std::uint8_t> value)>& seen) {
  if (!isStun(datagram)) return false;
  std::size_t at = kHeaderSize;
  while (at + 4 <= datagram.size()) {
    const std::uint16_t type = read16(datagram, at);
    const std::size_t length = read16(datagram, at + 2);
    at += 4;
    if (length > datagram.size() - at) return false;
    if (!seen(type, datagram.subspan(at, length))) break;
    at += (length + 3) / 4 * 4;
  }
  return true;
}

std::optional<Endpoint> readXorAddress(std::span<const std::uint8_t> datagram,
                                       std::span<const std::uint8_t> value) {
  const std::size_t size = value.size() - std::min<std::size_t>(value.size(), 4);
  const bool v4 = size == 4 && value[1] == kIpv4;
  const bool v6 = size == 16 && value[1] == kIpv6;
  if (!v4 && !v6) return std::nullopt;
  std::array<std::uint8_t, 16> ip{};
  for (std::size_t i = 0; i < size; ++i) {
    ip[i] = static_cast<std::uint8_t>(value[4 + i] ^ datagram[kTransactionAt + i]);
  }
  const auto port = static_cast<std::uint16_t>(read16(value, 2) ^ (kMagicCookie >> 16U));
  return Endpoint{v4 ? mappedIpv4(ip.data()) : ip, port, 0};
}

bool isPlainBindingRequest(std::span<const std::uint8_t> datagram) {
  if (datagram.size() < kHeaderSize || read16(datagram, 0) != kBindingRequest) return false;
  bool plain = true;
  const bool whole = eachAttribute(datagram, [&](std::uint16_t type, auto /*value*/) {
    plain = type != kUsername;
    return plain;
  });
  return whole && plain;
}

std::vector<std::uint8_t> plainBindingReply(std::span<const std::uint8_t> request,
                                            const Endpoint& from) {
  const bool v4 = isIpv4(from.ip);
  const auto ip = v4 ? std::span(from.ip).subspan(12) : std::span(from.ip);
  std::vector<std::uint8_t> reply;
  reply.reserve(kHeaderSize + 8 + ip.size());
  write16(reply, kBindingResponse);
  write16(reply, 8 + ip.size());
  const auto transaction = request.subspan(kTransactionAt, 16);
  reply.insert(reply.end(), transaction.begin(), transaction.end());
  write16(reply, kXorMappedAddress);
  write16(reply, 4 + ip.size());
  write16(reply, v4 ? kIpv4 : kIpv6);
  write16(reply, from.port ^ (kMagicCookie >> 16U));
  for (std::size_t i = 0; i < ip.size(); ++i) {
    reply.push_back(static_cast<std::uint8_t>(ip[i] ^ transaction[i]));
  }
  return reply;
}

void StunServer::deliver(std::span<const std::uint8_t> datagram, const Path& path, Time now) {
  if (!isPlainBindingRequest(datagram)) return clients_.deliver(datagram, path, now);
  output_.send(path, plainBindingReply(datagram, path.remote));
}

}  // namespace rtcpub::sfu
