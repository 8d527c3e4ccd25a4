#include "core/stun/stun_format.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace rtcpub::stun {
namespace {

using Packet = std::vector<std::uint8_t>;

constexpr TransactionId kId{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
constexpr std::uint16_t kUnknown = 0xFFFE;
const TransportAddress kFour{.ip = {192, 0, 2, 1}, .port = 32853};
const TransportAddress kSix{
    .ip = {0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7}, .ipv6 = true, .port = 4000};

Packet messageOf(const std::vector<Packet>& values) {
  Writer writer(kBindingRequest, kId);
  for (const auto& value : values) writer.add(kUsername, value);
  return writer.take();
}

TEST(StunFormat, ReadsWhatItWrote) {
  Writer writer(kBindingSuccess, kId);
  writer.add(kUsername, Packet{'a', ':', 'b', 'c', 'd'});
  writer.addXorAddress(kXorMappedAddress, kSix);
  const auto packet = writer.take();
  ASSERT_EQ(packet.size(), kHeaderSize + 12 + 24);
  const auto message = Message::read(packet);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->type(), kBindingSuccess);
  EXPECT_EQ(message->id(), kId);
  EXPECT_EQ(message->find(kUsername)->size(), 5U);
  EXPECT_EQ(readXorAddress(*message->find(kXorMappedAddress), kId), kSix);
  EXPECT_FALSE(message->find(kUnknown));
}

TEST(StunFormat, WritesAMessageWithoutAttributes) {
  EXPECT_EQ(messageOf({}),
            (Packet{0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}));
}

TEST(StunFormat, WritesAnAddressAsRfc5769ShowsIt) {
  constexpr TransactionId kSampleId{0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34,
                                    0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae};
  Writer writer(kBindingSuccess, kSampleId);
  writer.addXorAddress(kXorMappedAddress, kFour);
  const auto packet = writer.take();
  EXPECT_EQ(Packet(packet.begin() + kHeaderSize, packet.end()),
            (Packet{0, 0x20, 0, 8, 0, 1, 0xa1, 0x47, 0xe1, 0x12, 0xa6, 0x43}));
}

TEST(StunFormat, CountsTheFirstAttributeOfATypeOrAll) {
  const auto packet = messageOf({{'a'}, {'b', 'b'}, {}});
  const auto message = Message::read(packet);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->find(kUsername)->front(), 'a');
  const auto all = message->findAll(kUsername);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[1].size(), 2U);
  EXPECT_TRUE(all[2].empty());
}

TEST(StunFormat, RefusesWhatIsNoMessage) {
  const Packet good = messageOf({{'a', 'b', 'c', 'd'}});
  ASSERT_TRUE(Message::read(good));
  const auto with = [&](std::size_t at, std::uint8_t byte) {
    Packet changed = good;
    changed[at] = byte;
    return changed;
  };
  Packet odd = with(3, 10);
  odd.resize(kHeaderSize + 10);
  const Packet cutHeader(good.begin(), good.begin() + kHeaderSize - 1);
  const Packet cut(good.begin(), good.end() - 4);
  Packet longer = good;
  longer.resize(good.size() + 4);
  const Packet cookie = with(4, 0);
  const Packet rtp = with(0, 0x80);
  const Packet attribute = with(kHeaderSize + 3, 5);
  const Packet huge = with(kHeaderSize + 2, 0xFF);
  for (const auto& packet : {Packet{}, cutHeader, cut, odd, longer, cookie, rtp, attribute, huge}) {
    EXPECT_FALSE(Message::read(packet));
  }
}

TEST(StunFormat, ReadsAPlainAddress) {
  EXPECT_EQ(readAddress(Packet{0, 1, 0x80, 0x55, 192, 0, 2, 1}), kFour);
}

TEST(StunFormat, RefusesWhatIsNoAddress) {
  const auto refused = [](const Packet& value) {
    return !readXorAddress(value, kId) && !readAddress(value);
  };
  EXPECT_TRUE(refused({}));
  EXPECT_TRUE(refused({0, 1, 0}));
  EXPECT_TRUE(refused({0, 1, 0, 0, 1, 2, 3}));
  EXPECT_TRUE(refused({0, 2, 0, 0, 1, 2, 3, 4}));
  EXPECT_TRUE(refused({0, 3, 0, 0, 1, 2, 3, 4}));
  EXPECT_FALSE(refused({0, 1, 0, 0, 1, 2, 3, 4}));
}

}  // namespace
}  // namespace rtcpub::stun
