#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace rtcpub::sfu {

/// Larger ones aren't forwarded: with RTX's and SRTP's bytes added they would not fit a datagram.
inline constexpr std::size_t kMaxRtpSize = 1500;

/// A bounds-checked view of an RTP packet (RFC 3550 section 5.1). Borrows its bytes.
class RtpPacket {
 public:
  /// Nothing when the bytes are no RTP packet: another version, truncated, CSRCs, extension or
  /// padding that reach beyond the end.
  [[nodiscard]] static std::optional<RtpPacket> parse(std::span<const std::uint8_t> data);

  [[nodiscard]] bool marker() const;
  [[nodiscard]] std::uint8_t payloadType() const;
  [[nodiscard]] std::uint16_t sequenceNumber() const;
  [[nodiscard]] std::uint32_t timestamp() const;
  [[nodiscard]] std::uint32_t ssrc() const;

  /// "Defined by profile" of the header extension; 0 without one.
  [[nodiscard]] std::uint16_t extensionProfile() const { return extensionProfile_; }
  /// Where the extension's elements begin, from the start of the packet.
  [[nodiscard]] std::size_t extensionOffset() const { return extensionOffset_; }
  /// The extension's elements, without its 4-byte header.
  [[nodiscard]] std::span<const std::uint8_t> extension() const;
  /// Fixed header, CSRCs and extension.
  [[nodiscard]] std::size_t headerSize() const { return headerSize_; }
  [[nodiscard]] std::span<const std::uint8_t> payload() const;
  /// Header and payload; the padding bit may still be set.
  [[nodiscard]] std::span<const std::uint8_t> withoutPadding() const;

 private:
  RtpPacket() = default;
  bool parseExtension();
  bool parsePadding();

  std::span<const std::uint8_t> data_;
  std::uint16_t extensionProfile_ = 0;
  std::size_t extensionOffset_ = 0;
  std::size_t extensionSize_ = 0;
  std::size_t headerSize_ = 0;
  std::size_t paddingSize_ = 0;
};

/// The fields that forwarding changes.
struct RtpFields {
  std::uint8_t payloadType = 0;
  std::uint16_t sequenceNumber = 0;
  std::uint32_t timestamp = 0;
  std::uint32_t ssrc = 0;
};

/// Sets the fields of a packet that parses; the marker stays.
void setFields(std::span<std::uint8_t> packet, const RtpFields& fields);

void clearMarker(std::span<std::uint8_t> packet);

/// Clears the padding bit of a packet whose padding was cut off.
void clearPaddingBit(std::span<std::uint8_t> packet);

/// Writes a packet that is all padding (RFC 3550 section 5.1), as much as there can be; returns its
/// size. `buffer` has room for kPaddingSize bytes.
inline constexpr std::size_t kPaddingSize = 12 + 255;
std::size_t makePadding(std::span<std::uint8_t> buffer, const RtpFields& fields);

/// Makes a retransmission (RFC 4588 section 4) of a packet without padding: the original sequence
/// number goes before the payload, `rtx` into the header. `buffer` holds the packet in its first
/// `size` bytes and has room for two more; returns the new size.
std::size_t wrapInRtx(std::span<std::uint8_t> buffer, std::size_t size, const RtpFields& rtx);

}  // namespace rtcpub::sfu
