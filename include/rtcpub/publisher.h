#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "rtcpub/codec.h"
#include "rtcpub/connection.h"
#include "rtcpub/data_channel.h"
#include "rtcpub/export.h"
#include "rtcpub/result.h"
#include "rtcpub/state.h"
#include "rtcpub/stats.h"
#include "rtcpub/subscription.h"
#include "rtcpub/video_source.h"

namespace rtcpub {

struct PublisherOptions : ConnectionOptions {
  /// The codec to send; without one H264, or what the server knows.
  std::optional<VideoCodec> codec;
  /// The most that the video may take, in 1,000 bits a second.
  int bitrateKbps = 2000;
  /// The longest distance between key frames, in frames. Key frames on demand come besides.
  int keyFrameInterval = 100;
};

/// A robot's side: sends one video and any number of two-way data channels to a channel of a
/// server.
///
/// Any thread may call its functions; add the video and the channels before run().
class RTCPUB_EXPORT Publisher {
 public:
  /// Checks the options; connects nothing yet. Errors: kInvalidArgument.
  static Result<Publisher> create(const PublisherOptions& options);

  Publisher(Publisher&&) noexcept;
  Publisher& operator=(Publisher&&) noexcept;
  ~Publisher();

  /// Sets the picture to send. Errors: kInvalidArgument (there is one already, or run() was
  /// called).
  Result<void> addVideo(std::shared_ptr<VideoSource> source);

  /// Adds a data channel. Errors: kInvalidArgument (label empty, over 128 bytes, reserved — it
  /// begins with `rtcpub.` — or taken, or run() was called).
  Result<DataChannel> addDataChannel(const std::string& label,
                                     const DataChannelOptions& options = {});

  /// Publishes until `stop` is requested (then the result has a value) or going on is pointless
  /// (then it says why). Blocks. Once.
  Result<void> run(const std::stop_token& stop = {});

  /// Every change of state from now on.
  [[nodiscard]] Subscription<StateChange> states();

  /// Figures of the last second.
  [[nodiscard]] Stats stats() const;

 private:
  class Impl;
  explicit Publisher(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace rtcpub
