#pragma once

#include <chrono>
#include <optional>

#include "rtcpub/clock.h"

namespace rtcpub::peer {

/// Whether to send FEC: only where what is lost is repeated late, since the round trip is long, and
/// where the path has room for it; without room FEC takes the video's. Pure.
class FecPolicy {
 public:
  /// The path is to carry so many times the video at its most, to begin and to go on: 1.5 and 1.3
  /// times the video with FEC, which adds up to 35 %.
  static constexpr double kRoomToBegin = 2;
  static constexpr double kRoomToGoOn = 1.75;
  /// Fractions of the packets, over the last seconds.
  static constexpr double kLossToBegin = 0.01;
  static constexpr double kLossToGoOn = 0.005;
  static constexpr std::chrono::milliseconds kRttToBegin{30};
  static constexpr std::chrono::milliseconds kRttToGoOn{20};
  /// All that it takes must have been there for so long.
  static constexpr std::chrono::seconds kSteady{3};

  struct Path {
    int estimateKbps = 0;
    int wantedKbps = 0;  ///< by the video, at its most
    double loss = 0;     ///< fraction of the packets, lately
    std::chrono::milliseconds rtt{};
  };

  /// Whether FEC is to be sent from now on.
  [[nodiscard]] bool update(const Path& path, Time now);

 private:
  void smooth(double loss, Time now);
  [[nodiscard]] bool holds(const Path& path, bool toBegin) const;

  bool on_ = false;
  double loss_ = 0;
  std::optional<Time> updated_;
  std::optional<Time> fineSince_;
};

}  // namespace rtcpub::peer
