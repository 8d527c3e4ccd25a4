#include "sfu/router/header_extension_map.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sfu/router/fake_packets.h"
#include "sfu/router/rtp_packet.h"

namespace rtcpub::sfu {
namespace {

using fake::Bytes;
using fake::bytesOf;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;

/// The publisher's 3 is the subscriber's 7, 4 is 5 and 200 is 201; transport-cc is known to both.
HeaderExtensionMap exampleMap() {
  const std::vector<HeaderExtension> publisher{
      {fake::kPlayoutDelayUri, 3},
      {fake::kVideoOrientationUri, 4},
      {fake::kTransportCcUri, 2},
      {"urn:ietf:params:rtp-hdrext:sdes:mid", 1},
      {"http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time", 200}};
  const std::vector<HeaderExtension> subscriber{
      {fake::kPlayoutDelayUri, 7},
      {fake::kVideoOrientationUri, 5},
      {fake::kTransportCcUri, 2},
      {"urn:ietf:params:rtp-hdrext:sdes:mid", 1},
      {"http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time", 201}};
  return {publisher, subscriber};
}

Bytes applied(const HeaderExtensionMap& map, std::uint16_t profile, Bytes elements) {
  Bytes data = bytesOf(
      {.extension = fake::Extension{profile, std::move(elements)}, .payload = {0xAA, 0xBB}});
  map.apply(data);
  const auto packet = RtpPacket::parse(data);
  EXPECT_TRUE(packet);
  EXPECT_THAT(packet->payload(), ElementsAre(0xAA, 0xBB));
  const auto block = packet->extension();
  return {block.begin(), block.end()};
}

TEST(HeaderExtensionMap, GivesOneByteElementsTheSubscribersIds) {
  EXPECT_THAT(applied(exampleMap(), 0xBEDE, {0x32, 1, 2, 3, 0, 0x40, 9, 0}),
              ElementsAre(0x72, 1, 2, 3, 0, 0x50, 9, 0));
}

TEST(HeaderExtensionMap, TurnsWhatIsNotForSubscribersIntoPadding) {
  EXPECT_THAT(applied(exampleMap(), 0xBEDE, {0x10, 'v', 0x21, 1, 2, 0x40, 9, 0}),
              ElementsAre(0, 0, 0, 0, 0, 0x50, 9, 0));
}

TEST(HeaderExtensionMap, StripsWhatTheSubscriberDidNotNegotiate) {
  const HeaderExtensionMap map({{fake::kPlayoutDelayUri, 3}}, {});
  EXPECT_THAT(applied(map, 0xBEDE, {0x32, 1, 2, 3}), ElementsAre(0, 0, 0, 0));
}

TEST(HeaderExtensionMap, HandlesTwoByteElements) {
  EXPECT_THAT(applied(exampleMap(), 0x1005, {3, 3, 1, 2, 3, 2, 2, 8, 9, 0, 200, 0}),
              ElementsAre(7, 3, 1, 2, 3, 0, 0, 0, 0, 0, 201, 0));
}

TEST(HeaderExtensionMap, StripsAnIdThatOneByteElementsCannotName) {
  const HeaderExtensionMap map({{fake::kPlayoutDelayUri, 3}}, {{fake::kPlayoutDelayUri, 15}});
  EXPECT_THAT(applied(map, 0xBEDE, {0x32, 1, 2, 3}), ElementsAre(0, 0, 0, 0));
  EXPECT_THAT(applied(map, 0x1000, {3, 1, 9, 0}), ElementsAre(15, 1, 9, 0));
}

TEST(HeaderExtensionMap, StopsAtIdFifteenAndAtIdZeroWithALength) {
  EXPECT_THAT(applied(exampleMap(), 0xBEDE, {0x40, 9, 0xF0, 1, 0x40, 9, 0, 0}),
              ElementsAre(0x50, 9, 0, 0, 0, 0, 0, 0));
  EXPECT_THAT(applied(exampleMap(), 0xBEDE, {0x40, 9, 0x03, 1, 0x40, 9, 0, 0}),
              ElementsAre(0x50, 9, 0, 0, 0, 0, 0, 0));
}

TEST(HeaderExtensionMap, PadsElementsThatReachBeyondTheBlock) {
  EXPECT_THAT(applied(exampleMap(), 0xBEDE, {0x40, 9, 0x32, 1}), ElementsAre(0x50, 9, 0, 0));
  EXPECT_THAT(applied(exampleMap(), 0x1000, {3, 0, 4, 3}), ElementsAre(7, 0, 0, 0));
  EXPECT_THAT(applied(exampleMap(), 0x1000, {0, 0, 0, 3}), ElementsAre(0, 0, 0, 0));
}

TEST(HeaderExtensionMap, EmptiesAProfileThatNobodyNegotiated) {
  Bytes data = bytesOf({.extension = fake::Extension{0x1234, {0x32, 1, 2, 3}}});
  exampleMap().apply(data);
  EXPECT_EQ(RtpPacket::parse(data)->extensionProfile(), 0xBEDE);
  EXPECT_THAT(RtpPacket::parse(data)->extension(), ElementsAre(0, 0, 0, 0));
}

TEST(HeaderExtensionMap, LeavesPacketsWithoutExtensionAlone) {
  const Bytes before = bytesOf({.csrcs = {1}, .payload = {0x32, 1, 2, 3}});
  Bytes after = before;
  exampleMap().apply(after);
  EXPECT_THAT(after, ElementsAreArray(before));
}

TEST(HeaderExtensionMap, IgnoresIdsOutOfRange) {
  const HeaderExtensionMap map({{fake::kPlayoutDelayUri, 0}, {fake::kPlayoutDelayUri, 256}},
                               {{fake::kPlayoutDelayUri, -1}, {fake::kPlayoutDelayUri, 999}});
  EXPECT_EQ(map, HeaderExtensionMap());
}

}  // namespace
}  // namespace rtcpub::sfu
