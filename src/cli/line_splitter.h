#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "rtcpub/clock.h"

namespace rtcpub::cli {

/// Cuts what is read into lines. Each line is as old as its first byte. Pure, one thread.
class LineSplitter {
 public:
  explicit LineSplitter(std::size_t longest) : longest_(longest) {}

  struct Line {
    std::string_view text;  ///< without its end; valid until feed()
    Time since{};
  };

  /// Takes bytes that were written at `since` or later.
  void feed(std::string_view bytes, Time since);
  /// The next line that is complete.
  std::optional<Line> next();
  /// Call when there is no next(): true, once, when a line has become longer than the longest; what
  /// was read of it is forgotten.
  bool dropTooLong();

 private:
  const std::size_t longest_;
  std::string pending_;
  std::size_t start_ = 0;  ///< of what next() hasn't given
  Time firstSince_{};      ///< of the line that was begun before the last feed()
  Time restSince_{};       ///< of all lines after it
  bool begun_ = false;     ///< whether there is such a line
};

}  // namespace rtcpub::cli
