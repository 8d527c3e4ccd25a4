#pragma once

#include <istream>

namespace rtcpub::media {

/// Whether this is an MP4 or QuickTime file (ISO/IEC 14496-12 section 4.2) without the index,
/// `moov`, that a recorder writes in the end: nothing can be played of it. Pure but for the stream.
bool lacksIndex(std::istream& file);

}  // namespace rtcpub::media
