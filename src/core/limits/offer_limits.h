#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/limits/connection_table.h"
#include "core/limits/rate_limit.h"
#include "rtcpub/clock.h"
#include "rtcpub/result.h"

/// How many offers the server reads: each costs it milliseconds.
namespace rtcpub {

inline constexpr std::size_t kOffersOfClient = 5;  ///< in a second
/// In a second, of all clients of one address: many may come back at once by one router.
inline constexpr std::size_t kOffersOfAddress = 50;

/// Of an address as text; what is none counts as one.
NetworkKey networkOf(std::string_view address);

/// The offers of all clients, by their addresses.
class OfferLimits {
 public:
  /// When one more offer of a client of this address, as text, or of its network is due. Nothing
  /// when too many wait already.
  std::optional<Time> take(std::string_view address, Time now);
  [[nodiscard]] std::size_t size() const { return networks_.size(); }

 private:
  void forgetIdle(Time now);

  std::map<NetworkKey, RateLimit> networks_;
  Time sweepAt_{};
};

/// The offers of one client.
class OfferTurns {
 public:
  /// `limits` outlives this; without it only the client's own offers count.
  OfferTurns(OfferLimits* limits, std::string address);

  /// When an offer is due that has come now; while it waits no other may come. Errors: kRejected,
  /// in words for the client.
  Result<Time> take(Time now);
  [[nodiscard]] const std::string& address() const { return address_; }

 private:
  OfferLimits* limits_;
  const std::string address_;
  RateLimit own_{kOffersOfClient, std::chrono::seconds(1)};
  Time due_ = Time::min();  ///< the last one's turn
};

}  // namespace rtcpub
