#include "core/stun/stun_binding.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace rtcpub::stun {
namespace {

using Bytes = std::vector<std::uint8_t>;

// The id and the addresses of RFC 5769's sample responses (sections 2.2 and 2.3).
constexpr TransactionId kId{0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae};
const Bytes kXorAddress4{0x00, 0x20, 0x00, 0x08, 0x00, 0x01, 0xa1, 0x47, 0xe1, 0x12, 0xa6, 0x43};
const Bytes kXorAddress6{0x00, 0x20, 0x00, 0x14, 0x00, 0x02, 0xa1, 0x47, 0x01, 0x13, 0xa9, 0xfa,
                         0xa5, 0xd3, 0xf1, 0x79, 0xbc, 0x25, 0xf4, 0xb5, 0xbe, 0xd2, 0xb9, 0xd9};
const Bytes kSoftware{0x80, 0x22, 0x00, 0x03, 'a', 'b', 'c', ' '};

Bytes response(const std::vector<Bytes>& attributes, std::uint8_t kind = 0x01) {
  Bytes packet{0x01, kind, 0, 0, 0x21, 0x12, 0xA4, 0x42};
  packet.resize(20);
  std::ranges::copy(kId, packet.begin() + 8);
  for (const auto& each : attributes) packet.insert(packet.end(), each.begin(), each.end());
  packet[3] = static_cast<std::uint8_t>(packet.size() - 20);
  return packet;
}

TEST(StunBinding, ReadsTheMappedAddressOfEitherFamily) {
  const auto four = parseBindingResponse(response({kSoftware, kXorAddress4})).value();
  EXPECT_EQ(four.id, kId);
  EXPECT_EQ(four.mapped, (Endpoint{"192.0.2.1", 32853}));
  const auto six = parseBindingResponse(response({kXorAddress6})).value();
  EXPECT_EQ(six.mapped, (Endpoint{"2001:db8:1234:5678:11:2233:4455:6677", 32853}));
}

TEST(StunBinding, ReadsThePlainAddressOfAnOldServerOnlyWithoutTheOther) {
  const Bytes plain{0x00, 0x01, 0x00, 0x08, 0x00, 0x01, 0x12, 0x34, 10, 0, 0, 7};
  EXPECT_EQ(parseBindingResponse(response({plain}))->mapped, (Endpoint{"10.0.0.7", 0x1234}));
  EXPECT_EQ(parseBindingResponse(response({plain, kXorAddress4}))->mapped->address, "192.0.2.1");
}

TEST(StunBinding, TakesARefusalForALiveServer) {
  const auto refused = parseBindingResponse(response({}, 0x11));
  ASSERT_TRUE(refused);
  EXPECT_FALSE(refused->mapped);
}

TEST(StunBinding, PadsARequestToTheSizeThatIsAskedFor) {
  EXPECT_EQ(bindingRequest(kId).size(), 20U);
  const auto padded = bindingRequest(kId, 1472);
  ASSERT_EQ(padded.size(), 1472U);
  EXPECT_EQ(padded[2] * 256 + padded[3], 1452);
  EXPECT_EQ(padded[20] & 0x80, 0x80);  // need not be understood
  EXPECT_EQ(padded[22] * 256 + padded[23], 1448);
}

TEST(StunBinding, RefusesWhatIsNoResponse) {
  auto cookie = response({kXorAddress4});
  cookie[4] ^= 1;
  auto length = response({kXorAddress4});
  length[3] += 4;
  auto cut = response({kXorAddress4});
  cut[23] = 0xFF;
  const auto request = bindingRequest(kId);
  for (const auto& packet : {Bytes{}, Bytes(19), cookie, length, cut, request}) {
    EXPECT_FALSE(parseBindingResponse(packet));
  }
}

TEST(StunBinding, LeavesOutAnAddressOfNoKnownFamily) {
  auto unknown = kXorAddress4;
  unknown[5] = 7;
  EXPECT_EQ(parseBindingResponse(response({unknown}))->mapped, std::nullopt);
}

}  // namespace
}  // namespace rtcpub::stun
