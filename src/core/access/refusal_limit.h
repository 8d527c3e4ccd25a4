#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <map>
#include <optional>
#include <string_view>

#include "core/limits/connection_table.h"
#include "core/limits/rate_limit.h"
#include "rtcpub/clock.h"

namespace rtcpub {

/// How often an address is told why it isn't let in. Bounded: of more networks than it has room for
/// it forgets the one that was quiet for longest.
class RefusalLimit {
 public:
  static constexpr std::size_t kMost = 20;
  static constexpr std::chrono::minutes kPeriod{1};
  static constexpr std::size_t kMaxNetworks = 4096;
  /// Tokens in a second that take long to verify, and are looked at though their address had its
  /// share: a good one is to pass.
  static constexpr std::size_t kMostTries = 5;

  RefusalLimit() = default;
  RefusalLimit(RefusalLimit&&) = default;
  RefusalLimit& operator=(RefusalLimit&&) = default;
  RefusalLimit(const RefusalLimit&) = delete;  // its parts point at each other
  RefusalLimit& operator=(const RefusalLimit&) = delete;
  ~RefusalLimit() = default;

  /// Counts a refusal of this address. Returns how long it must be quiet when it had its share.
  std::optional<std::chrono::seconds> onRefused(std::string_view address, Time now);
  /// The same without counting one.
  [[nodiscard]] std::optional<std::chrono::seconds> wait(std::string_view address, Time now) const;
  /// Whether any was refused within the last minute.
  [[nodiscard]] bool wasRefused(std::string_view address, Time now) const;
  /// Counts a try of this address: whether it is looked at.
  bool mayTry(std::string_view address, Time now);
  [[nodiscard]] std::size_t networks() const { return networks_.size(); }

 private:
  struct Network {
    NetworkKey key;
    RateLimit refusals{kMost, kPeriod};
    RateLimit tries{kMostTries, std::chrono::seconds(1)};
  };
  using Order = std::list<Network>;  // whoever was refused last: last
  Order order_;
  std::map<NetworkKey, Order::iterator> networks_;
};

}  // namespace rtcpub
