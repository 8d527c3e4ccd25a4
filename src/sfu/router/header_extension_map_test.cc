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

/// The publisher's 3 is the viewer's 7, 4 is 5 and 200 is 201; transport-cc is known to both.
HeaderExtensionMap exampleMap() {
  const std::vector<HeaderExtension> publisher{
      {fake::kPlayoutDelayUri, 3},
      {fake::kVideoOrientationUri, 4},
      {fake::kTransportCcUri, 2},
      {"urn:ietf:params:rtp-hdrext:sdes:mid", 1},
      {"http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time", 200}};
  const std::vector<HeaderExtension> viewer{
      {fake::kPlayoutDelayUri, 7},
      {fake::kVideoOrientationUri, 5},
      {fake::kTransportCcUri, 2},
      {"urn:ietf:params:rtp-hdrext:sdes:mid", 1},
      {"http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time", 201}};
  return {publisher, viewer};
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

TEST(HeaderExtensionMap, GivesOneByteElementsTheViewersIds) {
  EXPECT_THAT(applied(exampleMap(), 0xBEDE, {0x32, 1, 2, 3, 0, 0x40, 9, 0}),
              ElementsAre(0x72, 1, 2, 3, 0, 0x50, 9, 0));
}

TEST(HeaderExtensionMap, TurnsWhatIsNotForViewersIntoPadding) {
  EXPECT_THAT(applied(exampleMap(), 0xBEDE, {0x10, 'v', 0x81, 1, 2, 0x40, 9, 0}),
              ElementsAre(0, 0, 0, 0, 0, 0x50, 9, 0));
}

TEST(HeaderExtensionMap, StripsWhatTheViewerDidNotNegotiate) {
  const HeaderExtensionMap map({{fake::kPlayoutDelayUri, 3}}, {});
  EXPECT_THAT(applied(map, 0xBEDE, {0x32, 1, 2, 3}), ElementsAre(0, 0, 0, 0));
}

TEST(HeaderExtensionMap, HandlesTwoByteElements) {
  EXPECT_THAT(applied(exampleMap(), 0x1005, {3, 3, 1, 2, 3, 2, 2, 8, 9, 0, 200, 0}),
              ElementsAre(7, 3, 1, 2, 3, 2, 2, 8, 9, 0, 201, 0));
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

/// What becomes of a packet, and where its number goes.
std::pair<Bytes, std::size_t> numbered(const HeaderExtensionMap& map, Bytes data) {
  const std::size_t size = data.size();
  map.apply(data);
  data.resize(size + HeaderExtensionMap::kMaxGrowth);
  const auto room = map.makeSpace(data, size);
  data.resize(room.size);
  return {data, room.transportSequence};
}

TEST(HeaderExtensionMap, ReusesThePublishersTransportWideNumber) {
  const auto [data, place] =
      numbered({{{fake::kTransportCcUri, 2}}, {{fake::kTransportCcUri, 6}}},
               bytesOf({.extension = fake::Extension{0xBEDE, {0, 0x21, 1, 2}}, .payload = {0xAA}}));
  EXPECT_THAT(RtpPacket::parse(data)->extension(), ElementsAre(0, 0x61, 1, 2));
  EXPECT_EQ(place, 18U);
}

TEST(HeaderExtensionMap, MakesRoomForTheTransportWideNumber) {
  const HeaderExtensionMap map({}, {{fake::kTransportCcUri, 6}});
  const auto [bare, inBare] = numbered(map, bytesOf({.csrcs = {1}, .payload = {0xAA, 0xBB}}));
  auto packet = RtpPacket::parse(bare);
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->extensionProfile(), 0xBEDE);
  EXPECT_THAT(packet->extension(), ElementsAre(0x61, 0, 0, 0));
  EXPECT_THAT(packet->payload(), ElementsAre(0xAA, 0xBB));
  EXPECT_EQ(inBare, 21U);
  const auto [full, inFull] = numbered(
      map, bytesOf({.extension = fake::Extension{0xBEDE, {0x10, 1, 0, 0}}, .payload = {0xAA}}));
  packet = RtpPacket::parse(full);
  ASSERT_TRUE(packet);
  EXPECT_THAT(packet->extension(), ElementsAre(0, 0, 0, 0, 0x61, 0, 0, 0));
  EXPECT_THAT(packet->payload(), ElementsAre(0xAA));
  EXPECT_EQ(inFull, 21U);
  const auto [two, inTwo] = numbered(
      map, bytesOf({.extension = fake::Extension{0x1000, {0, 0, 0, 0}}, .payload = {0xAA}}));
  EXPECT_THAT(RtpPacket::parse(two)->extension(), ElementsAre(0, 0, 0, 0, 6, 2, 0, 0));
  EXPECT_EQ(inTwo, 22U);
}

TEST(HeaderExtensionMap, MakesNoRoomWithoutTransportCc) {
  const auto [data, place] = numbered({}, bytesOf({.payload = {0xAA}}));
  EXPECT_EQ(data.size(), 13U);
  EXPECT_EQ(place, 0U);
}

TEST(HeaderExtensionMap, DoesNotReuseATransportWideNumberOfAnotherSize) {
  const auto [data, place] =
      numbered({{{fake::kTransportCcUri, 2}}, {{fake::kTransportCcUri, 6}}},
               bytesOf({.extension = fake::Extension{0xBEDE, {0x22, 1, 2, 3}}, .payload = {0xAA}}));
  EXPECT_THAT(RtpPacket::parse(data)->extension(), ElementsAre(0, 0, 0, 0, 0x61, 0, 0, 0));
  EXPECT_EQ(place, 21U);
}

}  // namespace
}  // namespace rtcpub::sfu
