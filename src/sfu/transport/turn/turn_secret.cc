#include "sfu/transport/turn/turn_secret.h"

#include <api/transport/stun.h>
#include <rtc_base/message_digest.h>
#include <rtc_base/string_encode.h>
#include <rtc_base/third_party/base64/base64.h>

#include <array>
#include <charconv>
#include <utility>

namespace rtcpub::sfu {
namespace {

constexpr std::chrono::hours kNonceLife{1};
constexpr std::size_t kSha1Size = 20;
constexpr std::size_t kNonceMacSize = 12;

std::int64_t seconds(Time time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

/// More seconds than that are no time, and would overflow one.
constexpr std::int64_t kMostSeconds = 1'000'000'000'000;

std::optional<std::int64_t> parseSeconds(std::string_view digits) {
  std::int64_t number = 0;
  const auto [rest, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || rest != digits.data() + digits.size()) return std::nullopt;
  return number < 0 || number > kMostSeconds ? std::nullopt : std::optional(number);
}

/// Takes as long wherever they differ.
bool same(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
  }
  return difference == 0;
}

}  // namespace

TurnSecret::TurnSecret(std::string secret) : secret_(std::move(secret)) {}

std::string TurnSecret::mac(const std::string& text) const {
  std::array<char, kSha1Size> digest{};
  rtc::ComputeHmac(rtc::DIGEST_SHA_1, secret_.data(), secret_.size(), text.data(), text.size(),
                   digest.data(), digest.size());
  return {digest.data(), digest.size()};
}

TurnCredentials TurnSecret::credentials(std::string_view session, TurnTerm term) const {
  std::string username = std::to_string(seconds(term.expiry));
  if (term.end) username += "-" + std::to_string(seconds(*term.end));
  username += ":" + std::string(session);
  return {username, rtc::Base64::Encode(mac(username))};
}

std::optional<TurnTerm> TurnSecret::termOf(std::string_view username) {
  const auto text = username.substr(0, username.find(':'));
  const auto dash = text.find('-');
  const auto expiry = parseSeconds(text.substr(0, dash));
  if (!expiry) return std::nullopt;
  TurnTerm term{.expiry = Time(std::chrono::seconds(*expiry))};
  if (dash == std::string_view::npos) return term;
  const auto end = parseSeconds(text.substr(dash + 1));
  if (!end) return std::nullopt;
  term.end = Time(std::chrono::seconds(*end));
  return term;
}

std::optional<std::string> TurnSecret::key(const std::string& username) const {
  std::string key;
  if (!cricket::ComputeStunCredentialHash(username, std::string(kTurnRealm),
                                          rtc::Base64::Encode(mac(username)), &key)) {
    return std::nullopt;
  }
  return key;
}

std::string TurnSecret::nonce(const IpAddress& client, Time now) const {
  const std::string until = std::to_string(seconds(now + kNonceLife));
  return until + "-" + rtc::hex_encode(mac(until + toString(client)).substr(0, kNonceMacSize));
}

bool TurnSecret::isFresh(std::string_view nonce, const IpAddress& client, Time now) const {
  const auto until = parseSeconds(nonce.substr(0, nonce.find('-')));
  if (!until || *until <= seconds(now)) return false;
  const std::string text = std::to_string(*until);
  return same(nonce,
              text + "-" + rtc::hex_encode(mac(text + toString(client)).substr(0, kNonceMacSize)));
}

}  // namespace rtcpub::sfu
