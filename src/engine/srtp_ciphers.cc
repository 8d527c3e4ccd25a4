// SHA-1's low-level functions are deprecated since OpenSSL 3, whose replacement can't keep the
// state after the key's block: every packet would hash two blocks more and look up the algorithm.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "engine/srtp_ciphers.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <srtp2/auth.h>
#include <srtp2/cipher.h>
#include <srtp2/crypto_types.h>
#include <srtp2/srtp.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>

#include "pc/srtp_session.h"

// libsrtp exports these without a header; only their test vectors are used, for the self-tests that
// it runs when a type is registered.
extern "C" {
extern const srtp_cipher_type_t srtp_aes_icm_128;
extern const srtp_cipher_type_t srtp_aes_gcm_128;
extern const srtp_cipher_type_t srtp_aes_gcm_256;
extern const srtp_auth_type_t srtp_hmac;
}

namespace rtcpub::engine {
namespace {

using EvpContext = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

EvpContext newEvpContext() { return {EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free}; }

srtp_err_status_t cipherStatus(int opensslResult) {
  return opensslResult == 1 ? srtp_err_status_ok : srtp_err_status_cipher_fail;
}

/// The C functions of a libsrtp type over a class `T` that holds the libsrtp struct as `handle`,
/// whose state is the object itself.
template <class T>
T& self(void* state) {
  return *static_cast<T*>(state);
}

template <class T>
srtp_err_status_t destroy(decltype(T::handle)* handle) {
  delete static_cast<T*>(handle->state);
  return srtp_err_status_ok;
}

/// AES-128 in counter mode (RFC 3711 section 4.1.1).
struct CounterCipher {
  static constexpr std::size_t kBlock = 16;

  srtp_cipher_t handle{};
  EvpContext evp = newEvpContext();
  /// The salt, 14 bytes; the block counter begins at 0 behind it.
  std::array<std::uint8_t, kBlock> salt{};

  static srtp_err_status_t create(srtp_cipher_pointer_t* made, int keyLength, int tagLength);
  static srtp_err_status_t setKey(void* state, const std::uint8_t* key);
  static srtp_err_status_t setIv(void* state, std::uint8_t* iv, srtp_cipher_direction_t direction);
  static srtp_err_status_t crypt(void* state, std::uint8_t* data, unsigned int* length);
};

/// AES in Galois/counter mode, 128 or 256 bits (RFC 7714).
struct GcmCipher {
  srtp_cipher_t handle{};
  EvpContext evp = newEvpContext();
  const EVP_CIPHER* algorithm = nullptr;
  int tagLength = 0;

  static srtp_err_status_t create(srtp_cipher_pointer_t* made, int keyLength, int tagLength);
  static srtp_err_status_t setKey(void* state, const std::uint8_t* key);
  static srtp_err_status_t setIv(void* state, std::uint8_t* iv, srtp_cipher_direction_t direction);
  static srtp_err_status_t addAuthenticated(void* state, const std::uint8_t* data,
                                            std::uint32_t length);
  static srtp_err_status_t encrypt(void* state, std::uint8_t* data, unsigned int* length);
  static srtp_err_status_t tag(void* state, std::uint8_t* tag, std::uint32_t* length);
  static srtp_err_status_t decrypt(void* state, std::uint8_t* data, unsigned int* length);
};

/// HMAC-SHA1 (RFC 2104); the hashes of the padded key are made once, not for every packet.
struct HmacSha1 {
  srtp_auth_t handle{};
  SHA_CTX inner{};
  SHA_CTX outer{};
  SHA_CTX message{};

  ~HmacSha1() {
    OPENSSL_cleanse(&inner, sizeof inner);
    OPENSSL_cleanse(&outer, sizeof outer);
    OPENSSL_cleanse(&message, sizeof message);
  }

  static srtp_err_status_t create(srtp_auth_pointer_t* made, int keyLength, int tagLength);
  static srtp_err_status_t setKey(void* state, const std::uint8_t* key, int length);
  static srtp_err_status_t start(void* state);
  static srtp_err_status_t update(void* state, const std::uint8_t* data, int length);
  static srtp_err_status_t compute(void* state, const std::uint8_t* data, int length, int tagLength,
                                   std::uint8_t* tag);
};

// libsrtp keeps pointers to these as long as the process lives.
const srtp_cipher_type_t kCounter128 = {
    &CounterCipher::create,     &destroy<CounterCipher>,    &CounterCipher::setKey, nullptr,
    &CounterCipher::crypt,      &CounterCipher::crypt,      &CounterCipher::setIv,  nullptr,
    "AES-128 counter, OpenSSL", srtp_aes_icm_128.test_data, SRTP_AES_ICM_128};
const srtp_cipher_type_t kGcm128 = {&GcmCipher::create,     &destroy<GcmCipher>,
                                    &GcmCipher::setKey,     &GcmCipher::addAuthenticated,
                                    &GcmCipher::encrypt,    &GcmCipher::decrypt,
                                    &GcmCipher::setIv,      &GcmCipher::tag,
                                    "AES-128 GCM, OpenSSL", srtp_aes_gcm_128.test_data,
                                    SRTP_AES_GCM_128};
const srtp_cipher_type_t kGcm256 = {&GcmCipher::create,     &destroy<GcmCipher>,
                                    &GcmCipher::setKey,     &GcmCipher::addAuthenticated,
                                    &GcmCipher::encrypt,    &GcmCipher::decrypt,
                                    &GcmCipher::setIv,      &GcmCipher::tag,
                                    "AES-256 GCM, OpenSSL", srtp_aes_gcm_256.test_data,
                                    SRTP_AES_GCM_256};
const srtp_auth_type_t kHmacSha1 = {&HmacSha1::create,    &destroy<HmacSha1>,  &HmacSha1::setKey,
                                    &HmacSha1::compute,   &HmacSha1::update,   &HmacSha1::start,
                                    "HMAC-SHA1, OpenSSL", srtp_hmac.test_data, SRTP_HMAC_SHA1};

srtp_err_status_t CounterCipher::create(srtp_cipher_pointer_t* made, int keyLength,
                                        int /*tagLength*/) {
  if (keyLength != SRTP_AES_ICM_128_KEY_LEN_WSALT) return srtp_err_status_bad_param;
  auto cipher = std::make_unique<CounterCipher>();
  if (!cipher->evp) return srtp_err_status_alloc_fail;
  cipher->handle = {&kCounter128, cipher.get(), keyLength, SRTP_AES_ICM_128};
  *made = &cipher.release()->handle;
  return srtp_err_status_ok;
}

srtp_err_status_t CounterCipher::setKey(void* state, const std::uint8_t* key) {
  auto& cipher = self<CounterCipher>(state);
  std::copy_n(key + SRTP_AES_128_KEY_LEN, SRTP_SALT_LEN, cipher.salt.begin());
  return cipherStatus(
      EVP_EncryptInit_ex(cipher.evp.get(), EVP_aes_128_ctr(), nullptr, key, nullptr));
}

srtp_err_status_t CounterCipher::setIv(void* state, std::uint8_t* iv,
                                       srtp_cipher_direction_t /*direction*/) {
  auto& cipher = self<CounterCipher>(state);
  std::array<std::uint8_t, kBlock> counter;
  for (std::size_t i = 0; i < kBlock; ++i) counter[i] = cipher.salt[i] ^ iv[i];
  return cipherStatus(
      EVP_EncryptInit_ex(cipher.evp.get(), nullptr, nullptr, nullptr, counter.data()));
}

srtp_err_status_t CounterCipher::crypt(void* state, std::uint8_t* data, unsigned int* length) {
  int written = 0;
  return cipherStatus(EVP_EncryptUpdate(self<CounterCipher>(state).evp.get(), data, &written, data,
                                        static_cast<int>(*length)));
}

srtp_err_status_t GcmCipher::create(srtp_cipher_pointer_t* made, int keyLength, int tagLength) {
  const bool is256 = keyLength == SRTP_AES_GCM_256_KEY_LEN_WSALT;
  if (!is256 && keyLength != SRTP_AES_GCM_128_KEY_LEN_WSALT) return srtp_err_status_bad_param;
  // The tag lengths of RFC 7714 section 13.
  if (tagLength != 8 && tagLength != 16) return srtp_err_status_bad_param;
  auto cipher = std::make_unique<GcmCipher>();
  if (!cipher->evp) return srtp_err_status_alloc_fail;
  cipher->algorithm = is256 ? EVP_aes_256_gcm() : EVP_aes_128_gcm();
  cipher->tagLength = tagLength;
  cipher->handle = {is256 ? &kGcm256 : &kGcm128, cipher.get(), keyLength,
                    is256 ? SRTP_AES_GCM_256 : SRTP_AES_GCM_128};
  *made = &cipher.release()->handle;
  return srtp_err_status_ok;
}

srtp_err_status_t GcmCipher::setKey(void* state, const std::uint8_t* key) {
  auto& cipher = self<GcmCipher>(state);
  return cipherStatus(
      EVP_CipherInit_ex(cipher.evp.get(), cipher.algorithm, nullptr, key, nullptr, 1));
}

srtp_err_status_t GcmCipher::setIv(void* state, std::uint8_t* iv,
                                   srtp_cipher_direction_t direction) {
  const int encrypt = direction == srtp_direction_encrypt ? 1 : 0;
  return cipherStatus(
      EVP_CipherInit_ex(self<GcmCipher>(state).evp.get(), nullptr, nullptr, nullptr, iv, encrypt));
}

srtp_err_status_t GcmCipher::addAuthenticated(void* state, const std::uint8_t* data,
                                              std::uint32_t length) {
  int written = 0;
  return cipherStatus(EVP_CipherUpdate(self<GcmCipher>(state).evp.get(), nullptr, &written, data,
                                       static_cast<int>(length)));
}

srtp_err_status_t GcmCipher::encrypt(void* state, std::uint8_t* data, unsigned int* length) {
  int written = 0;
  return cipherStatus(EVP_CipherUpdate(self<GcmCipher>(state).evp.get(), data, &written, data,
                                       static_cast<int>(*length)));
}

srtp_err_status_t GcmCipher::tag(void* state, std::uint8_t* tag, std::uint32_t* length) {
  auto& cipher = self<GcmCipher>(state);
  std::array<std::uint8_t, EVP_MAX_BLOCK_LENGTH> rest;  // of a stream cipher: nothing
  int written = 0;
  if (EVP_CipherFinal_ex(cipher.evp.get(), rest.data(), &written) != 1 ||
      EVP_CIPHER_CTX_ctrl(cipher.evp.get(), EVP_CTRL_AEAD_GET_TAG, cipher.tagLength, tag) != 1) {
    return srtp_err_status_cipher_fail;
  }
  *length = static_cast<std::uint32_t>(cipher.tagLength);
  return srtp_err_status_ok;
}

srtp_err_status_t GcmCipher::decrypt(void* state, std::uint8_t* data, unsigned int* length) {
  auto& cipher = self<GcmCipher>(state);
  const auto tagLength = static_cast<unsigned int>(cipher.tagLength);
  if (*length < tagLength) return srtp_err_status_bad_param;
  const unsigned int textLength = *length - tagLength;
  std::array<std::uint8_t, EVP_MAX_BLOCK_LENGTH> rest;
  int written = 0;
  if (EVP_CIPHER_CTX_ctrl(cipher.evp.get(), EVP_CTRL_AEAD_SET_TAG, cipher.tagLength,
                          data + textLength) != 1 ||
      EVP_CipherUpdate(cipher.evp.get(), data, &written, data, static_cast<int>(textLength)) != 1) {
    return srtp_err_status_cipher_fail;
  }
  if (EVP_CipherFinal_ex(cipher.evp.get(), rest.data(), &written) != 1) {
    return srtp_err_status_auth_fail;
  }
  *length = textLength;
  return srtp_err_status_ok;
}

srtp_err_status_t HmacSha1::create(srtp_auth_pointer_t* made, int keyLength, int tagLength) {
  if (keyLength < 0 || keyLength > SHA_DIGEST_LENGTH) return srtp_err_status_bad_param;
  if (tagLength < 0 || tagLength > SHA_DIGEST_LENGTH) return srtp_err_status_bad_param;
  auto auth = std::make_unique<HmacSha1>();
  auth->handle = {&kHmacSha1, auth.get(), tagLength, keyLength, 0};
  *made = &auth.release()->handle;
  return srtp_err_status_ok;
}

srtp_err_status_t HmacSha1::setKey(void* state, const std::uint8_t* key, int length) {
  if (length < 0 || length > SHA_DIGEST_LENGTH) return srtp_err_status_bad_param;
  auto& auth = self<HmacSha1>(state);
  const auto hashPadded = [&](std::uint8_t pad, SHA_CTX& hash) {
    std::array<std::uint8_t, SHA_CBLOCK> block;
    block.fill(pad);
    for (int i = 0; i < length; ++i) block[static_cast<std::size_t>(i)] ^= key[i];
    SHA1_Init(&hash);
    SHA1_Update(&hash, block.data(), block.size());
    OPENSSL_cleanse(block.data(), block.size());
  };
  hashPadded(0x36, auth.inner);
  hashPadded(0x5c, auth.outer);
  auth.message = auth.inner;
  return srtp_err_status_ok;
}

srtp_err_status_t HmacSha1::start(void* state) {
  auto& auth = self<HmacSha1>(state);
  auth.message = auth.inner;
  return srtp_err_status_ok;
}

srtp_err_status_t HmacSha1::update(void* state, const std::uint8_t* data, int length) {
  SHA1_Update(&self<HmacSha1>(state).message, data, static_cast<std::size_t>(length));
  return srtp_err_status_ok;
}

srtp_err_status_t HmacSha1::compute(void* state, const std::uint8_t* data, int length,
                                    int tagLength, std::uint8_t* tag) {
  if (tagLength < 0 || tagLength > SHA_DIGEST_LENGTH) return srtp_err_status_bad_param;
  auto& auth = self<HmacSha1>(state);
  std::array<std::uint8_t, SHA_DIGEST_LENGTH> digest;
  SHA1_Update(&auth.message, data, static_cast<std::size_t>(length));
  SHA1_Final(digest.data(), &auth.message);
  SHA_CTX outer = auth.outer;
  SHA1_Update(&outer, digest.data(), digest.size());
  SHA1_Final(digest.data(), &outer);
  std::copy_n(digest.begin(), tagLength, tag);
  return srtp_err_status_ok;
}

}  // namespace

Result<void> installSrtpCiphers() {
  // Otherwise the end of libwebrtc's last session would shut libsrtp down, and the types be
  // forgotten.
  cricket::ProhibitLibsrtpInitialization();
  if (srtp_init() != srtp_err_status_ok) {
    return fail(ErrorCode::kInternal, "libsrtp could not be initialized");
  }
  for (const auto* type : {&kCounter128, &kGcm128, &kGcm256}) {
    if (srtp_replace_cipher_type(type, type->id) != srtp_err_status_ok) {
      return fail(ErrorCode::kInternal, std::string("libsrtp refused ") + type->description);
    }
  }
  if (srtp_replace_auth_type(&kHmacSha1, SRTP_HMAC_SHA1) != srtp_err_status_ok) {
    return fail(ErrorCode::kInternal, std::string("libsrtp refused ") + kHmacSha1.description);
  }
  return {};
}

}  // namespace rtcpub::engine
