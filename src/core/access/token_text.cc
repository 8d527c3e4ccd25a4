#include "core/access/token_text.h"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/limits/json_shape.h"
#include "core/text/base64url.h"
#include "core/text/text.h"

namespace rtcpub {
namespace {

using Json = nlohmann::json;
using Parts = std::array<std::string_view, 3>;

tl::unexpected<Refusal> bad(std::string message) {
  return tl::unexpected(Refusal{.status = 401, .code = "bad-token", .message = std::move(message)});
}

tl::expected<Parts, Refusal> partsOf(std::string_view token) {
  if (token.size() > kMaxTokenBytes) {
    return bad("the token has " + std::to_string(token.size()) + " bytes; " +
               std::to_string(kMaxTokenBytes) + " are the limit");
  }
  const auto first = token.find('.');
  const auto last = token.rfind('.');
  const bool three =
      first != std::string_view::npos && first != last && token.find('.', first + 1) == last;
  if (!three) {
    return bad("the token is not three parts joined by dots, as a JSON Web Token has: was it cut?");
  }
  return Parts{token.substr(0, first), token.substr(first + 1, last - first - 1),
               token.substr(last + 1)};
}

/// "alg" of the header, when nothing else in it is to be understood.
tl::expected<std::string, Refusal> algorithmOf(const std::string& header) {
  const auto json =
      json::isSmall(header) ? Json::parse(header, nullptr, false) : Json(Json::value_t::discarded);
  if (!json.is_object()) return bad("the token's header is not an object in JSON");
  const auto algorithm = json.find("alg");
  if (algorithm == json.end() || !algorithm->is_string()) {
    return bad("the token's header names no algorithm (alg)");
  }
  // Who doesn't understand what is named there must refuse (RFC 7515 section 4.1.11).
  if (json.contains("crit")) return bad("the token's header asks for extensions (crit)");
  if (const auto type = json.find("typ"); type != json.end()) {
    // One kind of token is no other (RFC 8725 section 3.11); libjwt 1.10 also takes this one only.
    const bool jwt = type->is_string() && text::toLower(type->get<std::string>()) == "jwt";
    if (!jwt) return bad("the token's type (typ) is not JWT");
  }
  return algorithm->get<std::string>();
}

}  // namespace

tl::expected<TokenText, Refusal> parseToken(std::string_view token) {
  const auto parts = partsOf(token);
  if (!parts) return tl::unexpected(parts.error());
  const auto header = text::decodeBase64Url((*parts)[0]);
  auto claims = text::decodeBase64Url((*parts)[1]);
  const auto signature = text::decodeBase64Url((*parts)[2]);
  if (!header || !claims || !signature) {
    return bad("the token is not in base64url: was it cut, or changed on its way?");
  }
  auto algorithm = algorithmOf(*header);
  if (!algorithm) return tl::unexpected(algorithm.error());
  if (!json::isSmall(*claims)) return bad("the token has too many claims");
  return TokenText{.algorithm = *std::move(algorithm), .claims = *std::move(claims)};
}

}  // namespace rtcpub
