#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "rtcpub/clock.h"
#include "sfu/transport/path.h"

namespace rtcpub::sfu {

/// Which of a robot's datagrams to send twice while its path loses some: the small ones of data
/// channels, commands and their acknowledgements. SCTP notices a loss after a round trip and three
/// more messages: a command on a reliable channel, and those behind it, would come 100 ms late.
/// The copy is the same DTLS record, of which the robot drops the second (RFC 6347
/// section 4.1.2.6).
///
/// Pure: times are arguments.
class CommandRepeats {
 public:
  /// The two are to survive a short burst.
  static constexpr std::chrono::milliseconds kDistance{12};

  struct Repeat {
    Time due{};
    Path path;
    std::vector<std::uint8_t> datagram;
  };

  /// So many packets of the robot were lost since the start; told about once a second.
  void onLost(std::uint64_t packets, Time now);
  /// A datagram was sent. Returns whether it is to be sent again after kDistance.
  bool onSent(const Path& path, std::span<const std::uint8_t> datagram, Time now);
  /// What is due, in order.
  [[nodiscard]] std::vector<Repeat> take(Time now);

 private:
  bool withinRate(Time now);

  std::uint64_t lost_ = 0;
  std::optional<Time> lossyUntil_;
  std::deque<Repeat> waiting_;
  Time secondBegan_{};
  int inSecond_ = 0;
};

}  // namespace rtcpub::sfu
