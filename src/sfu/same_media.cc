#include "sfu/same_media.h"

#include <algorithm>

namespace rtcpub::sfu {
namespace {

bool sameCodec(const NegotiatedCodec& a, const NegotiatedCodec& b) {
  return a.key == b.key && a.payloadType == b.payloadType && a.rtxPayloadType == b.rtxPayloadType &&
         a.clockRate == b.clockRate;
}

bool sameExtension(const HeaderExtension& a, const HeaderExtension& b) {
  return a.uri == b.uri && a.id == b.id;
}

bool sameSection(const MediaSection& a, const MediaSection& b) {
  return a.kind == b.kind && a.mid == b.mid && a.ssrc == b.ssrc && a.rtxSsrc == b.rtxSsrc &&
         a.fecPayloadType == b.fecPayloadType && a.fecSsrc == b.fecSsrc && a.rids == b.rids &&
         a.active == b.active &&
         std::equal(a.codecs.begin(), a.codecs.end(), b.codecs.begin(), b.codecs.end(),
                    sameCodec) &&
         std::equal(a.extensions.begin(), a.extensions.end(), b.extensions.begin(),
                    b.extensions.end(), sameExtension);
}

}  // namespace

bool isSameMedia(const NegotiatedMedia& a, const NegotiatedMedia& b) {
  return std::equal(a.sections.begin(), a.sections.end(), b.sections.begin(), b.sections.end(),
                    sameSection);
}

std::array<std::uint32_t, 3> ssrcsOf(const NegotiatedMedia& media,
                                     const std::array<std::uint32_t, 3>& fresh) {
  auto ssrcs = fresh;
  for (const auto& section : media.sections) {
    if (section.kind == MediaKind::kAudio) {
      ssrcs[2] = section.ssrc;
    } else {
      ssrcs[0] = section.ssrc;
      if (section.rtxSsrc != 0) ssrcs[1] = section.rtxSsrc;
    }
  }
  return ssrcs;
}

}  // namespace rtcpub::sfu
