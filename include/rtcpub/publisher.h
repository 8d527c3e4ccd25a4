#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "rtcpub/codec.h"
#include "rtcpub/connection.h"
#include "rtcpub/control.h"
#include "rtcpub/data_channel.h"
#include "rtcpub/export.h"
#include "rtcpub/result.h"
#include "rtcpub/state.h"
#include "rtcpub/stats.h"
#include "rtcpub/subscription.h"
#include "rtcpub/video_source.h"

namespace rtcpub {

/// The data channel on which viewers choose between cameras, and drive (docs/protocol.md).
inline constexpr const char* kStreamLabel = "stream";

/// How long a camera's name may be, in bytes.
inline constexpr std::size_t kMaxCameraName = 32;

/// The most temporal layers that a video may have.
inline constexpr int kMaxTemporalLayers = 3;

/// Whether a video in this codec can have temporal layers.
inline constexpr bool canHaveLayers(VideoCodec codec) { return codec != VideoCodec::kH264; }

/// How a publisher reaches its server, and what it sends.
struct PublisherOptions : ConnectionOptions {
  /// The codec to send; without one H264, and while no viewer takes that, VP8 or VP9. Video that
  /// comes encoded stays in its codec.
  std::optional<VideoCodec> codec;
  /// The most that the video may take, in 1,000 bits a second.
  int bitrateKbps = 2000;
  /// The longest distance between key frames, in frames. Key frames on demand come besides.
  int keyFrameInterval = 100;
  /// The only encoder to use, as `rtcpub devices` names them: "x264enc", "nvv4l2h264enc",
  /// "openh264", … Empty: the first of the machine's that opens, hardware before software, and the
  /// next one when it fails.
  std::string encoder;
  /// Spreads what a key frame does over many frames, where the encoder can (x264enc): no frame is
  /// larger than the others then, but a viewer that joins still gets a key frame.
  bool intraRefresh = false;
  /// 1 to 3. With 2 half of the frames, with 3 three quarters of them can be left out for a viewer
  /// whose path is narrow, so that it gets the others at an even distance. VP8 and VP9 only.
  int temporalLayers = 1;
  /// Whether `motion` messages on the data channel `stream` switch cameras: `back` to the camera
  /// named "rear", `forward` to the one named "front".
  bool autoRear = false;
};

/// A robot's side: sends one video and any number of two-way data channels to a channel of a
/// server.
///
/// Any thread may call its functions; add the video and the channels before run().
class RTCPUB_EXPORT Publisher {
 public:
  /// Checks the options; connects nothing yet. Errors: kInvalidArgument, kNotFound (there is no
  /// such encoder here).
  static Result<Publisher> create(const PublisherOptions& options);

  /// What was moved from can only be destroyed, or assigned to.
  Publisher(Publisher&&) noexcept;
  /// Likewise.
  Publisher& operator=(Publisher&&) noexcept;
  ~Publisher();

  /// Sets the picture to send. Errors: kInvalidArgument (there is one already, or run() was
  /// called).
  Result<void> addVideo(std::shared_ptr<VideoSource> source);

  /// Adds a camera with a name. All are kept running; the one added first is on the air until
  /// another is selected: by selectCamera(), or by a message `{"camera":"NAME"}` on the data
  /// channel `stream`. Errors: kInvalidArgument (name empty, over 32 bytes or taken, some cameras
  /// encoded in different codecs, or run() was called).
  Result<void> addCamera(const std::string& name, std::shared_ptr<VideoSource> source);

  /// Puts a camera on the air; its next picture is a key frame. Errors: kNotFound.
  Result<void> selectCamera(const std::string& name);

  /// Shows another camera small in the lower right corner of whichever is on the air, or none when
  /// the name is empty. Errors: kNotFound; kUnsupported (a camera's video comes encoded).
  Result<void> setPictureInPicture(const std::string& name);

  /// Adds a data channel. Errors: kInvalidArgument (label empty, over 128 bytes, reserved — it
  /// begins with `rtcpub.` — or taken, or run() was called).
  Result<DataChannel> addDataChannel(const std::string& label,
                                     const DataChannelOptions& options = {});

  /// Lets the channel's drivers drive, by a gate that works from now on (docs/control.md).
  /// `autoRear` then goes by what has passed it. Errors: kInvalidArgument (an option out of its
  /// bounds, there is a gate already, or run() was called).
  Result<Control> addControl(const ControlOptions& options = {});

  /// Publishes until `stop` is requested (then the result has a value) or going on is pointless
  /// (then it says why). Blocks. Once.
  Result<void> run(const std::stop_token& stop = {});

  /// Every change of state from now on.
  [[nodiscard]] Subscription<StateChange> states();

  /// How many viewers there are, on every change from now on, as the server says: one that leaves
  /// is told at once, one that just vanishes after 3 s at most, or 15 s when it has no data
  /// channel. While the connection is away nothing is said.
  [[nodiscard]] Subscription<int> viewers();

  /// Figures of the last second.
  [[nodiscard]] Stats stats() const;

 private:
  class Impl;
  explicit Publisher(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace rtcpub
