#pragma once

#include <cstdint>
#include <vector>

#include "rtcpub/clock.h"

namespace rtcpub::cli {

/// The rate of a stream, by the times at which its first pictures came: of their intervals those
/// count that are about as long as the middle one, so that neither a burst nor a pause matters.
/// Pure.
class RateEstimate {
 public:
  static constexpr int kUnknown = 30;  ///< what is said of a stream that shows too little

  void add(Time came) { times_.push_back(came); }
  /// Whether it is time to decide: enough pictures came, or a second has passed.
  [[nodiscard]] bool settled(Time now) const;
  /// Pictures a second, 1 to 240.
  [[nodiscard]] int fps() const;

 private:
  std::vector<Time> times_;
};

/// Which pictures are written, and how often, so that a file of a fixed rate keeps the time at
/// which they came: missing ones are made up for by repeating the one before, and one that comes
/// too early is left out. What is late or early by a tenth of a second is neither. Pure.
class VideoTiming {
 public:
  VideoTiming(int fps, Time begin);

  /// How often the picture before must be written again until now; they count as written.
  [[nodiscard]] int repeats(Time now);
  /// Whether the picture that came now is to be written; it counts as written.
  [[nodiscard]] bool takes(Time now);
  /// When the next repetition is due if no picture comes.
  [[nodiscard]] Time deadline() const;

 private:
  [[nodiscard]] std::int64_t placeOf(Time time) const;

  const int fps_;
  const std::int64_t slack_;  // pictures
  const Time begin_;
  std::int64_t skipped_ = 0;  // places that stay empty, since nobody took pictures then
  std::int64_t written_ = 0;
  bool standing_ = false;  // what was written last was a repetition
};

}  // namespace rtcpub::cli
