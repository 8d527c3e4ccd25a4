#pragma once

#include <string>
#include <vector>

#include "rtcpub/codec.h"
#include "rtcpub/export.h"

namespace rtcpub {

/// A camera of this machine, or its screen.
struct Camera {
  /// A size and rate that it offers.
  struct Mode {
    std::string format;  ///< GStreamer's name of raw ones ("YUY2", "NV12"), else "MJPEG" or "H264"
    int width = 0;       ///< pixels
    int height = 0;      ///< pixels
    double fps = 0;      ///< the most pictures a second; 0: unknown

    friend bool operator==(const Mode&, const Mode&) = default;
  };

  std::string name;         ///< for people: "Front Camera"
  std::string uri;          ///< what VideoSource::open takes: "v4l2:/dev/video0"
  std::vector<Mode> modes;  ///< the largest of each format first; empty: unknown

  friend bool operator==(const Camera&, const Camera&) = default;
};

/// A video encoder that the library knows.
struct EncoderDescription {
  std::string name;                      ///< what PublisherOptions::encoder takes: "x264enc"
  VideoCodec codec = VideoCodec::kH264;  ///< what it makes
  bool hardware = false;                 ///< whether it is a chip of this machine
  bool available = false;                ///< whether it opens here
  bool chosen = false;  ///< whether it is the one that is used unless another is named
  std::string hint;     ///< why it isn't available, and what to install; empty if it is

  friend bool operator==(const EncoderDescription&, const EncoderDescription&) = default;
};

/// What this machine has.
struct Devices {
  std::vector<Camera> cameras;               ///< and screens
  std::vector<EncoderDescription> encoders;  ///< in the order in which they are tried
  std::vector<std::string> hints;            ///< what to do to get more, one sentence each

  friend bool operator==(const Devices&, const Devices&) = default;
};

/// Looks at the cameras and opens each encoder for a moment: takes up to some seconds. It never
/// fails: what can't be looked at is told in the hints. Any thread.
RTCPUB_EXPORT Devices listDevices();

/// One line of JSON, without the line's end: an object with "cameras", "encoders" and "hints",
/// whose members are named as here; an unknown "fps" and an empty "hint" are left out.
RTCPUB_EXPORT std::string toJson(const Devices& devices);

}  // namespace rtcpub
