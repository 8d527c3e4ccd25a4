#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/codec.h"

/// What was negotiated with one client, in the terms that forwarding needs.
namespace rtcpub::sfu {

enum class MediaKind { kAudio, kVideo };

/// In which RTP timestamps of all video codecs count (RFC 6184, 7741, 9628); a second.
inline constexpr int kVideoClockRate = 90'000;

/// One codec of a section, under the client's own payload type.
struct NegotiatedCodec {
  Codec codec{};
  int payloadType = -1;
  int rtxPayloadType = -1;  ///< -1 without RTX (RFC 4588)
  int clockRate = 90000;

  friend bool operator==(const NegotiatedCodec&, const NegotiatedCodec&) = default;
};

struct HeaderExtension {
  std::string uri;
  int id = 0;

  friend bool operator==(const HeaderExtension&, const HeaderExtension&) = default;
};

struct MediaSection {
  MediaKind kind = MediaKind::kVideo;
  std::string mid;
  std::vector<NegotiatedCodec> codecs;
  std::vector<HeaderExtension> extensions;
  /// Publisher: as announced, if it was. Viewer: the server's own, different for each section.
  std::uint32_t ssrc = 0;
  std::uint32_t rtxSsrc = 0;
  /// Publisher: FlexFEC (draft-ietf-payload-flexible-fec-scheme-03) on its own SSRC; -1, 0 without.
  int fecPayloadType = -1;
  std::uint32_t fecSsrc = 0;
  /// Publisher: its simulcast layers (RFC 8853), told apart by these; fewer than two without. Of
  /// such a section no SSRC is announced.
  std::vector<std::string> rids{};
  /// Whether packets flow in this section at all.
  bool active = false;

  friend bool operator==(const MediaSection&, const MediaSection&) = default;
};

struct NegotiatedMedia {
  std::vector<MediaSection> sections;

  /// Whether both mean the same packets, SSRCs included.
  friend bool operator==(const NegotiatedMedia&, const NegotiatedMedia&) = default;
};

}  // namespace rtcpub::sfu
