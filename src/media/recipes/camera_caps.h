#pragma once

#include <gst/gst.h>

#include <vector>

#include "core/source/camera_mode.h"

namespace rtcpub::media {

/// What the capabilities of a camera's pad say; Bayer patterns and the like are left out.
std::vector<CameraMode> modesOf(GstCaps* caps);

}  // namespace rtcpub::media
