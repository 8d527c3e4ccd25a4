#pragma once

#include <chrono>
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
#include "core/limits/rate_limit.h"
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
  bool loopback = false;  ///< a program on this machine, and nobody behind it
};

/// Admits by tokens, or everybody; nobody until it is told which. Runs on: the signalling loop.
class Admission {
 public:
  Admission() = default;
  /// Asks for tokens at once.
  Admission(std::shared_ptr<const TokenVerifier> verifier, std::string audience);

  /// Everybody has all rights in every channel from now on but kAdmin, which programs on this
  /// machine have.
  void openToAll() { policy_ = Policy::kOpen; }
  /// Asks for tokens that `verifier` takes, for that audience, from now on. Who was admitted by
  /// others stays so.
  void askForTokens(std::shared_ptr<const TokenVerifier> verifier, std::string audience);

  /// What the one who asks may do there, or why not. Whoever has been refused 20 times within a
  /// minute, by address, is told to wait until the minute is over; but a good token is good at any
  /// time, so that nobody is locked out by a neighbour. Only those that take long to verify, by a
  /// public key and never seen before, are bounded: five a second of such an address, 25 of all
  /// those that were refused within the last minute, and 25 of all others.
  tl::expected<Grant, Refusal> ask(const AccessRequest& request, const AccessTime& now);

  /// How many were refused, by code: those of Refusal.
  [[nodiscard]] const std::map<std::string, std::uint64_t>& refusals() const { return counts_; }
  /// Whether it asks for no tokens.
  [[nodiscard]] bool open() const { return policy_ == Policy::kOpen; }

 private:
  enum class Policy { kNobody, kOpen, kTokens };

  [[nodiscard]] bool canAfford(const AccessRequest& request, Time now);
  tl::expected<Grant, Refusal> askStranger(const AccessRequest& request, const AccessTime& now);
  [[nodiscard]] tl::expected<Grant, Refusal> judge(const AccessRequest& request,
                                                   const AccessTime& now) const;

  Policy policy_ = Policy::kNobody;
  std::shared_ptr<const TokenVerifier> verifier_;  // with kTokens
  std::string audience_;
  RefusalLimit limit_;
  // Of what takes long to verify: whoever brings forged tokens leaves the others their share.
  RateLimit ofRefused_{25, std::chrono::seconds(1)};
  RateLimit ofOthers_{25, std::chrono::seconds(1)};
  std::map<std::string, std::uint64_t> counts_;
};

}  // namespace rtcpub
