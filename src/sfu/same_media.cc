#include "sfu/same_media.h"

namespace rtcpub::sfu {

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
