#include "sfu/router/rtp_packet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sfu/router/fake_packets.h"

namespace rtcpub::sfu {
namespace {

using fake::Bytes;
using fake::bytesOf;
using ::testing::ElementsAre;

TEST(RtpPacket, ReadsAllParts) {
  const Bytes data = bytesOf({.payloadType = 111,
                              .sequenceNumber = 0xABCD,
                              .timestamp = 0x89ABCDEF,
                              .ssrc = 0xFEDCBA98,
                              .marker = true,
                              .csrcs = {1, 2},
                              .extension = fake::Extension{0xBEDE, {0x10, 7, 0, 0}},
                              .payload = {1, 2, 3},
                              .padding = 5});
  const auto packet = RtpPacket::parse(data);
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->payloadType(), 111);
  EXPECT_TRUE(packet->marker());
  EXPECT_EQ(packet->sequenceNumber(), 0xABCD);
  EXPECT_EQ(packet->timestamp(), 0x89ABCDEFU);
  EXPECT_EQ(packet->ssrc(), 0xFEDCBA98U);
  EXPECT_EQ(packet->extensionProfile(), 0xBEDE);
  EXPECT_THAT(packet->extension(), ElementsAre(0x10, 7, 0, 0));
  EXPECT_EQ(packet->headerSize(), 12U + 8 + 8);
  EXPECT_THAT(packet->payload(), ElementsAre(1, 2, 3));
  EXPECT_EQ(packet->withoutPadding().size(), data.size() - 5);
}

TEST(RtpPacket, MayHaveNoPayload) {
  const Bytes data = bytesOf({.payload = {}, .padding = 255});
  const auto packet = RtpPacket::parse(data);
  ASSERT_TRUE(packet);
  EXPECT_TRUE(packet->payload().empty());
}

TEST(RtpPacket, RefusesEveryTruncationOfItsHeader) {
  const Bytes data = bytesOf({.csrcs = {1, 2, 3}, .extension = fake::Extension{0xBEDE, Bytes(8)}});
  for (std::size_t size = 0; size < data.size(); ++size) {
    EXPECT_FALSE(RtpPacket::parse(std::span(data).first(size))) << size;
  }
  EXPECT_TRUE(RtpPacket::parse(data));
}

TEST(RtpPacket, RefusesAnotherVersion) {
  Bytes data = bytesOf({.payload = {1}});
  for (const int version : {0, 1, 3}) {
    data[0] = static_cast<std::uint8_t>(version << 6);
    EXPECT_FALSE(RtpPacket::parse(data));
  }
}

TEST(RtpPacket, RefusesCsrcsBeyondItsEnd) {
  Bytes data = bytesOf({.payload = Bytes(59)});
  data[0] |= 0x0F;
  EXPECT_FALSE(RtpPacket::parse(data));
  data.push_back(0);
  EXPECT_TRUE(RtpPacket::parse(data));
}

TEST(RtpPacket, RefusesAnExtensionBeyondItsEnd) {
  Bytes data = bytesOf({.extension = fake::Extension{0xBEDE, Bytes(4)}, .payload = {1, 2, 3}});
  data[15] = 2;
  EXPECT_FALSE(RtpPacket::parse(data));
  data[14] = 0xFF;
  EXPECT_FALSE(RtpPacket::parse(data));
}

TEST(RtpPacket, RefusesPaddingThatIsNoneOrTooLong) {
  Bytes data = bytesOf({.payload = {1, 2}, .padding = 4});
  data.back() = 0;
  EXPECT_FALSE(RtpPacket::parse(data));
  data.back() = 7;
  EXPECT_FALSE(RtpPacket::parse(data));
  data.back() = 6;
  EXPECT_TRUE(RtpPacket::parse(data));
}

TEST(RtpPacket, SetsFieldsAndKeepsTheMarker) {
  Bytes data = bytesOf({.marker = true, .payload = {1}});
  setFields(data, {.payloadType = 127, .sequenceNumber = 1, .timestamp = 2, .ssrc = 3});
  const auto packet = RtpPacket::parse(data);
  ASSERT_TRUE(packet);
  EXPECT_TRUE(packet->marker());
  EXPECT_EQ(packet->payloadType(), 127);
  EXPECT_EQ(packet->sequenceNumber(), 1);
  EXPECT_EQ(packet->timestamp(), 2U);
  EXPECT_EQ(packet->ssrc(), 3U);
}

TEST(RtpPacket, BecomesAnRtxPacketWithItsNumberBeforeThePayload) {
  Bytes data = bytesOf({.sequenceNumber = 0x0102,
                        .csrcs = {9},
                        .extension = fake::Extension{0xBEDE, {0x10, 7, 0, 0}},
                        .payload = {5, 6}});
  const std::size_t size = data.size();
  data.resize(size + 2);
  EXPECT_EQ(
      wrapInRtx(data, size, {.payloadType = 97, .sequenceNumber = 7, .timestamp = 8, .ssrc = 9}),
      size + 2);
  const auto packet = RtpPacket::parse(data);
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->sequenceNumber(), 7);
  EXPECT_THAT(packet->extension(), ElementsAre(0x10, 7, 0, 0));
  EXPECT_THAT(packet->payload(), ElementsAre(1, 2, 5, 6));
}

}  // namespace
}  // namespace rtcpub::sfu
