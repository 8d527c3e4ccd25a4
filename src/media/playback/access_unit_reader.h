#pragma once

#include <optional>
#include <string>

#include "media/gst/gst_owned.h"
#include "rtcpub/encoded_frame.h"

namespace rtcpub::media {

/// Makes encoded pictures of GStreamer's samples of H264, without a copy. It begins with a key
/// frame, and goes on with one behind a gap.
///
/// Runs on: one thread at a time.
class AccessUnitReader {
 public:
  /// What a sample holds; no picture if it has none that could be decoded.
  struct Unit {
    std::optional<EncodedFrame> picture;
    std::optional<std::string> misfit;  ///< why it can't be sent (misfitOf)
    bool gap = false;                   ///< something is missing in front of it
  };
  Unit read(GstSample* sample, Time time);

 private:
  bool seen_ = false;    // a picture
  bool began_ = false;   // with a key frame
  bool waiting_ = true;  // for a key frame
  int width_ = 0;        // of the last SPS
  int height_ = 0;
};

}  // namespace rtcpub::media
