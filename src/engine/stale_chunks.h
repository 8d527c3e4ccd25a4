#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "rtcpub/clock.h"

namespace rtcpub::engine {

/// Keeps an SCTP socket from sending again what has outlived its life. dcsctp gives up a message
/// only once all that was sent before it is acknowledged or given up, too: one lost message of a
/// reliable channel makes all commands behind it go out again after an outage, seconds old.
/// Such chunks are taken out of the packet, which is to the socket as if that were lost: it gives
/// the message up at its next timeout. Pure; packets are those of the socket's own making.
class StaleChunks {
 public:
  /// A message is handed to the socket; without a deadline it is reliable.
  void onSend(std::uint16_t stream, std::span<const std::uint8_t> payload,
              std::optional<Time> deadline);
  /// From the peer: chunks that it acknowledges need not be remembered.
  void onReceived(std::span<const std::uint8_t> packet);
  /// Takes chunks out of a packet on its way to the peer; true if there were any. Then the checksum
  /// is to be computed anew, and if nothing but the header is left, there is nothing to send.
  bool remove(std::vector<std::uint8_t>& packet, Time now);

 private:
  static constexpr std::size_t kPrefix = 16;
  struct Handed {
    std::size_t size = 0;
    std::array<std::uint8_t, kPrefix> prefix{};
    std::optional<Time> deadline;
  };
  struct Sent {
    std::uint32_t tsn = 0;
    Time deadline{};
  };

  [[nodiscard]] bool isStale(std::span<const std::uint8_t> body, std::uint8_t flags, Time now);
  /// The life of the message that a chunk begins, if it is limited.
  std::optional<Time> begun(std::uint16_t stream, std::span<const std::uint8_t> payload, bool whole,
                            Time now);
  void onFirstSent(std::span<const std::uint8_t> body, std::uint8_t flags, Time now);

  std::map<std::uint16_t, std::deque<Handed>> handed_;  // by stream; not sent yet, in order
  std::map<std::uint16_t, Time> unfinished_;  // by stream: the message whose end is still to come
  std::deque<Sent> sent_;                     // by TSN, chunks of limited life only
  std::optional<std::uint32_t> highest_;      // TSN sent
};

}  // namespace rtcpub::engine
