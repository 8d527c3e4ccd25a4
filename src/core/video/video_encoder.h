#pragma once

#include <functional>
#include <memory>
#include <string>

#include "rtcpub/codec.h"
#include "rtcpub/encoded_frame.h"
#include "rtcpub/result.h"
#include "rtcpub/video_frame.h"

namespace rtcpub {

/// What an encoder is opened for.
struct EncoderSettings {
  VideoCodec codec = VideoCodec::kH264;
  int width = 0;               ///< pixels
  int height = 0;              ///< pixels
  int fps = 30;                ///< the most pictures a second that will come
  int bitrateKbps = 2000;      ///< 1,000 bits a second
  int keyFrameInterval = 100;  ///< the longest distance, in frames
  bool intraRefresh = false;   ///< spread what a key frame does over many frames, if it can

  friend bool operator==(const EncoderSettings&, const EncoderSettings&) = default;
};

/// An encoder that is open: takes pictures of one size and gives each out at once, encoded.
///
/// One thread calls its functions; the output is called on any, and not any more after the
/// destructor.
class VideoEncoder {
 public:
  using Output = std::function<void(const EncodedFrame&)>;

  virtual ~VideoEncoder() = default;

  /// What people call it: "x264enc".
  [[nodiscard]] virtual const std::string& name() const = 0;
  [[nodiscard]] virtual bool hardware() const = 0;

  /// Takes a picture; false: it is busy, and the picture is left out. The output has the picture's
  /// time. Errors: kMedia, it has failed and must be replaced by another one.
  [[nodiscard]] virtual Result<bool> encode(const VideoFrame& frame, bool keyFrame) = 0;

  /// From the next picture on. `fps` is the rate at which pictures really come.
  virtual void setRates(int bitrateKbps, double fps) = 0;
};

/// The encoders of this machine beside those of the engine, in the order in which they are tried.
/// Any thread.
class VideoEncoders {
 public:
  virtual ~VideoEncoders() = default;

  /// Opens the first one that can be. Errors: kNotFound, none is left: use the engine's own.
  virtual Result<std::unique_ptr<VideoEncoder>> open(const EncoderSettings& settings,
                                                     VideoEncoder::Output output) = 0;

  /// The encoder of this name has failed: it isn't tried again for a minute, at least.
  virtual void exclude(const std::string& name) = 0;

  /// Whether it is time to try one again that failed and stands before `current`, who encodes now;
  /// empty: the engine does. open() tries it.
  [[nodiscard]] virtual bool retryDue(const std::string& current) const = 0;
};

}  // namespace rtcpub
