#include "sfu/router/rtp_packet.h"

#include <cassert>
#include <cstring>

namespace rtcpub::sfu {
namespace {

constexpr std::size_t kFixedHeaderSize = 12;
constexpr std::size_t kExtensionHeaderSize = 4;
constexpr std::size_t kRtxHeaderSize = 2;
constexpr std::uint8_t kVersion = 2;
constexpr std::uint8_t kPaddingBit = 0x20;
constexpr std::uint8_t kExtensionBit = 0x10;
constexpr std::uint8_t kMarkerBit = 0x80;

std::uint16_t read16(std::span<const std::uint8_t> data, std::size_t at) {
  return static_cast<std::uint16_t>(data[at] << 8 | data[at + 1]);
}

std::uint32_t read32(std::span<const std::uint8_t> data, std::size_t at) {
  return std::uint32_t{read16(data, at)} << 16 | read16(data, at + 2);
}

void write16(std::span<std::uint8_t> data, std::size_t at, std::uint16_t value) {
  data[at] = static_cast<std::uint8_t>(value >> 8);
  data[at + 1] = static_cast<std::uint8_t>(value);
}

void write32(std::span<std::uint8_t> data, std::size_t at, std::uint32_t value) {
  write16(data, at, static_cast<std::uint16_t>(value >> 16));
  write16(data, at + 2, static_cast<std::uint16_t>(value));
}

}  // namespace

std::optional<RtpPacket> RtpPacket::parse(std::span<const std::uint8_t> data) {
  if (data.size() < kFixedHeaderSize || data[0] >> 6 != kVersion) return std::nullopt;
  RtpPacket packet;
  packet.data_ = data;
  const std::size_t csrcs = data[0] & 0x0FU;
  packet.headerSize_ = kFixedHeaderSize + 4 * csrcs;
  if (packet.headerSize_ > data.size()) return std::nullopt;
  if (!packet.parseExtension() || !packet.parsePadding()) return std::nullopt;
  return packet;
}

bool RtpPacket::parseExtension() {
  if ((data_[0] & kExtensionBit) == 0) return true;
  if (headerSize_ + kExtensionHeaderSize > data_.size()) return false;
  extensionProfile_ = read16(data_, headerSize_);
  extensionSize_ = std::size_t{4} * read16(data_, headerSize_ + 2);  // in 32-bit words
  extensionOffset_ = headerSize_ + kExtensionHeaderSize;
  headerSize_ = extensionOffset_ + extensionSize_;
  return headerSize_ <= data_.size();
}

bool RtpPacket::parsePadding() {
  if ((data_[0] & kPaddingBit) == 0) return true;
  paddingSize_ = data_.back();  // counts itself
  return paddingSize_ != 0 && headerSize_ + paddingSize_ <= data_.size();
}

bool RtpPacket::marker() const { return (data_[1] & kMarkerBit) != 0; }
std::uint8_t RtpPacket::payloadType() const { return data_[1] & 0x7FU; }
std::uint16_t RtpPacket::sequenceNumber() const { return read16(data_, 2); }
std::uint32_t RtpPacket::timestamp() const { return read32(data_, 4); }
std::uint32_t RtpPacket::ssrc() const { return read32(data_, 8); }

std::span<const std::uint8_t> RtpPacket::extension() const {
  return data_.subspan(extensionOffset_, extensionSize_);
}

std::span<const std::uint8_t> RtpPacket::payload() const {
  return data_.subspan(headerSize_, data_.size() - headerSize_ - paddingSize_);
}

std::span<const std::uint8_t> RtpPacket::withoutPadding() const {
  return data_.first(data_.size() - paddingSize_);
}

void setFields(std::span<std::uint8_t> packet, const RtpFields& fields) {
  assert(packet.size() >= kFixedHeaderSize);
  packet[1] = static_cast<std::uint8_t>((packet[1] & kMarkerBit) | fields.payloadType);
  write16(packet, 2, fields.sequenceNumber);
  write32(packet, 4, fields.timestamp);
  write32(packet, 8, fields.ssrc);
}

void clearMarker(std::span<std::uint8_t> packet) {
  packet[1] = static_cast<std::uint8_t>(packet[1] & ~kMarkerBit);
}

void clearPaddingBit(std::span<std::uint8_t> packet) {
  packet[0] &= static_cast<std::uint8_t>(~kPaddingBit);
}

std::size_t makePadding(std::span<std::uint8_t> buffer, const RtpFields& fields) {
  assert(buffer.size() >= kPaddingSize);
  std::memset(buffer.data(), 0, kPaddingSize);
  buffer[0] = kVersion << 6 | kPaddingBit;
  setFields(buffer, fields);
  buffer[kPaddingSize - 1] = kPaddingSize - kFixedHeaderSize;
  return kPaddingSize;
}

std::size_t wrapInRtx(std::span<std::uint8_t> buffer, std::size_t size, const RtpFields& rtx) {
  assert(buffer.size() >= size + kRtxHeaderSize);
  const auto original = RtpPacket::parse(buffer.first(size));
  assert(original);
  const std::size_t header = original->headerSize();
  const std::uint16_t originalSequenceNumber = original->sequenceNumber();
  std::memmove(buffer.data() + header + kRtxHeaderSize, buffer.data() + header, size - header);
  write16(buffer, header, originalSequenceNumber);
  setFields(buffer, rtx);
  return size + kRtxHeaderSize;
}

}  // namespace rtcpub::sfu
