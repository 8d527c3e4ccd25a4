#pragma once

#include <string>
#include <vector>

#include "media/gst/gst_owned.h"
#include "rtcpub/result.h"

/// What cameras Video4Linux has.
namespace rtcpub::media {

struct V4l2Camera {
  std::string path;  ///< "/dev/video0"
  std::string name;  ///< "Front Camera"
};

/// Those of this machine. It may take a moment. Any thread.
std::vector<V4l2Camera> listV4l2Cameras();

/// The path of what people call a camera: a path, a part of its name in any case, or nothing for
/// the first one. Errors: kNotFound, saying which there are.
Result<std::string> findV4l2Camera(const std::string& name, const std::vector<V4l2Camera>& cameras);

/// "there are /dev/video0 (Front Camera) and …"
std::string describe(const std::vector<V4l2Camera>& cameras);

}  // namespace rtcpub::media
