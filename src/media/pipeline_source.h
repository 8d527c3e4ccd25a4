#pragma once

#include <gst/app/gstappsink.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "core/source_uri.h"
#include "media/gst_owned.h"
#include "media/sample_reader.h"
#include "rtcpub/video_source.h"

namespace rtcpub::media {

/// Plays a GStreamer pipeline: of a file, looped, or of one's own description.
///
/// Runs on: GStreamer's streaming thread pushes; a thread of its own takes the bus's messages; the
/// public functions on any one thread.
class PipelineSource final : public VideoSource {
 public:
  /// Waits until the first picture is known to come, 5 s at most. Errors: as VideoSource::open.
  static Result<std::shared_ptr<VideoSource>> open(const source_uri::File& file);
  static Result<std::shared_ptr<VideoSource>> open(const source_uri::Pipeline& pipeline);

  PipelineSource(Owned<GstElement> pipeline, std::string subject, bool stamp, bool loop);
  PipelineSource(const PipelineSource&) = delete;
  PipelineSource& operator=(const PipelineSource&) = delete;
  ~PipelineSource() override;

  Result<void> start() override;
  void stop() override;

 private:
  Result<void> prepare();
  Result<void> awaitFirstPicture(Time deadline);
  [[nodiscard]] Result<void> checkSize() const;
  void shutDown();

  // The streaming thread's.
  void connectSink();
  static GstPadProbeReturn onSinkBuffer(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  static GstFlowReturn onPreroll(GstAppSink* sink, gpointer self);
  static GstFlowReturn onSample(GstAppSink* sink, gpointer self);
  void announceFirstPicture();

  // The bus thread's.
  void watchBus();
  bool handle(GstMessage* message);
  bool rewind();

  void post(const char* name);
  [[nodiscard]] Owned<GstMessage> nextMessage(GstMessageType types,
                                              std::optional<Time> deadline) const;

  const Owned<GstElement> pipeline_;
  const Owned<GstBus> bus_;
  const Owned<GstElement> sink_;
  const std::string subject_;  // what messages to people call it
  const bool stamp_;
  const bool loop_;
  SampleReader reader_;
  GstClockTime lastPts_ = 0;  // the streaming thread's
  std::atomic<bool> announced_ = false;
  std::atomic<bool> pushing_ = false;
  Time passBegan_{};
  std::thread busThread_;
};

}  // namespace rtcpub::media
