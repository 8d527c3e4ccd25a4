#include "rtcpub/video_source.h"

#include "core/source/source_uri.h"
#include "media/open_source.h"

namespace rtcpub {

Result<std::shared_ptr<VideoSource>> VideoSource::open(const std::string& uri,
                                                       const VideoOpenOptions& options) {
  const auto parsed = source_uri::parse(uri);
  if (!parsed) return tl::unexpected(parsed.error());
  return media::openSource(*parsed, options);
}

}  // namespace rtcpub
