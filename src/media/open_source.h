#pragma once

#include <memory>

#include "core/source/source_uri.h"
#include "rtcpub/result.h"
#include "rtcpub/video_source.h"

namespace rtcpub::media {

/// Opens what the URI names; see VideoSource::open for errors and limits.
Result<std::shared_ptr<VideoSource>> openSource(const source_uri::SourceUri& uri,
                                                const VideoOpenOptions& options);

}  // namespace rtcpub::media
