#pragma once

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "core/clock/stall_clock.h"
#include "core/video/video_encoder.h"
#include "media/encoders/encoder_candidates.h"
#include "media/gst/gst_owned.h"

namespace rtcpub::media {

/// An encoder element of GStreamer.
///
/// Its pictures carry made-up times at an even distance, since encoders plan by these: the bitrate
/// is scaled to the rate at which pictures really come.
///
/// Runs on: the public functions on one thread; GStreamer's streaming thread brings the output.
class GstEncoder final : public VideoEncoder {
 public:
  /// Errors: kNotFound (no such element), kMedia (it can't be opened).
  static Result<std::unique_ptr<VideoEncoder>> open(const EncoderCandidate& candidate,
                                                    const EncoderSettings& settings, Output output);

  GstEncoder(const EncoderCandidate& candidate, const EncoderSettings& settings,
             Owned<GstElement> pipeline, Output output);
  GstEncoder(const GstEncoder&) = delete;
  GstEncoder& operator=(const GstEncoder&) = delete;
  ~GstEncoder() override;

  [[nodiscard]] const std::string& name() const override { return name_; }
  [[nodiscard]] bool hardware() const override { return candidate_.hardware; }
  [[nodiscard]] Result<bool> encode(const VideoFrame& frame, bool keyFrame) override;
  void setRates(int bitrateKbps, double fps) override;

 private:
  struct Pending {
    GstClockTime runningTime;
    Time time;
    std::chrono::microseconds begun;  ///< by the stall clock
  };

  Result<void> play();
  Result<void> restart();
  [[nodiscard]] Result<void> checkHealth();
  [[nodiscard]] Result<void> checkStall(std::chrono::microseconds now);
  void updateCaps(PixelFormat format);
  void askForKeyFrame();
  Owned<GstBuffer> wrap(const VideoFrame& frame) const;

  // The streaming thread's.
  static GstFlowReturn onSample(GstAppSink* sink, gpointer self);
  void deliver(const Owned<GstSample>& sample);
  [[nodiscard]] std::optional<Time> takePending(GstSample* sample);

  const EncoderCandidate& candidate_;
  const EncoderSettings settings_;
  const std::string name_;
  const Owned<GstElement> pipeline_;
  const Owned<GstBus> bus_;
  const Owned<GstElement> input_;
  const Owned<GstElement> encoder_;
  const Owned<GstElement> sink_;
  const Output output_;
  StallClock stallClock_;
  std::optional<PixelFormat> format_;
  GstClockTime next_ = 0;
  int scaledKbps_;

  std::mutex mutex_;
  std::deque<Pending> pending_;
};

}  // namespace rtcpub::media
