#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace rtcpub::sfu {

/// Data messages that were dropped, by the reason.
struct DroppedMessages {
  std::uint64_t full = 0;       ///< too much waited for whom they were for
  std::uint64_t stale = 0;      ///< they had become older than their data channels allow
  std::uint64_t tooLarge = 0;   ///< larger than is taken, here or by whom they were for
  std::uint64_t noChannel = 0;  ///< no data channel was open for them, nor could be opened
  std::uint64_t ended = 0;      ///< they waited for a member whose data channels ended
  std::uint64_t noRight = 0;    ///< their sender may not send them

  [[nodiscard]] std::uint64_t all() const {
    return full + stale + tooLarge + noChannel + ended + noRight;
  }
};

/// Commands to robots, and what else there is of control (docs/control.md).
struct ControlTotals {
  std::uint64_t forwarded = 0;
  std::uint64_t notDriver = 0;  ///< refused: their sender doesn't drive, or not by this lease
  std::uint64_t tooMany = 0;    ///< … more than one member may send
  std::uint64_t malformed = 0;  ///< … they can't be read
  std::uint64_t emergency = 0;  ///< … an old robot's that was stopped, before its driver let go
  std::uint64_t late = 0;       ///< … an old program's, which lay here for too long
  std::uint64_t noRobot = 0;    ///< … there was nobody to take them, or it isn't known how
  std::uint64_t leaseChanges = 0;    ///< another member drives, or nobody
  std::uint64_t emergencyStops = 0;  ///< that began, pressed by a member or at the robot
};

/// What has passed, counted since the beginning: no figure ever falls, though members, sections and
/// channels come and go. All of them are counters of 64 bits. Pure.
struct MediaTotals {
  // From publishers: RTP packets as they came, with those of RTX and FEC; bytes with RTP's headers,
  // without what encryption and the network add.
  std::uint64_t receivedPackets = 0;
  std::uint64_t receivedBytes = 0;
  std::uint64_t lostPackets = 0;     ///< that didn't come, or not by themselves
  std::uint64_t repairedByRtx = 0;   ///< … and came when they were asked for again
  std::uint64_t repairedByFec = 0;   ///< … or were made from FEC
  std::uint64_t keyFrames = 0;       ///< of the video that is passed on
  std::uint64_t keyFramesAsked = 0;  ///< requests to publishers

  // To viewers: RTP packets, with those that are sent again, and padding that probes the path.
  std::uint64_t sentPackets = 0;
  std::uint64_t sentBytes = 0;
  std::uint64_t retransmitted = 0;
  std::uint64_t tooOld = 0;         ///< packets that were asked for again, but are kept no more
  std::uint64_t droppedFrames = 0;  ///< left out since a viewer's path is too narrow
  std::uint64_t picturesLost = 0;   ///< PLI and FIR of viewers

  // Messages of data channels, without the clocks'.
  std::uint64_t receivedMessages = 0;
  std::uint64_t receivedMessageBytes = 0;
  std::uint64_t sentMessages = 0;
  std::uint64_t sentMessageBytes = 0;
  DroppedMessages droppedMessages{};

  ControlTotals control{};

  MediaTotals& operator+=(const MediaTotals& other) {
    using Counters = std::array<std::uint64_t, sizeof(MediaTotals) / sizeof(std::uint64_t)>;
    auto sum = std::bit_cast<Counters>(*this);
    const auto more = std::bit_cast<Counters>(other);
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += more[i];
    return *this = std::bit_cast<MediaTotals>(sum);
  }
};

}  // namespace rtcpub::sfu
