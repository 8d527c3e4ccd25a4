#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/video/video_encoder.h"
#include "rtcpub/codec.h"
#include "rtcpub/result.h"

/// The machine's encoders, best first.
namespace rtcpub::media {

/// Those to try: all, or the one that is named. `only` may also name one of the engine's
/// ("openh264", "libvpx"): then there are none besides. Errors: kNotFound (`only` is unknown or
/// can't be opened here, with the reason).
Result<std::shared_ptr<VideoEncoders>> makeEncoders(const std::string& only);

/// The codec that the encoder of this name makes; nothing for an unknown name. libvpx makes two:
/// VP8 is told.
std::optional<VideoCodec> codecOf(const std::string& encoder);

/// One encoder, as this machine has it or not.
struct EncoderReport {
  std::string name;
  VideoCodec codec = VideoCodec::kH264;
  bool hardware = false;
  bool available = false;
  std::string why;  ///< why it isn't available, and what to install; empty if it is
};

/// All that the library knows, in the order in which they are tried; each is opened for a moment.
std::vector<EncoderReport> probeEncoders();

}  // namespace rtcpub::media
