#pragma once

#include <chrono>
#include <optional>

#include "rtcpub/clock.h"

namespace rtcpub {

/// How long reliable messages wait for the other side after a connection had to be made anew. When
/// a server was restarted, robot and viewers come back one after the other, and what is sent while
/// nobody is there to take it the server drops.
///
/// Pure, one thread.
class Comeback {
 public:
  /// After that, counted from our own return, it is waited for nobody.
  static constexpr std::chrono::seconds kLongest{15};
  /// One that is there need not wait longer for the others.
  static constexpr std::chrono::seconds kForTheOthers{2};
  /// Who is there by signalling still makes its connection for data.
  static constexpr std::chrono::seconds kSettling{1};

  /// The server says how many are there: robots to a viewer, viewers to a robot.
  void onOthers(int count, Time now);
  /// Our connection is given up.
  void onLost();
  /// Our connection stands.
  void onBack(Time now);

  /// Whether reliable messages should wait.
  [[nodiscard]] bool waiting(Time now) const;
  /// When that ends, if nothing else happens before.
  [[nodiscard]] std::optional<Time> deadline() const;

 private:
  int others_ = 0;
  int most_ = 0;    ///< that were there at once while our connection stood
  int needed_ = 0;  ///< so many are waited for; 0: nobody
  std::optional<Time> back_;
  std::optional<Time> first_;
  std::optional<Time> all_;
};

}  // namespace rtcpub
