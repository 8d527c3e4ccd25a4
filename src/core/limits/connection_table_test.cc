#include "core/limits/connection_table.h"

#include <gtest/gtest.h>

namespace rtcpub {
namespace {

using Id = ConnectionTable::Id;

constexpr ConnectionTable::Phase kSilent = 0;
constexpr ConnectionTable::Phase kTalking = 1;
constexpr ConnectionTable::Phase kJoined = 2;

NetworkKey ip4(std::uint8_t last) {
  return networkOf({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 192, 0, 2, last});
}

NetworkKey ip6(std::uint8_t subnet, std::uint8_t last) {
  return networkOf({0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, subnet, 1, 2, 3, 4, 5, 6, 7, last});
}

class ConnectionTableTest : public testing::Test {
 protected:
  /// Connects, and lets go whoever must; who that was.
  std::optional<Id> connect(std::optional<NetworkKey> network) {
    return drop(table_.enter(next_++, network, kSilent));
  }
  std::optional<Id> move(Id id, ConnectionTable::Phase phase) {
    return drop(table_.move(id, phase));
  }
  std::optional<Id> drop(std::optional<Id> id) {
    if (id) table_.leave(*id);
    return id;
  }

  ConnectionTable table_{{{4, 8}, {2, 6}, {3, 5}}};
  Id next_ = 1;
};

TEST(Network, IsAnIpv4AddressOrTheUpperHalfOfAnIpv6One) {
  EXPECT_NE(ip4(1), ip4(2));
  EXPECT_EQ(ip6(1, 1), ip6(1, 2));
  EXPECT_NE(ip6(1, 1), ip6(2, 1));
}

TEST(Network, IsTheWholeOfALinkLocalAddress) {
  const auto linkLocal = [](std::uint8_t last) {
    return networkOf({0xFE, 0x80, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, last});
  };
  EXPECT_NE(linkLocal(1), linkLocal(2));
}

TEST_F(ConnectionTableTest, LetsTheOldestOfANetworkGoThatHasItsShare) {
  for (int i = 0; i < 4; ++i) EXPECT_EQ(connect(ip4(1)), std::nullopt);
  EXPECT_EQ(connect(ip4(2)), std::nullopt);
  EXPECT_EQ(connect(ip4(1)), 1U);
  EXPECT_EQ(connect(ip4(1)), 2U);
  EXPECT_EQ(table_.size(kSilent, ip4(1)), 4U);
  EXPECT_EQ(table_.size(), 5U);
}

TEST_F(ConnectionTableTest, LetsTheOldestOfTheLargestNetworkGoWhenAllRoomIsTaken) {
  EXPECT_EQ(connect(ip4(9)), std::nullopt);                              // 1
  for (int i = 0; i < 3; ++i) EXPECT_EQ(connect(ip4(1)), std::nullopt);  // 2 to 4
  for (int i = 0; i < 4; ++i) EXPECT_EQ(connect(ip4(2)), std::nullopt);  // 5 to 8
  EXPECT_EQ(connect(ip4(3)), 5U);
  EXPECT_EQ(connect(ip4(4)), 2U) << "two have three now: the one that has been here for longer";
}

TEST_F(ConnectionTableTest, LetsTheOldestGoWhenEachComesFromElsewhere) {
  for (std::uint8_t i = 1; i <= 8; ++i) EXPECT_EQ(connect(ip4(i)), std::nullopt);
  for (std::uint8_t i = 9; i <= 20; ++i) EXPECT_EQ(connect(ip4(i)), Id{i} - 8);
}

TEST_F(ConnectionTableTest, GivesEachPhaseRoomOfItsOwn) {
  EXPECT_EQ(connect(ip4(1)), std::nullopt);
  EXPECT_EQ(move(1, kTalking), std::nullopt);
  for (int i = 0; i < 100; ++i) connect(ip4(1));
  EXPECT_EQ(table_.phaseOf(1), kTalking) << "it has come further than those that say nothing";
  EXPECT_EQ(table_.size(kSilent), 4U);
  EXPECT_EQ(table_.size(kTalking), 1U);
}

TEST_F(ConnectionTableTest, CountsWhoComesToAPhaseAsItsNewest) {
  for (int i = 0; i < 3; ++i) connect(ip4(1));
  EXPECT_EQ(move(3, kTalking), std::nullopt);
  EXPECT_EQ(move(2, kTalking), std::nullopt);
  EXPECT_EQ(move(1, kTalking), 3U);
  EXPECT_EQ(move(2, kTalking), std::nullopt) << "it begins anew";
  connect(ip4(1));
  EXPECT_EQ(move(4, kTalking), 1U);
}

TEST_F(ConnectionTableTest, CountsAProxysConnectionsInAllOnly) {
  for (int i = 0; i < 8; ++i) EXPECT_EQ(connect(std::nullopt), std::nullopt);
  EXPECT_EQ(connect(ip4(1)), 1U);
  EXPECT_EQ(drop(table_.move(2, kTalking, ip4(7))), std::nullopt);
  EXPECT_EQ(table_.size(kTalking, ip4(7)), 1U);
}

TEST_F(ConnectionTableTest, SaysWhenAPhaseIsFullForSomebody) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(table_.full(kJoined, ip4(1)));
    connect(ip4(1));
    EXPECT_EQ(move(next_ - 1, kJoined), std::nullopt);
  }
  EXPECT_TRUE(table_.full(kJoined, ip4(1)));
  EXPECT_FALSE(table_.full(kJoined, ip4(2)));
  EXPECT_FALSE(table_.full(kJoined, std::nullopt));
  for (int i = 0; i < 2; ++i) {
    connect(ip4(2));
    EXPECT_EQ(move(next_ - 1, kJoined), std::nullopt);
  }
  EXPECT_TRUE(table_.full(kJoined, ip4(3)));
  table_.leave(1);
  EXPECT_FALSE(table_.full(kJoined, ip4(1)));
}

TEST_F(ConnectionTableTest, NamesTheLeastUsefulOne) {
  EXPECT_EQ(table_.leastUseful(kJoined), std::nullopt);
  connect(ip4(1));
  EXPECT_EQ(move(1, kJoined), std::nullopt);
  EXPECT_EQ(table_.leastUseful(kJoined), std::nullopt) << "those that joined stay";
  connect(ip4(1));
  EXPECT_EQ(move(2, kTalking), std::nullopt);
  EXPECT_EQ(table_.leastUseful(kJoined), 2U);
  connect(ip4(1));
  EXPECT_EQ(table_.leastUseful(kJoined), 3U);
}

TEST_F(ConnectionTableTest, ForgetsWhoLeaves) {
  connect(ip4(1));
  table_.leave(1);
  table_.leave(1);
  EXPECT_FALSE(table_.contains(1));
  EXPECT_EQ(table_.size(), 0U);
  EXPECT_EQ(table_.size(kSilent, ip4(1)), 0U);
}

/// A flood of thousands a second, a client that needs some milliseconds from one phase to the next.
TEST_F(ConnectionTableTest, LeavesANewcomerTimeToGetOnInAFloodOfItsOwnNetwork) {
  ConnectionTable table({{128, 256}, {128, 256}, {256, 1000}});
  Id next = 1;
  const auto flood = [&](int count) {
    for (int i = 0; i < count; ++i) {
      if (const auto gone = table.enter(next++, ip4(1), kSilent)) table.leave(*gone);
    }
  };
  flood(1000);
  const Id client = next++;
  if (const auto gone = table.enter(client, ip4(1), kSilent)) table.leave(*gone);
  flood(127);
  ASSERT_TRUE(table.contains(client));
  EXPECT_EQ(table.move(client, kTalking), std::nullopt);
  flood(10'000);
  EXPECT_TRUE(table.contains(client));
}

}  // namespace
}  // namespace rtcpub
