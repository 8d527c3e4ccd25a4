#pragma once

#include <chrono>
#include <optional>

#include "rtcpub/clock.h"

namespace rtcpub::peer {

/// Notices a peer that agreed to transport-wide feedback and doesn't send it, libdatachannel for
/// one: libwebrtc takes that for a path that lost everything, and lowers its estimate to nothing.
/// Whether the path is to blame, the receiver reports tell: they say that packets arrive.
///
/// Pure: times are arguments.
class FeedbackWatch {
 public:
  /// Feedback comes several times a second; a receiver report once a second or so.
  static constexpr std::chrono::seconds kPatience{2};

  /// A packet left on which feedback is due.
  void onSent(Time now);
  void onFeedback(Time now);
  /// A receiver report says that packets have arrived since the one before. Whether it is known
  /// with it that no feedback comes; said once.
  [[nodiscard]] bool onArrival(Time now);

  /// Feedback doesn't come, for as long as none does.
  [[nodiscard]] bool missing() const { return missing_; }
  /// It is late: it may be missing, or the path is silent.
  [[nodiscard]] bool overdue(Time now) const;

 private:
  std::optional<Time> dueSince_;  ///< the last feedback, before the first one the first packet
  bool heard_ = false;
  int arrivals_ = 0;  ///< that were told since it is overdue
  bool missing_ = false;
};

}  // namespace rtcpub::peer
