#pragma once

#include <optional>

#include "media/gst/gst_owned.h"

namespace rtcpub::media {

/// The bitrate of an encoder that stands in a pipeline.
///
/// Runs on: any one thread.
class EncoderBitrate {
 public:
  /// That of the pipeline's first H264 encoder whose bitrate can be set and is known to be in
  /// 1,000 bits or in bits a second.
  static std::optional<EncoderBitrate> find(GstBin* pipeline);

  void set(int kbps) const;

 private:
  EncoderBitrate(Owned<GstElement> encoder, int unit) : encoder_(std::move(encoder)), unit_(unit) {}

  Owned<GstElement> encoder_;
  int unit_;  // a thousand bits, in units of the property
};

}  // namespace rtcpub::media
