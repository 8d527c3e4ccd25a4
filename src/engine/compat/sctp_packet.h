#pragma once

#include <net/dcsctp/packet/sctp_packet.h>
#include <net/dcsctp/public/dcsctp_options.h>

#include <cstdint>
#include <span>

namespace rtcpub::engine {

/// As a peer reads it, with its checksum; nothing: it is none.
inline absl::optional<dcsctp::SctpPacket> readSctpPacket(std::span<const std::uint8_t> bytes) {
#if RTCPUB_LIBWEBRTC >= 20240218
  return dcsctp::SctpPacket::Parse({bytes.data(), bytes.size()}, dcsctp::DcSctpOptions{});
#else
  return dcsctp::SctpPacket::Parse({bytes.data(), bytes.size()});
#endif
}

}  // namespace rtcpub::engine
