#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>

#include "api/video/video_frame.h"
#include "api/video_codecs/video_encoder.h"
#include "core/measure/frame_rate_meter.h"
#include "peer/encoding.h"

namespace rtcpub::peer {

/// Encodes with the first of the machine's encoders that opens, and with the next one when it
/// fails.
///
/// Runs on: libwebrtc's encoder queue; the encoders bring their output on threads of their own.
class OwnEncoder {
 public:
  explicit OwnEncoder(Encoding& encoding) : encoding_(encoding) {}

  /// Opens one for these settings. False: there is none, use the engine's.
  bool open(const EncoderSettings& settings);
  /// Before the first picture.
  void setOutput(webrtc::EncodedImageCallback* output) { output_ = output; }
  void close() { encoder_.reset(); }
  [[nodiscard]] bool isOpen() const { return encoder_ != nullptr; }
  /// Whether one that failed is to be tried again, while another one encodes or the engine does.
  [[nodiscard]] bool retryDue() const;
  [[nodiscard]] const std::string& name() const { return encoder_->name(); }
  [[nodiscard]] bool hardware() const { return encoder_->hardware(); }

  /// False: the last encoder has failed, and none is left.
  bool encode(const webrtc::VideoFrame& frame, bool keyFrame);
  void setBitrate(int kbps);

  /// Encoders are told this rate when they are opened; the bitrate is shared out by the true one.
  static constexpr int kNominalFps = 30;

 private:
  struct Pending {
    Time time;
    std::uint32_t rtpTimestamp;
  };

  bool openNext();
  /// Gives way to one that failed before, if it is time to try that again.
  bool giveWay();
  void expect(const Pending& picture);
  void onEncoded(const EncodedFrame& encoded);

  Encoding& encoding_;
  EncoderSettings settings_;
  int bitrateKbps_ = 0;
  FrameRateMeter frameRate_{kNominalFps};
  bool keyFrameOwed_ = false;  ///< the picture that was to be one was left out
  webrtc::EncodedImageCallback* output_ = nullptr;

  std::mutex mutex_;
  std::deque<Pending> pending_;

  // Last: its threads use what stands above.
  std::unique_ptr<VideoEncoder> encoder_;
};

}  // namespace rtcpub::peer
