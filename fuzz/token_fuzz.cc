// Tokens that anybody may send, and what they hold when somebody whose key is known has signed it.
#include "auth/jwt_verifier.h"
#include "core/access/claims.h"
#include "core/access/token_text.h"
#include "core/text/base64url.h"
#include "fuzz_input.h"

namespace {

using namespace rtcpub;

const auth::TokenKey kKey{auth::Algorithm::kHs256, "0123456789abcdef0123456789abcdef"};

/// Whoever may have signed them: what is understood of claims can be written and understood again.
void readClaims(std::string_view json) {
  const auto claims = parseClaims(json);
  if (!claims) {
    require(!claims.error().code.empty() && !claims.error().message.empty());
    return;
  }
  (void)checkClaims(*claims, "rtcpub", 1'800'000'000);
  (void)claims->channels.match("car-1");
  require(claims->name.size() <= 128);
  require(parseClaims(format(*claims)) == *claims);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = asText(data, size);
  readClaims(text);
  (void)parseToken(text);
  const auth::JwtVerifier verifier({kKey});
  require(!verifier.verify(text));  // it doesn't know the key
  // The claims of a good token, and a header in whose place anything may stand.
  const auto encoded = text::encodeBase64Url(text);
  require(text::decodeBase64Url(encoded) == text);
  (void)verifier.verify(encoded + ".e30.AAAA");
  (void)verifier.verify("eyJhbGciOiJIUzI1NiJ9." + encoded + ".AAAA");
  if (const auto token = auth::sign(std::string(text), kKey)) {
    if (const auto verified = verifier.verify(*token)) readClaims(*verified);
  }
  return 0;
}
