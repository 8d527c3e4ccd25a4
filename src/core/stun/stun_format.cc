#include "core/stun/stun_format.h"

#include <algorithm>
#include <functional>

namespace rtcpub::stun {
namespace {

constexpr std::size_t kLengthAt = 2;
constexpr std::size_t kIdAt = 8;
constexpr std::uint8_t kIpv4 = 1;
constexpr std::uint8_t kIpv6 = 2;
constexpr std::size_t kIpAt = 4;  // in an address's value
/// What an address is XORed with: the cookie and the id.
using Mask = std::array<std::uint8_t, 16>;

std::uint16_t read16(Bytes bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] << 8U | bytes[at + 1]);
}

void append16(std::vector<std::uint8_t>& bytes, std::size_t value) {
  bytes.push_back(static_cast<std::uint8_t>(value >> 8U));
  bytes.push_back(static_cast<std::uint8_t>(value));
}

std::size_t padded(std::size_t size) { return (size + 3) / 4 * 4; }

bool hasHeader(Bytes bytes) {
  return bytes.size() >= kHeaderSize && bytes[0] < 0x40 &&
         read16(bytes, kLengthAt) == bytes.size() - kHeaderSize && bytes.size() % 4 == 0 &&
         std::ranges::equal(bytes.subspan(kCookieAt, kMagicCookie.size()), kMagicCookie);
}

TransactionId idOf(Bytes message) {
  TransactionId id{};
  std::ranges::copy(message.subspan(kIdAt, id.size()), id.begin());
  return id;
}

Mask maskOf(const TransactionId& id) {
  Mask mask{};
  std::ranges::copy(id, std::ranges::copy(kMagicCookie, mask.begin()).out);
  return mask;
}

struct Attribute {
  std::uint16_t type = 0;
  Bytes value;
};

/// Takes the one at the front off; nothing, and they stay, if there is no whole one. Their size is
/// a multiple of 4, so that the padding is there if the value is.
std::optional<Attribute> takeAttribute(Bytes& attributes) {
  if (attributes.size() < kAttributeHeaderSize) return std::nullopt;
  const std::size_t length = read16(attributes, 2);
  const Bytes rest = attributes.subspan(kAttributeHeaderSize);
  if (length > rest.size()) return std::nullopt;
  const Attribute taken{read16(attributes, 0), rest.first(length)};
  attributes = rest.subspan(padded(length));
  return taken;
}

std::optional<TransportAddress> readMasked(Bytes value, const Mask& mask) {
  const std::size_t size = value.size() - std::min(value.size(), kIpAt);
  const bool ipv4 = size == 4 && value[1] == kIpv4;
  const bool ipv6 = size == 16 && value[1] == kIpv6;
  if (!ipv4 && !ipv6) return std::nullopt;
  TransportAddress address{.ipv6 = ipv6};
  std::ranges::transform(value.subspan(kIpAt), mask, address.ip.begin(), std::bit_xor<>());
  address.port = static_cast<std::uint16_t>(read16(value, 2) ^ read16(mask, 0));
  return address;
}

}  // namespace

std::optional<Message> Message::read(Bytes datagram) {
  if (!hasHeader(datagram)) return std::nullopt;
  Bytes rest = datagram.subspan(kHeaderSize);
  while (takeAttribute(rest)) continue;
  if (!rest.empty()) return std::nullopt;
  return Message(datagram);
}

std::uint16_t Message::type() const { return read16(bytes_, 0); }

TransactionId Message::id() const { return idOf(bytes_); }

std::optional<Bytes> Message::find(std::uint16_t type) const {
  Bytes rest = bytes_.subspan(kHeaderSize);
  while (const auto attribute = takeAttribute(rest)) {
    if (attribute->type == type) return attribute->value;
  }
  return std::nullopt;
}

std::vector<Bytes> Message::findAll(std::uint16_t type) const {
  std::vector<Bytes> found;
  Bytes rest = bytes_.subspan(kHeaderSize);
  while (const auto attribute = takeAttribute(rest)) {
    if (attribute->type == type) found.push_back(attribute->value);
  }
  return found;
}

std::optional<TransportAddress> readAddress(Bytes value) { return readMasked(value, {}); }

std::optional<TransportAddress> readXorAddress(Bytes value, const TransactionId& id) {
  return readMasked(value, maskOf(id));
}

Writer::Writer(std::uint16_t type, const TransactionId& id) {
  append16(bytes_, type);
  append16(bytes_, 0);
  bytes_.insert(bytes_.end(), kMagicCookie.begin(), kMagicCookie.end());
  bytes_.insert(bytes_.end(), id.begin(), id.end());
}

void Writer::add(std::uint16_t type, Bytes value) {
  append16(bytes_, type);
  append16(bytes_, value.size());
  bytes_.insert(bytes_.end(), value.begin(), value.end());
  bytes_.resize(padded(bytes_.size()));
  const std::size_t length = bytes_.size() - kHeaderSize;
  bytes_[kLengthAt] = static_cast<std::uint8_t>(length >> 8U);
  bytes_[kLengthAt + 1] = static_cast<std::uint8_t>(length);
}

void Writer::addXorAddress(std::uint16_t type, const TransportAddress& address) {
  const Mask mask = maskOf(idOf(bytes_));
  const auto ip = Bytes(address.ip).first(address.ipv6 ? 16 : 4);
  std::vector<std::uint8_t> value{0, address.ipv6 ? kIpv6 : kIpv4};
  append16(value, address.port ^ read16(mask, 0));
  value.resize(kIpAt + ip.size());
  std::ranges::transform(ip, mask, value.begin() + kIpAt, std::bit_xor<>());
  add(type, value);
}

}  // namespace rtcpub::stun
