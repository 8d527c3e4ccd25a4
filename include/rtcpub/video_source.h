#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "rtcpub/export.h"
#include "rtcpub/result.h"
#include "rtcpub/video_frame.h"

namespace rtcpub {

/// Where a publisher's pictures come from: a built-in source, opened by a URI, or your own, derived
/// from this class, which calls push() for each picture.
class RTCPUB_EXPORT VideoSource {
 public:
  /// Opens a built-in source.
  ///
  /// - `test:?size=1280x720&fps=30` draws the reference content of docs/stamp.md, live, at any even
  /// size;
  /// - `file:PATH` plays anything that GStreamer decodes, looped, at its own pace;
  /// - `gst:PIPELINE` runs a GStreamer pipeline that ends in raw video, e.g. `gst:videotestsrc !
  /// videoconvert`.
  ///
  /// `?stamp` stamps each frame's number and capture time into its top left corner (docs/stamp.md);
  /// it needs a picture of 512x32 pixels or more.
  ///
  /// Errors: kInvalidArgument (unknown scheme or option), kNotFound (no such file), kMedia (the
  /// pipeline doesn't parse, doesn't start or yields no video). Blocks until the first picture is
  /// known to come, 5 s at most.
  static Result<std::shared_ptr<VideoSource>> open(const std::string& uri);

  VideoSource() = default;
  VideoSource(const VideoSource&) = delete;
  VideoSource& operator=(const VideoSource&) = delete;
  virtual ~VideoSource() = default;

  /// Begins to push pictures. Called once by the publisher that the source was added to, on the
  /// thread that calls Publisher::run.
  virtual Result<void> start() = 0;

  /// Ends pushing: when it returns, push() is not called any more.
  virtual void stop() = 0;

  /// Says where the pictures go. Called by the publisher; an empty function disconnects, and waits
  /// for a push that is under way.
  void connect(std::function<void(const VideoFrame&)> sink);

 protected:
  /// Hands a picture on, without waiting for its encoding. Any thread, one at a time.
  void push(const VideoFrame& frame);

 private:
  std::mutex mutex_;
  std::function<void(const VideoFrame&)> sink_;
};

}  // namespace rtcpub
