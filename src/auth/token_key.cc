#include "auth/token_key.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/rand.h>

#include <array>
#include <memory>
#include <optional>

#include "core/text/base64url.h"

namespace rtcpub::auth {
namespace {

template <auto kFree>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using BioPtr = std::unique_ptr<BIO, Freed<BIO_free_all>>;

constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kLeastSecretBytes = 32;
constexpr int kLeastRsaBits = 2048;
constexpr std::size_t kMostKeys = 16;

/// OpenSSL's own callback would ask at the terminal.
int noPassphrase(char*, int, int, void*) { return 0; }

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const auto begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

bool isOnP256(const EVP_PKEY* key) {
  std::array<char, 64> group{};
  return EVP_PKEY_get_group_name(key, group.data(), group.size(), nullptr) == 1 &&
         OBJ_sn2nid(group.data()) == NID_X9_62_prime256v1;
}

/// Nothing: none of ours is made for it.
std::optional<Algorithm> algorithmFor(const EVP_PKEY* key) {
  if (EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA && EVP_PKEY_get_bits(key) >= kLeastRsaBits) {
    return Algorithm::kRs256;
  }
  if (EVP_PKEY_get_base_id(key) == EVP_PKEY_EC && isOnP256(key)) return Algorithm::kEs256;
  return std::nullopt;
}

std::string pemOf(EVP_PKEY* key) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  if (!bio || PEM_write_bio_PUBKEY(bio.get(), key) != 1) return {};
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

/// How many things a PEM file holds, of whatever kind (RFC 7468 section 2).
std::size_t blocksIn(std::string_view pem) {
  constexpr std::string_view kBegin = "-----BEGIN ";
  std::size_t count = 0;
  for (auto at = pem.find(kBegin); at != std::string_view::npos; at = pem.find(kBegin, at + 1)) {
    ++count;
  }
  return count;
}

/// What somebody has most likely given instead.
std::string adviceFor(const std::string& pem, const std::string& file) {
  if (pem.find("PRIVATE KEY-----") != std::string::npos) {
    return " but a private one, which should stay where tokens are made: openssl pkey -in " + file +
           " -pubout -out public.pem";
  }
  if (pem.find("BEGIN CERTIFICATE-----") != std::string::npos) {
    return " but a certificate: openssl x509 -in " + file + " -noout -pubkey > public.pem";
  }
  return "";
}

tl::unexpected<Error> refuse(std::string message) {
  ERR_clear_error();
  return fail(ErrorCode::kInvalidArgument, std::move(message));
}

}  // namespace

std::string_view name(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::kHs256:
      return "HS256";
    case Algorithm::kRs256:
      return "RS256";
    case Algorithm::kEs256:
      return "ES256";
  }
  return "";
}

Result<std::string> makeSecret() {
  std::array<unsigned char, kSecretBytes> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
    ERR_clear_error();
    return fail(ErrorCode::kInternal, "this system gives no random numbers");
  }
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes as text
  return text::encodeBase64Url({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

Result<TokenKey> secretKey(std::string_view text, const std::string& file) {
  const auto secret = trimmed(text);
  if (secret.size() < kLeastSecretBytes) {
    return refuse(file + " holds no secret of " + std::to_string(kLeastSecretBytes) +
                  " or more characters (it has " + std::to_string(secret.size()) +
                  "): remove it, and the server makes one at its next start");
  }
  return TokenKey{.algorithm = Algorithm::kHs256, .material = std::string(secret)};
}

Result<std::vector<TokenKey>> publicKeys(const std::string& pem, const std::string& file) {
  const BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  std::vector<TokenKey> keys;
  ERR_clear_error();
  while (const KeyPtr key{PEM_read_bio_PUBKEY(bio.get(), nullptr, noPassphrase, nullptr)}) {
    const auto algorithm = algorithmFor(key.get());
    if (!algorithm) {
      return refuse(file + " holds a public key of a kind that isn't known here: RSA of " +
                    std::to_string(kLeastRsaBits) +
                    " bits or more (RS256) and elliptic curves on P-256 (ES256) are");
    }
    if (keys.size() == kMostKeys) {
      return refuse(file + " holds more than " + std::to_string(kMostKeys) + " keys");
    }
    keys.push_back({.algorithm = *algorithm, .material = pemOf(key.get())});
  }
  // How the last one ended doesn't tell: OpenSSL 3 tries its decoders one after the other.
  const bool allRead = !keys.empty() && keys.size() == blocksIn(pem);
  if (!allRead || !adviceFor(pem, file).empty()) {
    return refuse(file + " is not a public key in PEM format (-----BEGIN PUBLIC KEY-----)" +
                  adviceFor(pem, file));
  }
  ERR_clear_error();
  return keys;
}

}  // namespace rtcpub::auth
