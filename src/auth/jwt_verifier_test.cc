#include "auth/jwt_verifier.h"

#include <gtest/gtest.h>

#include "auth/rfc7515_fixture.h"
#include "core/text/base64url.h"

namespace rtcpub::auth {
namespace {

TokenKey hs256() { return {Algorithm::kHs256, text::decodeBase64Url(rfc7515::kSecret).value()}; }
TokenKey rs256() { return publicKeys(rfc7515::kRsaKey, "rsa.pem").value().front(); }
TokenKey es256() { return publicKeys(rfc7515::kEcKey, "ec.pem").value().front(); }

/// The code of the refusal; empty: verified.
std::string refusal(const std::vector<TokenKey>& keys, const std::string& token) {
  const auto verified = JwtVerifier(keys).verify(token);
  return verified ? "" : verified.error().code;
}

/// With another header, and signed by the secret whatever that says.
std::string withHeader(const std::string& header, const std::string& rest) {
  return text::encodeBase64Url(header) + rest.substr(rest.find('.'));
}

TEST(JwtVerifier, VerifiesTheExamplesOfRfc7515) {
  const JwtVerifier verifier({hs256(), rs256(), es256()});
  for (const auto& token : {rfc7515::kHs256, rfc7515::kRs256, rfc7515::kEs256}) {
    const auto verified = verifier.verify(token);
    ASSERT_TRUE(verified) << verified.error().message;
    EXPECT_EQ(*verified, rfc7515::kClaims);
  }
}

TEST(JwtVerifier, TakesTheAlgorithmFromItsKeys) {
  EXPECT_EQ(refusal({hs256()}, rfc7515::kRs256), "wrong-algorithm");
  EXPECT_EQ(refusal({rs256()}, rfc7515::kEs256), "wrong-algorithm");
  EXPECT_EQ(refusal({es256(), rs256()}, rfc7515::kHs256), "wrong-algorithm");
  EXPECT_EQ(refusal({}, rfc7515::kHs256), "wrong-algorithm");
  EXPECT_EQ(JwtVerifier({hs256(), es256()}).verify(rfc7515::kRs256).error().message,
            "the token is signed by \"RS256\", and the server's keys are for HS256 and ES256");
}

TEST(JwtVerifier, RefusesWhatNobodyHasSigned) {
  const std::vector keys{hs256(), rs256(), es256()};
  EXPECT_EQ(refusal(keys, rfc7515::kUnsigned), "wrong-algorithm");
  for (const char* none : {"None", "NONE", "nOnE"}) {
    EXPECT_EQ(
        refusal(keys, withHeader(std::string(R"({"alg":")") + none + "\"}", rfc7515::kUnsigned)),
        "wrong-algorithm");
  }
  EXPECT_EQ(refusal(keys, rfc7515::kHs256.substr(0, rfc7515::kHs256.rfind('.') + 1)),
            "bad-signature");
}

/// The oldest of attacks: everybody has the public key, and could use it as if it were a secret.
TEST(JwtVerifier, TakesNoPublicKeyForASecret) {
  const TokenKey publicAsSecret{Algorithm::kHs256, rs256().material};
  const auto forged = sign(R"({"aud":"rtcpub"})", publicAsSecret).value();
  EXPECT_EQ(refusal({publicAsSecret}, forged), "");
  EXPECT_EQ(refusal({rs256()}, forged), "wrong-algorithm");
  EXPECT_EQ(refusal({hs256(), rs256()}, forged), "bad-signature");
}

/// libjwt takes a name of an algorithm in any case; RFC 7515 section 4.1.1 doesn't.
TEST(JwtVerifier, KnowsAlgorithmsByTheirExactNames) {
  EXPECT_EQ(refusal({hs256()}, withHeader(R"({"alg":"hs256"})", rfc7515::kHs256)),
            "wrong-algorithm");
  EXPECT_EQ(refusal({hs256()}, withHeader(R"({"alg":"HS512"})", rfc7515::kHs256)),
            "wrong-algorithm");
}

TEST(JwtVerifier, RefusesEachChange) {
  const std::vector keys{hs256(), rs256(), es256()};
  for (const auto& token : {rfc7515::kHs256, rfc7515::kRs256, rfc7515::kEs256}) {
    for (std::size_t at = 0; at < token.size(); at += 7) {
      std::string changed = token;
      changed[at] = changed[at] == 'A' ? 'B' : 'A';
      EXPECT_NE(refusal(keys, changed), "") << changed;
    }
    for (std::size_t size = 0; size < token.size(); ++size) {
      EXPECT_NE(refusal(keys, token.substr(0, size)), "") << size;
    }
  }
}

TEST(JwtVerifier, RefusesAnotherKeysSignature) {
  const TokenKey own{Algorithm::kHs256, makeSecret().value()};
  EXPECT_EQ(refusal({own}, rfc7515::kHs256), "bad-signature");
}

TEST(JwtVerifier, TriesAllKeysOfTheAlgorithm) {
  const TokenKey other{Algorithm::kHs256, makeSecret().value()};
  EXPECT_EQ(refusal({other, hs256()}, rfc7515::kHs256), "");
}

TEST(JwtVerifier, TellsOddClaimsFromAnotherSignature) {
  const auto token = text::encodeBase64Url(R"({"alg":"HS256"})") + '.';
  // More than the parser that libjwt uses has room for.
  const auto large = text::encodeBase64Url(R"({"exp":99999999999999999999})");
  EXPECT_EQ(refusal({hs256()}, token + large + ".AAAA"), "bad-token");
  EXPECT_EQ(refusal({hs256()}, token + text::encodeBase64Url("{}") + ".AAAA"), "bad-signature");
  EXPECT_EQ(refusal({hs256()}, std::string(1 << 20, '.')), "bad-token");
}

TEST(JwtVerifier, IsQuickWithSecretsAndWithWhatItHasVerifiedOrRefusesByItsLook) {
  const JwtVerifier verifier({hs256(), rs256()});
  EXPECT_TRUE(verifier.isQuick(rfc7515::kHs256));
  EXPECT_TRUE(verifier.isQuick("nonsense"));
  EXPECT_TRUE(verifier.isQuick(rfc7515::kEs256)) << "it has no key for that";
  EXPECT_FALSE(verifier.isQuick(rfc7515::kRs256));
  EXPECT_TRUE(verifier.verify(rfc7515::kRs256));
  EXPECT_TRUE(verifier.isQuick(rfc7515::kRs256));
  EXPECT_TRUE(verifier.verify(rfc7515::kRs256));
  std::string forged = rfc7515::kRs256;
  forged[forged.size() - 3] = forged[forged.size() - 3] == 'A' ? 'B' : 'A';
  EXPECT_FALSE(verifier.verify(forged));
  EXPECT_FALSE(verifier.isQuick(forged));
  EXPECT_FALSE(verifier.verify(forged));
}

TEST(Sign, MakesWhatIsVerified) {
  const TokenKey key{Algorithm::kHs256, makeSecret().value()};
  const std::string claims =
      R"({"aud":"rtcpub","channels":["a","b-*"],"exp":1800000000,"name":"Kim Ö"})";
  const auto token = sign(claims, key);
  ASSERT_TRUE(token) << token.error().message;
  const auto verified = JwtVerifier({key}).verify(*token);
  ASSERT_TRUE(verified) << verified.error().message;
  EXPECT_NE(verified->find("\"exp\":1800000000"), std::string::npos) << *verified;
  EXPECT_FALSE(sign("[]", key));
  EXPECT_FALSE(sign("{}", rs256()));
}

}  // namespace
}  // namespace rtcpub::auth
