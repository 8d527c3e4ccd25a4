#pragma once

#include <chrono>
#include <cstddef>
#include <deque>

#include "rtcpub/clock.h"

namespace rtcpub::car {

/// What is known of a program that drives motors and is told lines by a pipe: whether it can be
/// relied on, whether it reads them in time, and when it may be started anew.
///
/// Pure: the time never goes back.
class ProgramWatch {
 public:
  /// One that has just begun may end at once.
  static constexpr std::chrono::milliseconds kSettles{500};
  /// Until it has read its first lines: an interpreter takes its time to begin.
  static constexpr std::chrono::seconds kToBegin{10};
  /// What it reads later than that is no command any more.
  static constexpr std::chrono::milliseconds kMostUnread{500};
  /// Between its end and its next start, at first and at most.
  static constexpr std::chrono::milliseconds kFirstPause{500};
  static constexpr std::chrono::milliseconds kLastPause{8000};
  /// One that has lived so long has not failed as the one before it.
  static constexpr std::chrono::seconds kProven{10};

  enum class Finding {
    kBegins,  ///< it may be all right, but that isn't known yet
    kReads,
    kStuck,  ///< it doesn't read
  };

  void onStart(Time now);
  /// It was told so many bytes.
  void onTold(std::size_t bytes, Time now);
  /// So many bytes of what it was told it hasn't read yet.
  Finding look(std::size_t unread, Time now);
  void onEnd(Time now);
  /// Whether it may be started, again.
  [[nodiscard]] bool mayStart(Time now) const { return now >= startAt_; }

 private:
  struct Told {
    std::size_t bytes = 0;
    Time at{};
  };

  std::deque<Told> unread_;
  std::size_t unreadBytes_ = 0;
  Time startedAt_{};
  bool reads_ = false;  ///< it has read what it was told, once
  std::chrono::milliseconds pause_ = kFirstPause;
  Time startAt_{};
};

}  // namespace rtcpub::car
