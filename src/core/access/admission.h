#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

#include "core/access/grant.h"
#include "core/access/refusal.h"
#include "core/access/refusal_limit.h"
#include "core/access/token_verifier.h"
#include "rtcpub/clock.h"
#include "rtcpub/rights.h"

/// Who may come in: the one place that every door of the server asks. Pure.
namespace rtcpub {

/// Somebody at a door.
struct AccessRequest {
  /// What it takes; nothing: any right will do, as where one asks which one has.
  std::optional<Right> action{};
  /// Empty: any one channel that the token is for; with kAdmin all channels.
  std::string channel{};
  std::string token{};    ///< as it came; empty: none came
  std::string address{};  ///< from where, an IP address
  std::string origin{};   ///< the page that asks, as its browser says; empty: no browser does
  bool loopback = false;  ///< a program on this machine, and nobody behind it
};

/// The time by both clocks: grants end by the one, tokens by the other.
struct AccessTime {
  Time monotonic;
  std::int64_t unixSeconds = 0;
};

/// Admits by tokens, or everybody. Runs on: the signalling loop.
class Admission {
 public:
  /// Asks for no tokens: everybody has all rights in every channel but kAdmin, which programs on
  /// this machine have.
  Admission() = default;
  /// Asks for tokens. `audience`: who they must be for.
  Admission(std::shared_ptr<const TokenVerifier> verifier, std::string audience);

  /// What the one who asks may do there, or why not. Whoever has been refused 20 times within a
  /// minute, by address, is told to wait until the minute is over; but a token that is good is good
  /// at any time, so that nobody is locked out by a neighbour, unless the address tries over five a
  /// second by then: the others aren't looked at.
  tl::expected<Grant, Refusal> ask(const AccessRequest& request, const AccessTime& now);

  /// How many were refused, by code: those of Refusal.
  [[nodiscard]] const std::map<std::string, std::uint64_t>& refusals() const { return counts_; }
  /// Whether it asks for no tokens.
  [[nodiscard]] bool open() const { return verifier_ == nullptr; }
  /// Asks for tokens of these keys from now on, or for none (null). Who was admitted stays so.
  void use(std::shared_ptr<const TokenVerifier> verifier, std::string audience) {
    verifier_ = std::move(verifier);
    audience_ = std::move(audience);
  }

 private:
  tl::expected<Grant, Refusal> askStranger(const AccessRequest& request, const AccessTime& now);
  [[nodiscard]] tl::expected<Grant, Refusal> judge(const AccessRequest& request,
                                                   const AccessTime& now) const;

  std::shared_ptr<const TokenVerifier> verifier_;
  std::string audience_;
  RefusalLimit limit_;
  std::map<std::string, std::uint64_t> counts_;
};

}  // namespace rtcpub
