#pragma once

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
#include "rtcpub/video_frame.h"

namespace rtcpub {

/// How a subscriber reaches its server, and what it receives.
struct SubscriberOptions : ConnectionOptions {
  /// Asks for this codec only; without one whatever the publisher sends.
  std::optional<VideoCodec> codec;
  /// Whether to receive video at all.
  bool video = true;
};

/// A viewer's side: receives a channel's video and talks over its data channels.
///
/// Any thread may call its functions; add the channels before run().
class RTCPUB_EXPORT Subscriber {
 public:
  /// Checks the options; connects nothing yet. Errors: kInvalidArgument.
  static Result<Subscriber> create(const SubscriberOptions& options);

  /// What was moved from can only be destroyed, or assigned to.
  Subscriber(Subscriber&&) noexcept;
  /// Likewise.
  Subscriber& operator=(Subscriber&&) noexcept;
  ~Subscriber();

  /// Adds a data channel. What is put on it goes to the publisher; the server drops it while there
  /// is none, so that no robot acts on it later. Errors: as Publisher::addDataChannel.
  Result<DataChannel> addDataChannel(const std::string& label,
                                     const DataChannelOptions& options = {});

  /// To drive, or to see who does and to stop. Call it before run(): a client that hasn't asked for
  /// it is told nothing of all this. All calls give handles of the same.
  [[nodiscard]] DriverControl control();

  /// The decoded pictures from now on, the newest only.
  [[nodiscard]] Subscription<VideoFrame> video();

  /// Receives until `stop` is requested (then the result has a value) or going on is pointless
  /// (then it says why). Waits for a publisher that isn't there yet. Blocks. Once.
  Result<void> run(const std::stop_token& stop = {});

  /// Every change of state from now on.
  [[nodiscard]] Subscription<StateChange> states();

  /// Figures of the last second.
  [[nodiscard]] Stats stats() const;

 private:
  class Impl;
  explicit Subscriber(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace rtcpub
