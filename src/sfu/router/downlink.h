#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "rtcpub/clock.h"
#include "sfu/router/outgoing_packet.h"

namespace rtcpub::sfu {

/// The way to one viewer whose path carries less than the source sends, or not much more: a
/// queue that empties as fast as the path is estimated to be. So the network's own queues stay
/// short, and what goes past this one (data) arrives early. From time to time it probes for more.
class Downlink {
 public:
  using Send = std::function<void(const OutgoingPacket&)>;
  /// A packet of no use but its size; nothing if none can be made.
  using MakePadding = std::function<std::optional<OutgoingPacket>()>;

  /// What is sent early lies in the network's queue: at most so much.
  static constexpr std::chrono::milliseconds kBurst{20};
  /// While the source fits the estimate, its frames leave as fast as it sends them.
  static constexpr double kFastPacing = 2.5;
  /// While it doesn't: it would fill the network's queue, before data.
  static constexpr double kThriftyPacing = 0.95;
  static constexpr std::chrono::milliseconds kFirstProbe{300};
  static constexpr std::chrono::milliseconds kRecent{600};
  static constexpr std::chrono::milliseconds kProbeInterval{2000};
  static constexpr std::chrono::milliseconds kMaxProbeInterval{8000};
  static constexpr int kProbePackets = 5;

  /// Rates in bits a second.
  Downlink(std::int64_t estimate, std::int64_t need, Time now, Send send);

  /// `need`: what the source sends.
  void adapt(std::int64_t estimate, std::int64_t need, Time now);
  /// The highest of the last moments: a fall may be a false one, which the next probe undoes.
  [[nodiscard]] std::int64_t recentEstimate() const { return recent_; }

  /// Sends it now or later; `early`: before everything that waits.
  void send(const OutgoingPacket& packet, bool early, Time now);
  /// When the path will have carried all that was given so far, the network's own delay aside.
  [[nodiscard]] Time emptyAt() const;
  /// Sends all that waits at once.
  void flush();

  /// When to call onTime.
  [[nodiscard]] Time deadline() const;
  void onTime(Time now, const MakePadding& makePadding);

 private:
  struct Waiting {
    std::vector<std::uint8_t> data;
    std::size_t transportSequence = 0;
  };
  struct RunningProbe {
    Probe probe;
    Time next{};
    int packets = 0;
    int bytes = 0;
  };

  [[nodiscard]] static std::chrono::microseconds timeFor(std::size_t bytes, std::int64_t rate);
  [[nodiscard]] bool empty() const { return early_.empty() && inTurn_.empty(); }
  void noteFall(Time now);
  void transmit(const OutgoingPacket& packet, Time now);
  void transmitFirst(const std::optional<Probe>& probe, Time now);
  void startProbe(Time now);
  void continueProbe(Time now, const MakePadding& makePadding);

  Send send_;
  std::int64_t estimate_ = 0;
  std::int64_t recent_ = 0;  ///< the highest estimate within kRecent
  Time recentAt_{};
  std::int64_t rate_ = 0;  ///< at which the queue empties
  Time clearAt_{};         ///< when the path will have carried what was sent
  std::deque<Waiting> early_;
  std::deque<Waiting> inTurn_;
  std::size_t waitingBytes_ = 0;  ///< with what is around each packet

  std::optional<RunningProbe> probe_;
  int probes_ = 0;
  std::int64_t probedFrom_ = 0;  ///< the estimate when the last one began
  Time probedAt_{};
  bool answered_ = true;  ///< the last one found more
  Time nextProbe_{};
  std::int64_t recover_ = 0;  ///< a rate to probe for once, after a sharp fall; or 0
  std::chrono::milliseconds probeInterval_ = kProbeInterval;
};

}  // namespace rtcpub::sfu
