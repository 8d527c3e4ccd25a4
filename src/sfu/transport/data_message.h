#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "rtcpub/clock.h"
#include "rtcpub/data_channel.h"

namespace rtcpub::sfu {

/// A message of a data channel as it passes through; whoever keeps it copies it.
struct DataView {
  std::string_view label;
  const DataChannelOptions& options;  ///< of the sender's channel
  std::string_view data;
  bool binary = false;
  Time since{};              ///< when it reached this machine
  std::uint64_t sender = 0;  ///< a client's number, or kServer
};

/// After how long without a message for it a client with data channels is asked whether it is there
/// (RFC 9260 section 8.3), and again. In `MediaServerOptions::silence` it is asked twice, and has
/// time to answer: one message that is lost makes nobody away.
inline constexpr std::chrono::milliseconds kHeartbeat{900};

/// The sender of what the server says itself.
inline constexpr std::uint64_t kServer = UINT64_MAX;

/// A message that waits.
struct DataMessage {
  std::uint64_t sender = 0;
  std::string label;
  DataChannelOptions options;
  std::string data;
  bool binary = false;
  Time since{};

  static DataMessage of(const DataView& view) {
    return {.sender = view.sender,
            .label = std::string(view.label),
            .options = view.options,
            .data = std::string(view.data),
            .binary = view.binary,
            .since = view.since};
  }
  [[nodiscard]] DataView view() const { return {label, options, data, binary, since, sender}; }
};

}  // namespace rtcpub::sfu
