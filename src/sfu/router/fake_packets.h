#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sfu/router/media.h"

/// Packets and negotiations for tests.
namespace rtcpub::sfu::fake {

using Bytes = std::vector<std::uint8_t>;

struct Extension {
  std::uint16_t profile = 0xBEDE;
  Bytes elements;  ///< a multiple of 4 bytes
};

struct Packet {
  std::uint8_t payloadType = 96;
  std::uint16_t sequenceNumber = 0;
  std::uint32_t timestamp = 0;
  std::uint32_t ssrc = 0x1234;
  bool marker = false;
  std::vector<std::uint32_t> csrcs{};
  std::optional<Extension> extension{};
  Bytes payload{};
  std::uint8_t padding = 0;  ///< bytes, the counting one included
};

inline void append(Bytes& out, std::uint64_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    out.push_back(static_cast<std::uint8_t>(value >> shift));
  }
}

inline Bytes bytesOf(const Packet& packet) {
  Bytes out;
  const int flags = 0x80 | (packet.padding != 0 ? 0x20 : 0) | (packet.extension ? 0x10 : 0);
  append(out, static_cast<unsigned>(flags) | packet.csrcs.size(), 1);
  append(out, (packet.marker ? 0x80U : 0U) | packet.payloadType, 1);
  append(out, packet.sequenceNumber, 2);
  append(out, packet.timestamp, 4);
  append(out, packet.ssrc, 4);
  for (const auto csrc : packet.csrcs) append(out, csrc, 4);
  if (packet.extension) {
    append(out, packet.extension->profile, 2);
    append(out, packet.extension->elements.size() / 4, 2);
    out.insert(out.end(), packet.extension->elements.begin(), packet.extension->elements.end());
  }
  out.insert(out.end(), packet.payload.begin(), packet.payload.end());
  if (packet.padding != 0) {
    out.resize(out.size() + packet.padding);
    out.back() = packet.padding;
  }
  return out;
}

/// The first packet of a VP8 key frame, and one of a delta frame.
inline Bytes vp8Key() { return {0x10, 0x10, 0x02, 0x00, 0x9D, 0x01, 0x2A, 0x80, 0x02, 0xE0, 0x01}; }
inline Bytes vp8Delta() { return {0x10, 0x11, 0x02, 0x00}; }
/// A constrained-baseline IDR slice, and a slice of a delta frame.
inline Bytes h264Key() { return {0x65, 0x88, 0x84, 0x00}; }
inline Bytes h264Delta() { return {0x41, 0x9A, 0x02, 0x00}; }

inline constexpr auto kPlayoutDelayUri =
    "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay";
inline constexpr auto kTransportCcUri =
    "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";
inline constexpr auto kVideoOrientationUri = "urn:3gpp:video-orientation";

inline MediaSection section(MediaKind kind, std::vector<NegotiatedCodec> codecs,
                            std::uint32_t ssrc = 0, std::uint32_t rtxSsrc = 0) {
  return {.kind = kind,
          .mid = kind == MediaKind::kVideo ? "v" : "a",
          .codecs = std::move(codecs),
          .extensions = {},
          .ssrc = ssrc,
          .rtxSsrc = rtxSsrc,
          .active = true};
}

inline NegotiatedCodec codec(Codec codec, int payloadType, int rtxPayloadType = -1,
                             int clockRate = 90000) {
  return {.codec = codec,
          .payloadType = payloadType,
          .rtxPayloadType = rtxPayloadType,
          .clockRate = clockRate};
}

}  // namespace rtcpub::sfu::fake
