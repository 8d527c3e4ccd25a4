#include "core/stun_binding.h"

#include <arpa/inet.h>

#include <algorithm>

namespace rtcpub::stun {
namespace {

using Bytes = std::span<const std::uint8_t>;

// RFC 8489 sections 5 and 14.
constexpr std::size_t kHeaderSize = 20;
constexpr std::size_t kAttributeHeaderSize = 4;
constexpr std::array<std::uint8_t, 4> kMagicCookie{0x21, 0x12, 0xA4, 0x42};
constexpr unsigned kBindingRequest = 0x0001;
constexpr unsigned kBindingSuccess = 0x0101;
constexpr unsigned kBindingError = 0x0111;
constexpr unsigned kMappedAddress = 0x0001;
constexpr unsigned kXorMappedAddress = 0x0020;
/// Nobody's, and of those that need not be understood (0x8000 and above).
constexpr unsigned kPadding = 0xFFFE;

void append(std::vector<std::uint8_t>& out, unsigned value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8U));
  out.push_back(static_cast<std::uint8_t>(value & 0xFFU));
}

unsigned read(Bytes bytes, std::size_t at) {
  return static_cast<unsigned>(bytes[at]) << 8U | bytes[at + 1];
}

/// The address attribute's value (sections 14.1 and 14.2); `mask` is zero when it isn't XORed.
std::optional<Endpoint> readAddress(Bytes value, const std::array<std::uint8_t, 16>& mask) {
  constexpr std::uint8_t kIpv4 = 1;
  constexpr std::uint8_t kIpv6 = 2;
  if (value.size() < 8) return std::nullopt;
  const bool four = value[1] == kIpv4;
  if (value.size() != (four ? 8U : 20U) || (!four && value[1] != kIpv6)) return std::nullopt;
  std::array<std::uint8_t, 16> address{};
  for (std::size_t i = 0; i + 4 < value.size(); ++i) address.at(i) = value[i + 4] ^ mask.at(i);
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(four ? AF_INET : AF_INET6, address.data(), text.data(), text.size());
  const unsigned port = read(value, 2) ^ (static_cast<unsigned>(mask[0]) << 8U | mask[1]);
  return Endpoint{text.data(), static_cast<std::uint16_t>(port)};
}

std::array<std::uint8_t, 16> maskOf(const TransactionId& id) {
  std::array<std::uint8_t, 16> mask{};
  std::ranges::copy(kMagicCookie, mask.begin());
  std::ranges::copy(id, mask.begin() + kMagicCookie.size());
  return mask;
}

/// XOR-MAPPED-ADDRESS, or the MAPPED-ADDRESS of servers older than RFC 5389.
Result<std::optional<Endpoint>> findAddress(Bytes attributes, const TransactionId& id) {
  std::optional<Endpoint> plain;
  while (!attributes.empty()) {
    if (attributes.size() < kAttributeHeaderSize) {
      return fail(ErrorCode::kProtocol, "STUN: a cut attribute");
    }
    const unsigned type = read(attributes, 0);
    const std::size_t length = read(attributes, 2);
    const std::size_t padded = kAttributeHeaderSize + (length + 3) / 4 * 4;
    if (padded > attributes.size()) return fail(ErrorCode::kProtocol, "STUN: a cut attribute");
    const Bytes value = attributes.subspan(kAttributeHeaderSize, length);
    if (type == kXorMappedAddress) {
      if (const auto address = readAddress(value, maskOf(id))) return address;
    }
    if (type == kMappedAddress) plain = readAddress(value, {});
    attributes = attributes.subspan(padded);
  }
  return plain;
}

}  // namespace

std::vector<std::uint8_t> bindingRequest(const TransactionId& id, std::size_t size) {
  const std::size_t padding =
      size > kHeaderSize + kAttributeHeaderSize ? (size - kHeaderSize) / 4 * 4 : 0;
  std::vector<std::uint8_t> request;
  append(request, kBindingRequest);
  append(request, static_cast<unsigned>(padding));
  request.insert(request.end(), kMagicCookie.begin(), kMagicCookie.end());
  request.insert(request.end(), id.begin(), id.end());
  if (padding > 0) {
    append(request, kPadding);
    append(request, static_cast<unsigned>(padding - kAttributeHeaderSize));
  }
  request.resize(kHeaderSize + padding);
  return request;
}

Result<BindingResponse> parseBindingResponse(Bytes packet) {
  if (packet.size() < kHeaderSize ||
      !std::ranges::equal(packet.subspan(4, kMagicCookie.size()), kMagicCookie)) {
    return fail(ErrorCode::kProtocol, "no STUN message");
  }
  const unsigned type = read(packet, 0);
  if (type != kBindingSuccess && type != kBindingError) {
    return fail(ErrorCode::kProtocol, "STUN: no answer to a Binding request");
  }
  if (read(packet, 2) != packet.size() - kHeaderSize) {
    return fail(ErrorCode::kProtocol, "STUN: a wrong length");
  }
  BindingResponse response;
  std::ranges::copy(packet.subspan(8, response.id.size()), response.id.begin());
  auto mapped = findAddress(packet.subspan(kHeaderSize), response.id);
  if (!mapped) return tl::unexpected(mapped.error());
  if (type == kBindingSuccess) response.mapped = std::move(*mapped);
  return response;
}

}  // namespace rtcpub::stun
