#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <optional>

#include "rtcpub/clock.h"

namespace rtcpub::session {

/// When each of a few things is due. `Name` is an enumeration whose last one is kCount; of several
/// that are due the one that stands first in it comes first. Pure.
template <class Name>
class Deadlines {
 public:
  void set(Name name, Time at) { place(name) = at; }
  void clear(std::initializer_list<Name> names) {
    for (const Name name : names) place(name).reset();
  }
  void clearAll() { times_.fill(std::nullopt); }

  [[nodiscard]] std::optional<Time> at(Name name) const {
    return times_[static_cast<std::size_t>(name)];
  }
  [[nodiscard]] std::optional<Time> first() const {
    std::optional<Time> first;
    for (const auto& time : times_) {
      if (time) first = std::min(first.value_or(*time), *time);
    }
    return first;
  }

  /// One that is due, which is cleared; nothing when none is.
  [[nodiscard]] std::optional<Name> take(Time now) {
    for (std::size_t i = 0; i < times_.size(); ++i) {
      if (!times_[i] || now < *times_[i]) continue;
      times_[i].reset();
      return static_cast<Name>(i);
    }
    return std::nullopt;
  }

 private:
  [[nodiscard]] std::optional<Time>& place(Name name) {
    return times_[static_cast<std::size_t>(name)];
  }

  std::array<std::optional<Time>, static_cast<std::size_t>(Name::kCount)> times_{};
};

}  // namespace rtcpub::session
