#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "rtcpub/clock.h"
#include "sfu/router/payload_descriptor.h"

namespace rtcpub::sfu {

/// Which of a publisher's lost packets to ask for, and when a key frame is the quicker way on: when
/// repeating what an outage or a fall of the bandwidth took would be longer, on a path without room
/// for it, and when something doesn't come in spite of being asked for. Without it viewers would
/// stand still until they complain, which takes seconds. Frames of upper temporal layers are no
/// reason for a key frame: senders don't repeat them when that would take long.
class Repairs {
 public:
  /// A key frame, from being asked for to being here, takes about as long.
  static constexpr std::chrono::milliseconds kKeyFrame{250};
  /// What was asked for so long ago, or three round trips, won't come.
  static constexpr std::chrono::milliseconds kOverdue{400};

  struct Packet {
    std::uint16_t sequenceNumber = 0;
    std::uint32_t timestamp = 0;
    bool startsKeyFrame = false;
    bool repeated = false;
    bool endsFrame = false;
    std::optional<LayeredPacket> layered{};
  };

  void setRtt(std::chrono::milliseconds rtt) { rtt_ = rtt; }
  void onReceived(const Packet& packet, Time now);
  /// These are missing, anew or still; returns those that are worth asking for.
  [[nodiscard]] std::vector<std::uint16_t> onMissing(std::span<const std::uint16_t> packets,
                                                     Time now);
  /// Whether to ask for a key frame now, and for nothing that is missing. After each of the two
  /// above.
  [[nodiscard]] bool givesUp(Time now);

 private:
  struct Missing {
    std::uint16_t sequenceNumber = 0;
    Time since{};
    bool spare = false;
  };
  /// Some sequence numbers in a row.
  struct Gap {
    std::uint16_t first = 0;
    std::uint16_t last = 0;
  };
  struct Event {
    Time at{};
    std::size_t missing = 0;
    std::size_t received = 0;
  };

  void onNewest(const Packet& packet);
  void onKeyFrame(std::uint16_t sequenceNumber);
  /// Where the picture that a packet belongs to may have begun.
  [[nodiscard]] std::uint16_t beginOf(std::uint16_t sequenceNumber) const;
  /// Of an upper temporal layer.
  [[nodiscard]] bool isSpare(std::uint16_t sequenceNumber) const;
  [[nodiscard]] bool isOfNoUse(std::uint16_t sequenceNumber) const;
  [[nodiscard]] bool worthIt() const;
  /// Whether something doesn't come; what can be spared is given up then.
  [[nodiscard]] bool overdue(Time now);
  void count(const Event& event);
  void beginAnew();

  std::chrono::milliseconds rtt_{100};
  std::vector<Missing> missing_;
  std::deque<Gap> spare_;  ///< the newest ones, in order
  std::optional<Packet> newest_;
  /// Where the newest pictures may have begun: behind what had come of those before.
  std::deque<std::uint16_t> begins_;
  /// What comes before is of no use any more: where a key frame may have begun.
  std::optional<std::uint16_t> start_;
  std::optional<Time> waitsSince_;  ///< for a key frame that was asked for
  std::deque<Event> window_;
  std::size_t missingInWindow_ = 0;
  std::size_t receivedInWindow_ = 0;
};

}  // namespace rtcpub::sfu
