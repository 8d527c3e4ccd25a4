#pragma once

#include <gst/gst.h>

namespace rtcpub::fake {

/// Where a bridge lets one kind of caps become another, while the buffers pass as they are.
enum class Bridge {
  kToSystem,    ///< whatever the memory was called in front, it is the system's behind
  kFromSystem,  ///< the system's memory may be called NVMM from here on
  kAnyLevel,    ///< an H264 stream may be said to be of another level
};

/// Puts a bridge into the bin.
GstElement* addBridge(GstBin* bin, Bridge bridge);

}  // namespace rtcpub::fake
