#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "rtcpub/export.h"
#include "rtcpub/message.h"
#include "rtcpub/result.h"
#include "rtcpub/subscription.h"

namespace rtcpub {

/// How a channel treats its messages (RFC 8832 section 5.1). The default is reliable and ordered.
struct DataChannelOptions {
  bool ordered = true;
  /// Gives a message up after that many retransmissions. Excludes maxPacketLifeTimeMs.
  std::optional<int> maxRetransmits;
  /// Gives a message up when it is older than this. Excludes maxRetransmits.
  std::optional<int> maxPacketLifeTimeMs;
  std::string protocol;
};

/// A two-way channel of messages with a label. A cheap handle that may be copied and stays valid
/// when the connection is lost. Any thread.
class RTCPUB_EXPORT DataChannel {
 public:
  class Impl;
  explicit DataChannel(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

  [[nodiscard]] const std::string& label() const;

  /// Queues a message for sending and returns at once. While there is no connection, or no room in
  /// it, up to 256 messages or 1 MiB wait; then the oldest are dropped and counted. Those of a
  /// channel with maxPacketLifeTimeMs are dropped and counted when they have become older than
  /// that, those with maxRetransmits at once when the connection is away. Errors: kInvalidArgument
  /// (over kMaxMessageSize).
  [[nodiscard]] Result<void> putNowait(Message message);

  /// A queue of 256 messages with everything that arrives from now on.
  [[nodiscard]] Subscription<Message> subscribe();

  /// How many messages were dropped instead of being sent.
  [[nodiscard]] std::uint64_t dropped() const;

 private:
  std::shared_ptr<Impl> impl_;
};

}  // namespace rtcpub
