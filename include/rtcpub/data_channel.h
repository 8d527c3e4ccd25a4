#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "rtcpub/clock.h"
#include "rtcpub/export.h"
#include "rtcpub/message.h"
#include "rtcpub/result.h"
#include "rtcpub/subscription.h"

namespace rtcpub {

/// How a channel treats its messages (RFC 8832 section 5.1). The default is reliable and ordered.
/// Where the other side opened the same label with other options, the stricter hold.
struct DataChannelOptions {
  /// Whether messages arrive in the order in which they were put.
  bool ordered = true;
  /// Gives a message up after that many retransmissions, 0 to 65535, and when it is older than
  /// 150 ms for each time that it may be sent. Excludes maxPacketLifeTimeMs.
  std::optional<int> maxRetransmits;
  /// Gives a message up when it is older than this, 0 to 65535. Excludes maxRetransmits.
  std::optional<int> maxPacketLifeTimeMs;
  /// A name for what the messages mean, which nobody here reads.
  std::string protocol;
  /// A publisher's: viewers may send on it that have no right to drive, too. Without it the server
  /// passes on what those with that right send (rights.h). Means nothing to a subscriber.
  bool viewersMaySend = false;
};

/// A data channel's label and options.
struct DataChannelDescription {
  std::string label;           ///< 1 to 128 bytes
  DataChannelOptions options;  ///< how it treats its messages
};

/// Reads them from one text: `stream`, or `stream?ordered=false&life=300`. The options are
/// `ordered` (true or false), `life` (maxPacketLifeTimeMs), `retransmits` (maxRetransmits),
/// `protocol` and `viewers` (viewersMaySend; true, also when nothing follows it, or false); a `%XX`
/// stands for a byte. Errors: kInvalidArgument, naming the option and what it takes.
[[nodiscard]] RTCPUB_EXPORT Result<DataChannelDescription> parseDataChannel(std::string_view text);

/// How put() waits, and how old the message is.
struct PutOptions {
  /// When what the message says was true; its age counts from then. Nothing: from the call on.
  std::optional<Time> since;
  /// The longest wait for room.
  std::chrono::nanoseconds timeout = std::chrono::nanoseconds::max();
  /// Ends the wait.
  std::stop_token stop;
};

/// A two-way channel of messages with a label. A cheap handle that may be copied and stays valid
/// when the connection is lost. Any thread.
class RTCPUB_EXPORT DataChannel {
 public:
  class Impl;
  /// For the library: publishers and subscribers make them.
  explicit DataChannel(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

  /// What it was added as.
  [[nodiscard]] const std::string& label() const;

  /// Queues a message for sending and returns at once. While there is no connection, or no room in
  /// it, up to 256 messages or 1 MiB wait; then the oldest are dropped and counted. What a
  /// connection took along that the other end hasn't acknowledged waits again, in its place, so
  /// that a reliable message may come twice. Those of a channel with maxPacketLifeTimeMs are
  /// dropped and counted when they have become older than that, those with maxRetransmits at once
  /// when the connection is away. Errors: kInvalidArgument (over kMaxMessageSize).
  [[nodiscard]] Result<void> putNowait(Message message);

  /// As putNowait(), but on a reliable channel it waits until there is room for the message, so
  /// that none is dropped for it. The room is what putNowait() says, less what is on its way. On
  /// channels that may lose messages it doesn't wait. False: the message wasn't taken, since
  /// `stop` was requested, the time has passed or nothing will be sent any more. Errors:
  /// kInvalidArgument (over kMaxMessageSize).
  [[nodiscard]] Result<bool> put(Message message, const PutOptions& options = {});

  /// A queue with everything that arrives from now on, of so many messages at most: who reads more
  /// slowly than they come, and in bursts, needs more.
  [[nodiscard]] Subscription<Message> subscribe(std::size_t capacity = 256);

  /// How many messages were dropped instead of being sent, or given up on the way.
  [[nodiscard]] std::uint64_t dropped() const;

  /// How many messages wait, or are on their way and not acknowledged yet.
  [[nodiscard]] std::uint64_t waiting() const;

 private:
  std::shared_ptr<Impl> impl_;
};

}  // namespace rtcpub
