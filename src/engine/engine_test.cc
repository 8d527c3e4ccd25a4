#include "engine/engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <srtp2/auth.h>
#include <srtp2/cipher.h>
#include <srtp2/crypto_types.h>
#include <srtp2/srtp.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// Not in libsrtp's installed headers, but exported: makes a cipher of the type that is registered.
// NOLINTBEGIN(readability-identifier-naming): libsrtp's names
extern "C" {
srtp_err_status_t srtp_crypto_kernel_alloc_cipher(srtp_cipher_type_id_t id,
                                                  srtp_cipher_pointer_t* cipher, int keyLength,
                                                  int tagLength);
srtp_err_status_t srtp_crypto_kernel_alloc_auth(srtp_auth_type_id_t id, srtp_auth_pointer_t* auth,
                                                int keyLength, int tagLength);
}
// NOLINTEND(readability-identifier-naming)

namespace rtcpub::engine {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes hex(std::string_view digits) {
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    bytes.push_back(
        static_cast<std::uint8_t>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

Bytes text(std::string_view characters) { return {characters.begin(), characters.end()}; }

class SrtpCiphers : public testing::Test {
 protected:
  void SetUp() override { initialize(); }
};

using Cipher = std::unique_ptr<srtp_cipher_t, decltype(&srtp_cipher_dealloc)>;

Cipher makeCipher(srtp_cipher_type_id_t id, int keyLength, int tagLength) {
  srtp_cipher_t* cipher = nullptr;
  EXPECT_EQ(srtp_crypto_kernel_alloc_cipher(id, &cipher, keyLength, tagLength), srtp_err_status_ok);
  return {cipher, &srtp_cipher_dealloc};
}

Bytes hmacSha1(Bytes key, const Bytes& data, int tagLength = 20) {
  srtp_auth_t* auth = nullptr;
  EXPECT_EQ(
      srtp_crypto_kernel_alloc_auth(SRTP_HMAC_SHA1, &auth, static_cast<int>(key.size()), tagLength),
      srtp_err_status_ok);
  Bytes tag(static_cast<std::size_t>(tagLength));
  // In two parts, as libsrtp does: the packet, then the rollover counter.
  const auto first = data.size() / 2;
  EXPECT_EQ(srtp_auth_init(auth, key.data()), srtp_err_status_ok);
  EXPECT_EQ(srtp_auth_start(auth), srtp_err_status_ok);
  EXPECT_EQ(srtp_auth_update(auth, data.data(), static_cast<int>(first)), srtp_err_status_ok);
  EXPECT_EQ(srtp_auth_compute(auth, data.data() + first, static_cast<int>(data.size() - first),
                              tag.data()),
            srtp_err_status_ok);
  EXPECT_EQ(srtp_auth_dealloc(auth), srtp_err_status_ok);
  return tag;
}

TEST_F(SrtpCiphers, AreOpenSsls) {
  const auto counter = makeCipher(SRTP_AES_ICM_128, SRTP_AES_ICM_128_KEY_LEN_WSALT, 0);
  const auto gcm128 = makeCipher(SRTP_AES_GCM_128, SRTP_AES_GCM_128_KEY_LEN_WSALT, 16);
  const auto gcm256 = makeCipher(SRTP_AES_GCM_256, SRTP_AES_GCM_256_KEY_LEN_WSALT, 16);
  for (const auto* cipher : {counter.get(), gcm128.get(), gcm256.get()}) {
    EXPECT_THAT(cipher->type->description, testing::HasSubstr("OpenSSL"));
    EXPECT_EQ(srtp_cipher_type_self_test(cipher->type), srtp_err_status_ok);
  }
}

TEST_F(SrtpCiphers, StayWhenInitializedAgain) {
  initialize();
  const auto counter = makeCipher(SRTP_AES_ICM_128, SRTP_AES_ICM_128_KEY_LEN_WSALT, 0);
  EXPECT_THAT(counter->type->description, testing::HasSubstr("OpenSSL"));
}

TEST_F(SrtpCiphers, MakeTheKeyStreamOfRfc3711AppendixB2) {
  const auto key = hex("2B7E151628AED2A6ABF7158809CF4F3CF0F1F2F3F4F5F6F7F8F9FAFBFCFD");
  const auto cipher = makeCipher(SRTP_AES_ICM_128, static_cast<int>(key.size()), 0);
  Bytes iv(16);
  Bytes stream(48);
  unsigned int length = 48;
  ASSERT_EQ(srtp_cipher_init(cipher.get(), key.data()), srtp_err_status_ok);
  ASSERT_EQ(srtp_cipher_set_iv(cipher.get(), iv.data(), srtp_direction_encrypt),
            srtp_err_status_ok);
  ASSERT_EQ(srtp_cipher_encrypt(cipher.get(), stream.data(), &length), srtp_err_status_ok);
  EXPECT_EQ(stream, hex("E03EAD0935C95E80E166B16DD92B4EB4"
                        "D23513162B02D0F72A43A2FE4A5F97AB"
                        "41E95B3BB0A2E8DD477901E4FCA894C0"));
}

TEST_F(SrtpCiphers, MakeTheTagsOfRfc2202) {
  EXPECT_EQ(hmacSha1(Bytes(20, 0x0b), text("Hi There")),
            hex("b617318655057264e28bc0b6fb378c8ef146be00"));
  EXPECT_EQ(hmacSha1(text("Jefe"), text("what do ya want for nothing?")),
            hex("effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"));
  EXPECT_EQ(hmacSha1(Bytes(20, 0x0c), text("Test With Truncation"), 12),
            hex("4c1a03424b55e07fe7f27be1"));
}

TEST_F(SrtpCiphers, RefuseKeysOfTheWrongLength) {
  srtp_cipher_t* cipher = nullptr;
  EXPECT_NE(srtp_crypto_kernel_alloc_cipher(SRTP_AES_ICM_128, &cipher, 31, 0), srtp_err_status_ok);
  EXPECT_NE(srtp_crypto_kernel_alloc_cipher(SRTP_AES_GCM_128, &cipher, 27, 16), srtp_err_status_ok);
  EXPECT_NE(
      srtp_crypto_kernel_alloc_cipher(SRTP_AES_GCM_128, &cipher, SRTP_AES_GCM_128_KEY_LEN_WSALT, 5),
      srtp_err_status_ok);
  srtp_auth_t* auth = nullptr;
  EXPECT_NE(srtp_crypto_kernel_alloc_auth(SRTP_HMAC_SHA1, &auth, 21, 10), srtp_err_status_ok);
}

/// A protection profile: its name, and libsrtp's function that writes the policy of RTP or RTCP.
struct Profile {
  const char* name;
  void (*set)(srtp_crypto_policy_t*);
  int tagLength;
};

class SrtpProfile : public testing::TestWithParam<Profile> {
 protected:
  using Session = std::unique_ptr<srtp_ctx_t, decltype(&srtp_dealloc)>;
  static constexpr std::size_t kSpare = 64;  ///< for the tag and RTCP's index

  void SetUp() override { initialize(); }

  Session makeSession(srtp_ssrc_type_t direction) {
    srtp_policy_t policy{};
    GetParam().set(&policy.rtp);
    GetParam().set(&policy.rtcp);
    policy.ssrc = {direction, 0};
    policy.key = key_.data();
    policy.window_size = 1024;
    srtp_t session = nullptr;
    EXPECT_EQ(srtp_create(&session, &policy), srtp_err_status_ok);
    return {session, &srtp_dealloc};
  }

  /// Any RTP packet: version 2, payload type 96, SSRC 0x11223344.
  static Bytes packet(std::uint16_t sequenceNumber, std::size_t payloadSize) {
    Bytes bytes = hex("80600000000003e811223344");
    bytes[2] = static_cast<std::uint8_t>(sequenceNumber >> 8);
    bytes[3] = static_cast<std::uint8_t>(sequenceNumber);
    for (std::size_t i = 0; i < payloadSize; ++i) bytes.push_back(static_cast<std::uint8_t>(i));
    return bytes;
  }

  static Bytes protect(const Session& session, Bytes bytes) {
    auto length = static_cast<int>(bytes.size());
    bytes.resize(bytes.size() + kSpare);
    EXPECT_EQ(srtp_protect(session.get(), bytes.data(), &length), srtp_err_status_ok);
    bytes.resize(static_cast<std::size_t>(length));
    return bytes;
  }

  Bytes key_ =
      hex("e1f97a0d3e018be0d64fa32c06de41390ec675ad498afeebb6960b3aabe6"
          "102030405060708090a0b0c0d0e0");
};

TEST_P(SrtpProfile, UnprotectsWhatItProtected) {
  const auto sender = makeSession(ssrc_any_outbound);
  const auto receiver = makeSession(ssrc_any_inbound);
  for (const std::uint16_t number : {1, 2, 4, 3}) {
    const auto plain = packet(number, 1188);
    auto wire = protect(sender, plain);
    EXPECT_EQ(wire.size(), plain.size() + static_cast<std::size_t>(GetParam().tagLength));
    EXPECT_FALSE(std::equal(plain.begin() + 12, plain.end(), wire.begin() + 12));
    auto length = static_cast<int>(wire.size());
    ASSERT_EQ(srtp_unprotect(receiver.get(), wire.data(), &length), srtp_err_status_ok);
    wire.resize(static_cast<std::size_t>(length));
    EXPECT_EQ(wire, plain);
  }
}

TEST_P(SrtpProfile, UnprotectsAnEmptyPayload) {
  const auto plain = packet(1, 0);
  auto wire = protect(makeSession(ssrc_any_outbound), plain);
  auto length = static_cast<int>(wire.size());
  EXPECT_EQ(srtp_unprotect(makeSession(ssrc_any_inbound).get(), wire.data(), &length),
            srtp_err_status_ok);
  EXPECT_EQ(length, static_cast<int>(plain.size()));
}

TEST_P(SrtpProfile, UnprotectsRtcp) {
  const auto plain = hex("80c90001112233440000000000000000");  // an empty report, some padding
  auto wire = plain;
  wire.resize(plain.size() + kSpare);
  auto length = static_cast<int>(plain.size());
  ASSERT_EQ(srtp_protect_rtcp(makeSession(ssrc_any_outbound).get(), wire.data(), &length),
            srtp_err_status_ok);
  ASSERT_EQ(srtp_unprotect_rtcp(makeSession(ssrc_any_inbound).get(), wire.data(), &length),
            srtp_err_status_ok);
  wire.resize(static_cast<std::size_t>(length));
  EXPECT_EQ(wire, plain);
}

TEST_P(SrtpProfile, RefusesAPacketOfWhichOneBitChanged) {
  const auto wire = protect(makeSession(ssrc_any_outbound), packet(1, 100));
  const auto receiver = makeSession(ssrc_any_inbound);
  for (const std::size_t position : {std::size_t{4}, std::size_t{20}, wire.size() - 1}) {
    auto tampered = wire;
    tampered[position] ^= 1;
    auto length = static_cast<int>(tampered.size());
    EXPECT_EQ(srtp_unprotect(receiver.get(), tampered.data(), &length), srtp_err_status_auth_fail)
        << "at " << position;
  }
}

TEST_P(SrtpProfile, RefusesEveryTruncation) {
  const auto wire = protect(makeSession(ssrc_any_outbound), packet(1, 40));
  const auto receiver = makeSession(ssrc_any_inbound);
  for (std::size_t size = 0; size < wire.size(); ++size) {
    Bytes cut(wire.begin(), wire.begin() + static_cast<std::ptrdiff_t>(size));
    cut.reserve(1);  // so that there is an address
    auto length = static_cast<int>(size);
    EXPECT_NE(srtp_unprotect(receiver.get(), cut.data(), &length), srtp_err_status_ok)
        << size << " bytes";
  }
}

TEST_P(SrtpProfile, RefusesAReplay) {
  const auto wire = protect(makeSession(ssrc_any_outbound), packet(1, 40));
  const auto receiver = makeSession(ssrc_any_inbound);
  auto first = wire;
  auto second = wire;
  auto length = static_cast<int>(wire.size());
  ASSERT_EQ(srtp_unprotect(receiver.get(), first.data(), &length), srtp_err_status_ok);
  length = static_cast<int>(wire.size());
  EXPECT_EQ(srtp_unprotect(receiver.get(), second.data(), &length), srtp_err_status_replay_fail);
}

INSTANTIATE_TEST_SUITE_P(
    , SrtpProfile,
    testing::Values(Profile{"AesCm128HmacSha1With80Bits", &srtp_crypto_policy_set_rtp_default, 10},
                    Profile{"AesGcm128", &srtp_crypto_policy_set_aes_gcm_128_16_auth, 16},
                    Profile{"AesGcm256", &srtp_crypto_policy_set_aes_gcm_256_16_auth, 16}),
    [](const auto& profile) { return std::string(profile.param.name); });

}  // namespace
}  // namespace rtcpub::engine
