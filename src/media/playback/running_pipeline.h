#pragma once

#include <gst/app/gstappsink.h>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "core/h264/key_frame_watch.h"
#include "media/gst/gst_owned.h"
#include "media/playback/access_unit_reader.h"
#include "media/playback/encoder_bitrate.h"
#include "media/playback/mailbox.h"
#include "media/playback/sample_reader.h"
#include "rtcpub/encoded_frame.h"
#include "rtcpub/video_frame.h"

namespace rtcpub::media {

/// A pipeline that was built, and what it ends in.
struct BuiltPipeline {
  Owned<GstElement> pipeline;
  bool encoded = false;
  /// Whether what a decoder can't make whole is left out: that of a stream that has no key frames.
  bool wholeOnly = false;
};

/// Who takes a pipeline's pictures.
struct PictureSink {
  std::function<void(const VideoFrame&)> frame;
  std::function<void(const EncodedFrame&)> encoded;
};

/// A source's pipeline from its opening to its end. It posts what happens to the mailbox.
///
/// Runs on: GStreamer's streaming threads, on which it calls its sink; the other functions on any
/// one thread, of which open(), rewind() and the destructor may take long.
class RunningPipeline {
 public:
  /// `number` is the mailbox's, `stamp` whether pictures get one.
  RunningPipeline(BuiltPipeline built, bool stamp, std::shared_ptr<Mailbox> mailbox,
                  std::uint64_t number);
  RunningPipeline(const RunningPipeline&) = delete;
  RunningPipeline& operator=(const RunningPipeline&) = delete;
  ~RunningPipeline();

  /// Makes it ready; a live one plays from now on, but nobody is handed its pictures. Whether it
  /// could.
  bool open();
  /// Whether it can.
  bool play();
  /// Begins anew. Whether it can.
  bool rewind();

  void connect(PictureSink sink);
  /// Waits for a picture that is being handed over.
  void disconnect();

  [[nodiscard]] bool encoded() const { return encoded_; }
  [[nodiscard]] bool live() const { return live_; }
  /// Of the pictures at its end; nothing while unknown.
  struct Size {
    int width = 0;
    int height = 0;
  };
  [[nodiscard]] std::optional<Size> size() const;
  /// The pictures that came until now, and when the last one did.
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] Time last() const { return Time(std::chrono::microseconds(lastUs_)); }

  void requestKeyFrame();
  [[nodiscard]] bool canSetBitrate() const { return bitrate_.has_value(); }
  void setBitrate(int kbps);

 private:
  void connectSink();
  void watchForm();
  void watchKeyFrames(GstBuffer* buffer);
  void waitForKeyFramesOnLoss();
  void beginAtOnce(GstPad* pad, GstBuffer* buffer);
  void post(Note::Kind kind);
  void postMisfit(const std::string& why);
  void announceFirstPicture();
  void handOver(GstSample* sample);
  [[nodiscard]] Time timeOf(GstSample* sample) const;

  static GstBusSyncReply onMessage(GstBus* bus, GstMessage* message, gpointer self);
  static GstPadProbeReturn onSinkBuffer(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  static GstFlowReturn onPreroll(GstAppSink* sink, gpointer self);
  static GstFlowReturn onSample(GstAppSink* sink, gpointer self);

  const Owned<GstElement> pipeline_;
  const Owned<GstElement> sink_;
  const bool encoded_;
  const std::shared_ptr<Mailbox> mailbox_;
  const std::uint64_t number_;
  std::atomic<bool> live_ = false;
  std::optional<EncoderBitrate> bitrate_;

  // The streaming thread's.
  SampleReader pictures_;
  AccessUnitReader units_;
  GstClockTime lastPts_ = 0;
  KeyFrameWatch keyFrames_;
  bool keyFrameSeen_ = false;
  bool keyFramesGivenUp_ = false;

  std::atomic<bool> keyFrameWanted_ = false;
  std::atomic<bool> passBegins_ = true;  // the next picture is the first one of a pass

  std::atomic<bool> announced_ = false;
  std::atomic<std::uint64_t> count_ = 0;
  std::atomic<std::int64_t> lastUs_ = 0;
  std::mutex outlet_;  // held while a picture is handed over
  PictureSink to_;
};

}  // namespace rtcpub::media
