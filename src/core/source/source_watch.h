#pragma once

#include <chrono>
#include <cstdint>

#include "rtcpub/clock.h"

namespace rtcpub {

/// Decides when a video source counts as lost, when it is opened again, and when its last picture
/// is shown once more. Pure: the time is an argument.
class SourceWatch {
 public:
  enum class Due { kNothing, kLost, kReopen, kRepeat };

  static constexpr std::chrono::seconds kPatience{2};          ///< without a picture
  static constexpr std::chrono::seconds kLongestPatience{30};  ///< at the slowest rate
  static constexpr std::chrono::seconds kOpenPatience{5};
  static constexpr std::chrono::milliseconds kFirstWait{250};
  static constexpr std::chrono::seconds kLongestWait{10};
  static constexpr std::chrono::milliseconds kRepeatInterval{500};
  /// How long pictures must come until the next loss is waited for as the first one was.
  static constexpr std::chrono::seconds kProbation{5};

  /// `stalls`: whether a source without pictures for long counts as lost.
  explicit SourceWatch(bool stalls) : stalls_(stalls) {}

  /// Whether pictures come.
  [[nodiscard]] bool live() const { return phase_ == Phase::kLive; }

  /// The source is being opened; its first picture is waited for.
  void onOpening(Time now);
  /// So many pictures came since it was opened, the last one at `last`. Whether it came back.
  bool onPictures(std::uint64_t count, Time last);
  /// It failed, ended, stalled or didn't open. Whether it was live.
  bool onLoss(Time now);

  [[nodiscard]] Due due(Time now) const;
  /// When there is something due, if nothing happens before.
  [[nodiscard]] Time deadline() const;
  /// The last picture was shown again.
  void onRepeated(Time now) { repeatAt_ = now + kRepeatInterval; }

 private:
  enum class Phase { kOpening, kLive, kAway };

  [[nodiscard]] Time lostAt() const;

  const bool stalls_;
  Phase phase_ = Phase::kAway;
  bool seen_ = false;             // ever a picture
  Time began_{};                  // of opening, or of the pictures
  Time last_{};                   // picture
  std::uint64_t countBegan_ = 0;  // pictures at began_
  std::chrono::microseconds interval_{};
  std::chrono::milliseconds wait_ = kFirstWait;
  Time reopenAt_{};
  Time repeatAt_{};
};

}  // namespace rtcpub
