#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "rtcpub/clock.h"
#include "sfu/transport/path.h"

namespace rtcpub::sfu {

/// Who goes first when more has come than can be done at once.
enum class Urgency : std::uint8_t {
  kControl,  ///< STUN and DTLS: ways, handshakes, commands
  kReport,   ///< RTCP
  kMedia,    ///< RTP
};
/// By the first bytes (RFC 7983 section 7, RFC 5761 section 4), also of what comes in a TURN
/// channel (RFC 8656 section 12.4). What is nothing of ours is handled at once.
[[nodiscard]] Urgency urgencyOf(std::span<const std::uint8_t> datagram);

/// How long media waited on this machine before its turn came.
struct Lateness {
  std::chrono::microseconds least{};  ///< a standing queue: not even one came earlier
  std::chrono::microseconds most{};
};
/// Of two sockets that one thread reads, the one before which more waits: that little waits at the
/// other, where perhaps hardly anything comes, makes it no better. Nothing where no media came.
[[nodiscard]] std::optional<Lateness> later(const std::optional<Lateness>& one,
                                            const std::optional<Lateness>& other);

/// Reports and media that came faster than they can be handled: reports first, each kind in the
/// order it came. It is bounded by time and by memory: of each kind the oldest are dropped first.
/// Pure, one thread.
class ArrivalQueue {
 public:
  /// Media older than this helps nobody: by then its receiver has better ways to go on. What was
  /// reported so long ago has changed, and was asked for again.
  static constexpr std::chrono::milliseconds kLongest{500};
  /// Of memory for media and reports each: some ten thousand packets, should a clock be wrong, or
  /// somebody send very small ones very fast.
  static constexpr std::size_t kMaxBytes = std::size_t{16} << 20;
  /// What each takes beside its bytes, in the queue and of the allocator.
  static constexpr std::size_t kEntryBytes = 256;
  /// Then media has a turn, so that reports alone can't stop it.
  static constexpr int kReportsInARow = 64;

  struct Arrival {
    std::vector<std::uint8_t> data;
    Path path;
    Time read{};                    ///< from the socket
    std::chrono::microseconds lay;  ///< there before
    Urgency urgency = Urgency::kMedia;
    /// How long it has been on this machine.
    [[nodiscard]] std::chrono::microseconds age(Time now) const { return now - read + lay; }
  };

  /// Of a report or of media.
  void push(Urgency urgency, std::span<const std::uint8_t> datagram, const Path& path, Time read,
            std::chrono::microseconds lay);
  [[nodiscard]] bool empty() const { return reports_.empty() && media_.empty(); }
  /// The next one, when it isn't empty; valid until the next call.
  const Arrival& take(Time now);
  /// How many were dropped so far.
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

 private:
  struct Line {
    std::deque<Arrival> arrivals;
    std::size_t bytes = 0;  ///< of memory
    [[nodiscard]] bool empty() const { return arrivals.empty(); }
  };

  Line& lineOf(Urgency urgency) { return urgency == Urgency::kReport ? reports_ : media_; }
  /// But for the newest, so that there is one to take.
  void dropOld(Line& line, Time now);
  void dropFirst(Line& line);
  void recycle(std::vector<std::uint8_t> buffer);

  Line reports_;
  Line media_;
  int inARow_ = 0;
  Arrival taken_{};
  std::vector<std::vector<std::uint8_t>> spare_;
  std::uint64_t dropped_ = 0;
};

}  // namespace rtcpub::sfu
