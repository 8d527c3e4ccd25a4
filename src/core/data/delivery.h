#pragma once

#include <chrono>
#include <optional>

#include "rtcpub/data_channel.h"

/// What a data channel's options (RFC 8832 section 5.1) mean for the age of its messages. SCTP
/// bounds no age by itself: it counts how often a message was sent, or how long ago that was first,
/// and what was never sent waits for as long as the path is silent. Pure.
namespace rtcpub::delivery {

/// What is sent once is worth nothing when it is older; each retransmission that a channel allows
/// is given as long again.
inline constexpr std::chrono::milliseconds kAgeOfOneSending{150};

/// The age above which a message is dropped, since it was put on the channel; nothing: never, the
/// channel is reliable.
[[nodiscard]] std::optional<std::chrono::milliseconds> longestAge(
    const DataChannelOptions& options);

[[nodiscard]] bool isReliable(const DataChannelOptions& options);

/// What holds between two sides that opened one label with different options: each limit that
/// either asks for (both limits may be set then), and the order if either asks for it. The protocol
/// is that of `ours`.
[[nodiscard]] DataChannelOptions stricter(const DataChannelOptions& ours,
                                          const DataChannelOptions& theirs);

}  // namespace rtcpub::delivery
