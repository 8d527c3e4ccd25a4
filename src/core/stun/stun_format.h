#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

/// STUN's format (RFC 8489 sections 5 and 14): a header, attributes, addresses. What is signed is
/// checked by whoever has the key.
namespace rtcpub::stun {

using Bytes = std::span<const std::uint8_t>;

constexpr std::size_t kHeaderSize = 20;
constexpr std::size_t kAttributeHeaderSize = 4;
constexpr std::size_t kCookieAt = 4;
constexpr std::array<std::uint8_t, 4> kMagicCookie{0x21, 0x12, 0xA4, 0x42};

enum MessageType : std::uint16_t {
  kBindingRequest = 0x0001,
  kBindingSuccess = 0x0101,
  kBindingError = 0x0111,
};

enum AttributeType : std::uint16_t {
  kMappedAddress = 0x0001,
  kUsername = 0x0006,
  kXorMappedAddress = 0x0020,
};

/// Random: it tells whose answer came.
using TransactionId = std::array<std::uint8_t, 12>;

/// A message as it came, whose bytes it only refers to.
class Message {
 public:
  /// Nothing if the bytes, to the last of them, are no STUN message.
  static std::optional<Message> read(Bytes datagram);

  [[nodiscard]] std::uint16_t type() const;
  [[nodiscard]] TransactionId id() const;
  /// Of the attribute of this type that stands first: others don't count (section 14).
  [[nodiscard]] std::optional<Bytes> find(std::uint16_t type) const;
  /// Of all attributes of this type.
  [[nodiscard]] std::vector<Bytes> findAll(std::uint16_t type) const;

 private:
  explicit Message(Bytes bytes) : bytes_(bytes) {}

  Bytes bytes_;
};

struct TransportAddress {
  std::array<std::uint8_t, 16> ip{};  ///< in network order; IPv4 has four
  bool ipv6 = false;
  std::uint16_t port = 0;

  friend bool operator==(const TransportAddress&, const TransportAddress&) = default;
};

/// The value of MAPPED-ADDRESS (section 14.1).
std::optional<TransportAddress> readAddress(Bytes value);
/// The value of XOR-MAPPED-ADDRESS and its like (section 14.2) in a message of this id.
std::optional<TransportAddress> readXorAddress(Bytes value, const TransactionId& id);

/// Writes a message, attribute by attribute; it is whole after each.
class Writer {
 public:
  Writer(std::uint16_t type, const TransactionId& id);

  void add(std::uint16_t type, Bytes value);
  void addXorAddress(std::uint16_t type, const TransportAddress& address);
  [[nodiscard]] std::vector<std::uint8_t> take() { return std::move(bytes_); }

 private:
  std::vector<std::uint8_t> bytes_;
};

}  // namespace rtcpub::stun
