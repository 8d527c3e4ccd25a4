#include "auth/token_key.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <memory>

#include "auth/rfc7515_fixture.h"

namespace rtcpub::auth {
namespace {

using testing::HasSubstr;

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(BIO* bio) const { BIO_free_all(bio); }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, Free>;

/// In PEM format.
std::string written(const KeyPtr& key, bool asPrivate = false) {
  const std::unique_ptr<BIO, Free> bio(BIO_new(BIO_s_mem()));
  EXPECT_EQ(asPrivate ? PEM_write_bio_PKCS8PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0,
                                                      nullptr, nullptr)
                      : PEM_write_bio_PUBKEY(bio.get(), key.get()),
            1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string problem(const std::string& pem) {
  const auto keys = publicKeys(pem, "keys.pem");
  if (keys) return "";
  EXPECT_EQ(keys.error().code, ErrorCode::kInvalidArgument);
  return keys.error().message;
}

TEST(TokenKey, TellsItsAlgorithmByItsKind) {
  const auto rsa = publicKeys(rfc7515::kRsaKey, "a");
  ASSERT_TRUE(rsa) << rsa.error().message;
  EXPECT_EQ(rsa->front().algorithm, Algorithm::kRs256);
  const auto ec = publicKeys(rfc7515::kEcKey, "a");
  ASSERT_TRUE(ec) << ec.error().message;
  EXPECT_EQ(ec->front().algorithm, Algorithm::kEs256);
}

TEST(TokenKey, ReadsAllKeysOfAFileAndTextAroundThem) {
  const auto keys =
      publicKeys("# of the shop\n" + rfc7515::kRsaKey + "\n# and\n" + rfc7515::kEcKey, "a");
  ASSERT_TRUE(keys) << keys.error().message;
  EXPECT_EQ(keys->size(), 2U);
}

TEST(TokenKey, RefusesWhatHoldsNone) {
  for (const char* text : {"", "\n", "secret", "-----BEGIN PUBLIC KEY-----\n", "\xFF\xFE"}) {
    EXPECT_THAT(problem(text), HasSubstr("keys.pem is not a public key in PEM format")) << text;
  }
}

TEST(TokenKey, RefusesOneThatIsBrokenBehindAnother) {
  std::string broken = rfc7515::kEcKey;
  broken[40] = '!';
  EXPECT_NE(problem(broken), "");
  EXPECT_NE(problem(rfc7515::kRsaKey + broken), "");
}

TEST(TokenKey, SaysHowToGetThePublicKey) {
  const KeyPtr key(EVP_EC_gen("P-256"));
  EXPECT_THAT(problem(written(key, true)), HasSubstr("openssl pkey -in keys.pem -pubout"));
  EXPECT_THAT(problem(written(key) + written(key, true)), HasSubstr("a private one"));
  EXPECT_THAT(problem("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"),
              HasSubstr("openssl x509 -in keys.pem -noout -pubkey"));
}

TEST(TokenKey, RefusesKindsThatAreTooWeakOrUnknown) {
  EXPECT_THAT(problem(written(KeyPtr(EVP_RSA_gen(1024)))), HasSubstr("RSA of 2048 bits or more"));
  EXPECT_THAT(problem(written(KeyPtr(EVP_EC_gen("P-384")))), HasSubstr("P-256"));
  EXPECT_THAT(problem(written(KeyPtr(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")))),
              HasSubstr("isn't known here"));
}

TEST(TokenKey, IsASecretOfEnoughCharacters) {
  const auto key = secretKey(" 0123456789abcdef0123456789abcdef\r\n", "token.key");
  ASSERT_TRUE(key) << key.error().message;
  EXPECT_EQ(key->material, "0123456789abcdef0123456789abcdef");
  EXPECT_EQ(key->algorithm, Algorithm::kHs256);
  const auto refused = secretKey("0123456789abcdef0123456789abcde", "token.key");
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("(it has 31)"));
  EXPECT_FALSE(secretKey("", "token.key"));
}

TEST(TokenKey, MakesAnotherSecretEachTime) {
  const auto secret = makeSecret();
  ASSERT_TRUE(secret);
  EXPECT_EQ(secret->size(), 43U);
  EXPECT_NE(*secret, *makeSecret());
  EXPECT_TRUE(secretKey(*secret, "token.key"));
}

}  // namespace
}  // namespace rtcpub::auth
