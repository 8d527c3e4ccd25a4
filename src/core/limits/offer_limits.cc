#include "core/limits/offer_limits.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace rtcpub {
namespace {

using namespace std::chrono_literals;

constexpr auto kPeriod = 1s;
/// A client waits for its answer for 10 s.
constexpr auto kPatience = 5s;
constexpr auto kSweep = 10s;

}  // namespace

NetworkKey networkOf(std::string_view address) {
  const std::string text(address.substr(0, address.find('%')));
  std::array<std::uint8_t, 16> ip{};
  if (inet_pton(AF_INET6, text.c_str(), ip.data()) == 1) return rtcpub::networkOf(ip);
  ip[10] = ip[11] = 0xFF;  // IPv4 as mapped into IPv6 (RFC 4291 section 2.5.5.2)
  (void)inet_pton(AF_INET, text.c_str(), ip.data() + 12);
  return rtcpub::networkOf(ip);
}

std::optional<Time> OfferLimits::take(std::string_view address, Time now) {
  if (now >= sweepAt_) forgetIdle(now);
  const auto [at, isNew] = networks_.try_emplace(networkOf(address), kOffersOfAddress, kPeriod);
  return at->second.take(now, kPatience);
}

void OfferLimits::forgetIdle(Time now) {
  std::erase_if(networks_, [now](const auto& one) { return one.second.idle(now); });
  sweepAt_ = now + kSweep;
}

OfferTurns::OfferTurns(OfferLimits* limits, std::string address)
    : limits_(limits), address_(std::move(address)) {}

Result<Time> OfferTurns::take(Time now) {
  if (now < due_) {
    return fail(ErrorCode::kRejected, "more than " + std::to_string(kOffersOfClient) +
                                          " offers in a second, and the next before the last was "
                                          "answered: wait for the answer to each");
  }
  const auto ofAll = limits_ == nullptr ? now : limits_->take(address_, now);
  if (!ofAll) {
    return fail(ErrorCode::kRejected, "over " + std::to_string(kOffersOfAddress) +
                                          " offers a second come from your address: try again "
                                          "in a few seconds");
  }
  // It is never refused: none waits.
  due_ = std::max(*ofAll, own_.take(now, kPeriod).value_or(now));
  return due_;
}

}  // namespace rtcpub
