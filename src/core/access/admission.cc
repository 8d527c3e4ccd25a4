#include "core/access/admission.h"

#include <algorithm>
#include <utility>

#include "core/access/claims.h"
#include "core/text/text.h"

namespace rtcpub {
namespace {

constexpr Rights kAllRights{Right::kPublish, Right::kView, Right::kDrive, Right::kAdmin};
constexpr Rights kOpenRights{Right::kPublish, Right::kView, Right::kDrive};
/// Adding more to a time would overflow one day.
constexpr std::int64_t kLongestGrantSeconds = 100LL * 365 * 24 * 3600;

tl::unexpected<Refusal> refuse(int status, const char* code, std::string message) {
  return tl::unexpected(Refusal{.status = status, .code = code, .message = std::move(message)});
}

/// What was admitted, if it is enough for what was asked.
tl::expected<Grant, Refusal> forAction(Grant grant, const AccessRequest& request) {
  const bool ofAll = request.action == Right::kAdmin;
  if (request.channel.empty() ? ofAll && !grant.channels.matchAll()
                              : !grant.channels.match(request.channel)) {
    return refuse(403, "wrong-channel",
                  request.channel.empty()
                      ? "this needs a token for all channels"
                      : "the token is not for the channel " + text::quote(request.channel, 64));
  }
  if (request.action && !grant.rights.has(*request.action)) {
    return refuse(403, "no-right",
                  "this needs the right " + text::quote(name(*request.action)) +
                      (grant.rights.empty() ? "" : "; what is granted is " + format(grant.rights)));
  }
  return grant;
}

/// `why`: the last one was refused; empty: it wasn't looked at.
tl::unexpected<Refusal> tooMany(std::chrono::seconds wait, const std::string& why) {
  return tl::unexpected(Refusal{.status = 429,
                                .code = "too-many-refusals",
                                .message = "too many tries were refused; wait for " +
                                           std::to_string(wait.count()) + " s" +
                                           (why.empty() ? "" : ". Why the last one was: " + why),
                                .retryAfter = wait});
}

}  // namespace

Admission::Admission(std::shared_ptr<const TokenVerifier> verifier, std::string audience) {
  askForTokens(std::move(verifier), std::move(audience));
}

void Admission::askForTokens(std::shared_ptr<const TokenVerifier> verifier, std::string audience) {
  policy_ = Policy::kTokens;
  verifier_ = std::move(verifier);
  audience_ = std::move(audience);
}

tl::expected<Grant, Refusal> Admission::ask(const AccessRequest& request, const AccessTime& now) {
  // Programs on this machine have other means to disturb it, and behind a proxy that isn't known as
  // one all the world is on this machine: one of them would lock out all.
  auto grant = request.loopback ? judge(request, now) : askStranger(request, now);
  if (!grant) ++counts_[grant.error().code];
  return grant;
}

/// Whether its token may be verified, as far as that takes long.
bool Admission::canAfford(const AccessRequest& request, Time now) {
  if (policy_ != Policy::kTokens || request.token.empty() || verifier_->isQuick(request.token)) {
    return true;
  }
  if (!limit_.mayTry(request.address, now)) return false;
  RateLimit& share = limit_.wasRefused(request.address, now) ? ofRefused_ : ofOthers_;
  return share.take(now, Time::duration::zero()).has_value();
}

tl::expected<Grant, Refusal> Admission::askStranger(const AccessRequest& request,
                                                    const AccessTime& now) {
  const auto& address = request.address;
  if (!canAfford(request, now.monotonic)) {
    const auto wait = limit_.wait(address, now.monotonic);
    return tooMany(wait.value_or(std::chrono::seconds(1)), "");
  }
  auto grant = judge(request, now);
  if (grant) return grant;
  const auto wait = limit_.onRefused(address, now.monotonic);
  if (!wait) return grant;
  return tooMany(*wait, grant.error().message);
}

tl::expected<Grant, Refusal> Admission::judge(const AccessRequest& request,
                                              const AccessTime& now) const {
  if (policy_ == Policy::kNobody) {
    return tl::unexpected(Refusal{.status = 503,
                                  .code = "starting",
                                  .message = "the server is starting",
                                  .retryAfter = std::chrono::seconds(1)});
  }
  if (policy_ == Policy::kOpen) {
    return forAction({.rights = request.loopback ? kAllRights : kOpenRights,
                      .name = {},
                      .channels = ChannelPatterns::all()},
                     request);
  }
  if (request.token.empty()) {
    return refuse(401, "no-token",
                  "this server lets in only those who have a token, and none came");
  }
  const auto verified = verifier_->verify(request.token);
  if (!verified) return tl::unexpected(verified.error());
  const auto claims = parseClaims(*verified);
  if (!claims) return tl::unexpected(claims.error());
  const auto unixSeconds =
      std::chrono::floor<std::chrono::seconds>(now.unixTime.time_since_epoch()).count();
  if (auto valid = checkClaims(*claims, audience_, unixSeconds); !valid) {
    return tl::unexpected(valid.error());
  }
  Grant grant{.rights = claims->rights, .name = claims->name, .channels = claims->channels};
  // Who drives sees where.
  if (grant.rights.has(Right::kDrive)) grant.rights = grant.rights | Right::kView;
  if (claims->expires) {
    const auto life = std::min(*claims->expires - unixSeconds, kLongestGrantSeconds);
    grant.expires = UnixTime(std::chrono::seconds(unixSeconds + life));
    grant.until = now.monotonic + (*grant.expires - now.unixTime);
  }
  return forAction(std::move(grant), request);
}

}  // namespace rtcpub
