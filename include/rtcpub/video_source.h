#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "rtcpub/encoded_frame.h"
#include "rtcpub/export.h"
#include "rtcpub/result.h"
#include "rtcpub/video_frame.h"

namespace rtcpub {

/// Whether a source yields pictures at the moment, and if not, why.
struct SourceState {
  bool live = true;    ///< whether it yields pictures
  std::string reason;  ///< for people; empty while live

  friend bool operator==(const SourceState&, const SourceState&) = default;
};

/// Who takes what a source pushes; empty functions are skipped. Called on the source's threads.
struct VideoSink {
  std::function<void(const VideoFrame&)> frame;      ///< a raw picture
  std::function<void(const EncodedFrame&)> encoded;  ///< one that comes encoded
  std::function<void(const SourceState&)> state;     ///< what changed
};

/// How VideoSource::open treats what it opens.
struct VideoOpenOptions {
  /// Whether video that comes as H264 is sent as it is, without decoding and encoding it again.
  bool passThrough = true;
  /// Whether a device or server that isn't there yet, is busy, forbidden or yields nothing is
  /// waited for: the source then opens with the state and reason of one that is lost, and yields
  /// pictures when they come. What is wrong in the URI, or can't be had from what is there, stays
  /// an error. A file is not waited for.
  bool wait = false;
};

/// Where a publisher's pictures come from: a built-in source, opened by a URI, or your own, derived
/// from this class, which calls push() for each picture, raw or encoded.
///
/// A source of encoded pictures, a camera's or those of your own encoder, overrides codec(), and
/// requestKeyFrame() and setBitrate() if it can do what they ask for.
class RTCPUB_EXPORT VideoSource {
 public:
  /// Opens a built-in source.
  ///
  /// - `test:?size=1280x720&fps=30` draws the reference content of docs/stamp.md, live, at any even
  /// size;
  /// - `v4l2:/dev/video0`, `v4l2:PART OF ITS NAME` or `v4l2:` for the first one: a camera;
  /// - `csi:0`: a Jetson's, captured at 1280x720@60 (`capture=WxH@FPS`), 640x480 and turned by 180
  /// degrees unless told otherwise;
  /// - `libcamera:ID`, or `libcamera:` for the first one: a Raspberry Pi's;
  /// - `rtsp://…`, `rtsps://…`: a network camera; options stand behind a `#`, `transport=tcp|udp`
  /// and `latency=MILLISECONDS` besides the common ones;
  /// - `screen:`, `screen::0`: an X11 display;
  /// - `file:PATH` plays anything that GStreamer decodes, looped, at its own pace;
  /// - `gst:PIPELINE` runs a GStreamer pipeline that ends in raw video or in H264, e.g.
  /// `gst:videotestsrc ! videoconvert`.
  ///
  /// All but `test:` take `size=WxH`, `fps=N`, `flip=none|90|180|270|mirror` (clockwise; behind the
  /// scaling) and `format`: I420 or NV12, a camera's `raw`, `mjpeg`, `h264` or `YUY2`, say. Other
  /// options of devices and RTSP are properties of GStreamer's element.
  ///
  /// `?stamp` stamps each frame's number and capture time into its top left corner (docs/stamp.md);
  /// it needs a picture of 512x32 pixels or more.
  ///
  /// A source that fails, ends or stalls while it runs says so by its state, shows its last
  /// picture, and is opened again until it is back.
  ///
  /// Errors: kInvalidArgument (unknown scheme or option), kNotFound (no such file, device or path),
  /// kUnreachable and kRejected (RTSP), kUnsupported (a size that the camera lacks), kIo (it is
  /// busy, forbidden or yields no picture), kMedia (a pipeline that doesn't work; no video in it).
  /// With VideoOpenOptions::wait kNotFound, kUnreachable and kIo are none, but of a file. Blocks
  /// until the first picture is known to come or not to, 5 s at most, twice that where H264 turns
  /// out to be such as must be decoded.
  static Result<std::shared_ptr<VideoSource>> open(const std::string& uri,
                                                   const VideoOpenOptions& options = {});

  VideoSource() = default;
  VideoSource(const VideoSource&) = delete;
  VideoSource& operator=(const VideoSource&) = delete;
  virtual ~VideoSource() = default;

  /// Begins to push pictures. Called once by the publisher that the source was added to, on the
  /// thread that calls Publisher::run.
  virtual Result<void> start() = 0;

  /// Ends pushing: when it returns, push() is not called any more.
  virtual void stop() = 0;

  /// The codec of the pictures if they come encoded: the publisher then offers no other.
  [[nodiscard]] virtual std::optional<VideoCodec> codec() const { return std::nullopt; }

  /// Asks a source of encoded pictures for a key frame, soon. It may be asked often; one that can't
  /// leaves the viewers waiting for its next one. An engine's thread: don't block.
  virtual void requestKeyFrame() {}

  /// Tells a source of encoded pictures what the path carries, in 1,000 bits a second; whether it
  /// follows. If not, pictures are left out up to the next key frame when the path is too narrow.
  /// An engine's thread: don't block.
  virtual bool setBitrate(int /*kbps*/) { return false; }

  /// Asks a source whose pictures come encoded, or may do so once it is open, for raw ones from now
  /// on: what is negotiated can't carry the others. Whether it can. An engine's thread: don't
  /// block.
  virtual bool preferRaw() { return false; }

  /// What was reported last. Any thread.
  [[nodiscard]] SourceState state() const;

  /// Says where the pictures go. Called by the publisher; an empty sink disconnects, and waits for
  /// a push that is under way.
  void connect(VideoSink sink);

 protected:
  /// Hands a picture on, without waiting for its encoding. Any thread, one at a time.
  void push(const VideoFrame& frame);
  /// Likewise, one that is encoded.
  void push(const EncodedFrame& frame);
  /// Says that the pictures ceased, or that they come again.
  void report(const SourceState& state);

 private:
  std::mutex mutex_;
  VideoSink sink_;
  mutable std::mutex stateMutex_;
  SourceState state_;
};

}  // namespace rtcpub
