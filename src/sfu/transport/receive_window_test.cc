#include "sfu/transport/receive_window.h"

#include <gtest/gtest.h>
#include <net/dcsctp/packet/chunk/sack_chunk.h>
#include <net/dcsctp/packet/sctp_packet.h>

#include "engine/compat/sctp_packet.h"
#include "engine/sctp_packet.h"

namespace rtcpub::sfu {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::uint32_t kOwn = 1 << 20;

Bytes packetWith(std::uint32_t room) {
  dcsctp::SctpPacket::Builder builder(dcsctp::VerificationTag(77), dcsctp::DcSctpOptions{});
  builder.Add(dcsctp::SackChunk(dcsctp::TSN(5), room, {{2, 3}}, {}));
  return builder.Build();
}

/// What a peer reads: it checks the checksum.
absl::optional<dcsctp::SackChunk> sackIn(const Bytes& packet) {
  const auto parsed = engine::readSctpPacket(packet);
  if (!parsed || parsed->descriptors().size() != 1) return absl::nullopt;
  return dcsctp::SackChunk::Parse(parsed->descriptors()[0].data);
}

/// The room that the peer is told.
std::uint32_t told(ReceiveWindow& window, std::uint32_t own, std::size_t room) {
  Bytes packet = packetWith(own);
  if (window.apply(packet, room)) engine::sctp::setChecksum(packet);
  return sackIn(packet)->a_rwnd();
}

TEST(ReceiveWindow, LeavesAlonePacketsOfWhichItKnowsNoBetter) {
  ReceiveWindow window(kOwn);
  Bytes packet = packetWith(kOwn);
  EXPECT_FALSE(window.apply(packet, kOwn));
  EXPECT_EQ(packet, packetWith(kOwn));
}

TEST(ReceiveWindow, TellsThePeerWhatIsFreeBehindTheSocket) {
  ReceiveWindow window(kOwn);
  EXPECT_EQ(told(window, kOwn, 100'000), 100'000U);
  EXPECT_EQ(told(window, kOwn, 0), 0U);
}

TEST(ReceiveWindow, CountsWhatTheSocketHoldsOfUnfinishedMessages) {
  ReceiveWindow window(kOwn);
  EXPECT_EQ(told(window, kOwn - 30'000, 100'000), 70'000U);
  EXPECT_EQ(told(window, kOwn - 200'000, 100'000), 0U);
}

TEST(ReceiveWindow, TellsNoRoomThatHoldsLessThanAPacket) {
  ReceiveWindow window(kOwn);
  EXPECT_EQ(told(window, kOwn, 1000), 0U);
}

TEST(ReceiveWindow, RepeatsTheLastAcknowledgementWhenThereIsRoomAgain) {
  ReceiveWindow window(kOwn);
  EXPECT_FALSE(window.isWorthTelling(kOwn));
  EXPECT_TRUE(window.update(kOwn).empty());
  (void)told(window, kOwn, 0);
  EXPECT_FALSE(window.isWorthTelling(10'000));
  ASSERT_TRUE(window.isWorthTelling(300'000));
  const auto sack = sackIn(window.update(300'000));
  ASSERT_TRUE(sack);
  EXPECT_EQ(sack->a_rwnd(), 300'000U);
  EXPECT_EQ(sack->cumulative_tsn_ack(), dcsctp::TSN(5));
  EXPECT_EQ(sack->gap_ack_blocks().size(), 1U);
  EXPECT_FALSE(window.isWorthTelling(300'000));
}

TEST(ReceiveWindow, TakesMalformedPackets) {
  ReceiveWindow window(kOwn);
  for (std::size_t size = 0; size < packetWith(kOwn).size(); ++size) {
    Bytes packet = packetWith(kOwn);
    packet.resize(size);
    EXPECT_FALSE(window.apply(packet, 0));
  }
}

}  // namespace
}  // namespace rtcpub::sfu
