#pragma once

#include <gst/gst.h>

#include <vector>

#include "rtcpub/devices.h"

namespace rtcpub::media {

/// The sizes and rates that caps allow: each format's largest first, without repetition. Formats
/// that nothing here can use, Bayer patterns say, are left out.
std::vector<Camera::Mode> readModes(const GstCaps* caps);

}  // namespace rtcpub::media
