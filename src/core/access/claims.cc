#include "core/access/claims.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/limits/json_shape.h"
#include "core/text/text.h"

namespace rtcpub {
namespace {

constexpr std::size_t kMaxNameBytes = 128;
/// Beyond the age of the universe, and far from where adding to it overflows.
constexpr double kFarthestSeconds = 1e15;

using Json = nlohmann::json;
using Problem = tl::unexpected<Refusal>;

Problem refuse(const char* code, std::string message) {
  return Problem(Refusal{.status = 401, .code = code, .message = std::move(message)});
}

Problem wrongType(const char* claim, const char* type) {
  return refuse("bad-claim", std::string("the token's \"") + claim + "\" is not " + type);
}

/// Null if there is none.
const Json* find(const Json& claims, const char* name) {
  const auto found = claims.find(name);
  return found == claims.end() ? nullptr : &*found;
}

/// A text, or an array of texts; none if the claim isn't there.
tl::expected<std::vector<std::string>, Refusal> texts(const Json& claims, const char* name) {
  const Json* const claim = find(claims, name);
  if (claim == nullptr) return {};
  if (claim->is_string()) return std::vector{claim->get<std::string>()};
  const bool fits = claim->is_array() &&
                    std::ranges::all_of(*claim, [](const Json& each) { return each.is_string(); });
  if (!fits) return wrongType(name, "a text or an array of texts");
  return claim->get<std::vector<std::string>>();
}

/// Likewise, each text cut at its commas.
tl::expected<std::vector<std::string>, Refusal> words(const Json& claims, const char* name) {
  return texts(claims, name).map([](const std::vector<std::string>& found) {
    std::vector<std::string> words;
    for (const auto& text : found) {
      for (std::optional<std::string_view> rest = text; rest;) {
        const auto [word, after] = text::splitAt(*rest, ',');
        words.emplace_back(word);
        rest = after;
      }
    }
    return words;
  });
}

tl::expected<std::string, Refusal> text(const Json& claims, const char* name) {
  const Json* const claim = find(claims, name);
  if (claim == nullptr) return {};
  if (!claim->is_string()) return wrongType(name, "a text");
  return claim->get<std::string>();
}

/// A NumericDate (RFC 7519 section 2), which may have a fraction.
tl::expected<std::optional<std::int64_t>, Refusal> date(const Json& claims, const char* name,
                                                        double (*round)(double)) {
  const Json* const claim = find(claims, name);
  if (claim == nullptr) return std::nullopt;
  if (!claim->is_number()) return wrongType(name, "a number");
  const double seconds =
      std::clamp(round(claim->get<double>()), -kFarthestSeconds, kFarthestSeconds);
  return static_cast<std::int64_t>(seconds);
}

std::string shortened(std::string text) {
  if (text.size() <= kMaxNameBytes) return text;
  std::size_t end = 0;
  while (true) {
    const std::size_t next = end + text::utf8Length(std::string_view(text).substr(end));
    if (next == end || next > kMaxNameBytes) break;
    end = next;
  }
  text.resize(end);
  return text;
}

tl::expected<void, Refusal> readWho(const Json& json, Claims& claims) {
  auto name = text(json, "name");
  if (!name) return Problem(name.error());
  auto subject = text(json, "sub");
  if (!subject) return Problem(subject.error());
  claims.name = shortened(name->empty() ? *std::move(subject) : *std::move(name));
  auto audience = texts(json, "aud");
  if (!audience) return Problem(audience.error());
  claims.audience = *std::move(audience);
  return {};
}

tl::expected<void, Refusal> readWhen(const Json& json, Claims& claims) {
  auto expires = date(json, "exp", std::floor);
  if (!expires) return Problem(expires.error());
  claims.expires = *expires;
  auto notBefore = date(json, "nbf", std::ceil);
  if (!notBefore) return Problem(notBefore.error());
  claims.notBefore = *notBefore;
  // When it was made says nothing about when it holds; but it is to be a date (section 4.1.6).
  if (auto made = date(json, "iat", std::floor); !made) return Problem(made.error());
  return {};
}

tl::expected<void, Refusal> readWhat(const Json& json, Claims& claims) {
  auto channels = words(json, "channels");
  if (!channels) return Problem(channels.error());
  auto patterns = ChannelPatterns::make(*std::move(channels));
  if (!patterns)
    return refuse("bad-claim", "the token's \"channels\": " + patterns.error().message);
  claims.channels = *std::move(patterns);

  const auto rights = words(json, "rights");
  if (!rights) return Problem(rights.error());
  if (rights->empty()) return refuse("bad-claim", "the token has no \"rights\"");
  for (const auto& word : *rights) {
    const auto right = parseRights(word);
    if (!right) return refuse("unknown-right", "the token's \"rights\": " + right.error().message);
    claims.rights = claims.rights | *right;
  }
  return {};
}

}  // namespace

tl::expected<Claims, Refusal> parseClaims(std::string_view json) {
  const auto parsed =
      json::isSmall(json) ? Json::parse(json, nullptr, false) : Json(Json::value_t::discarded);
  if (!parsed.is_object()) {
    return refuse("bad-token", "the token's claims are not an object in JSON, or too many");
  }
  Claims claims;
  for (const auto read : {readWho, readWhen, readWhat}) {
    if (auto done = read(parsed, claims); !done) return Problem(done.error());
  }
  return claims;
}

tl::expected<void, Refusal> checkClaims(const Claims& claims, std::string_view audience,
                                        std::int64_t unixSeconds) {
  if (std::ranges::find(claims.audience, audience) == claims.audience.end()) {
    return refuse("wrong-audience",
                  "the token is for somebody else: its \"aud\" lacks " + text::quote(audience));
  }
  if (claims.expires && *claims.expires <= unixSeconds) {
    return refuse("expired", "the token has expired: ask for a new one");
  }
  if (claims.notBefore && *claims.notBefore > unixSeconds + kClockLeewaySeconds) {
    return refuse("not-yet-valid", "the token is not valid yet, by this server's clock");
  }
  return {};
}

std::string format(const Claims& claims) {
  const auto list = [](const std::vector<std::string>& texts) {
    return texts.size() == 1 ? Json(texts.front()) : Json(texts);
  };
  Json json{{"aud", list(claims.audience)},
            {"channels", list(claims.channels.texts())},
            {"rights", format(claims.rights)}};
  if (!claims.name.empty()) json["name"] = claims.name;
  if (claims.expires) json["exp"] = *claims.expires;
  if (claims.notBefore) json["nbf"] = *claims.notBefore;
  return json.dump();
}

}  // namespace rtcpub
