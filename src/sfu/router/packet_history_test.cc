#include "sfu/router/packet_history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace rtcpub::sfu {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::SizeIs;

constexpr Time kStart{std::chrono::seconds(100)};
using Bytes = std::vector<std::uint8_t>;

TEST(PacketHistory, ReturnsWhatWasStored) {
  PacketHistory history(1000);
  ASSERT_TRUE(history.store(5, Bytes{1, 2, 3}, kStart));
  ASSERT_TRUE(history.store(4, Bytes{9}, kStart));
  EXPECT_THAT(*history.find(5, kStart), ElementsAre(1, 2, 3));
  EXPECT_THAT(*history.find(4, kStart), ElementsAre(9));
  EXPECT_FALSE(history.find(6, kStart));
}

TEST(PacketHistory, IsEmptyBeforeTheFirstPacket) {
  const PacketHistory history(1000);
  for (const std::int64_t sequence : {0, 1, 2047, 2048})
    EXPECT_FALSE(history.find(sequence, kStart));
}

TEST(PacketHistory, ForgetsOldPackets) {
  PacketHistory history(1000);
  (void)history.store(5, Bytes{1}, kStart);
  EXPECT_TRUE(history.find(5, kStart + PacketHistory::kMaxAge));
  EXPECT_FALSE(history.find(5, kStart + PacketHistory::kMaxAge + std::chrono::microseconds(1)));
}

TEST(PacketHistory, KeepsTheNewestPackets) {
  PacketHistory history(100'000);
  for (std::int64_t i = 0; i < 3000; ++i) (void)history.store(i, Bytes{1}, kStart);
  EXPECT_FALSE(history.find(951, kStart));
  EXPECT_TRUE(history.find(952, kStart));
  EXPECT_TRUE(history.find(2999, kStart));
  EXPECT_FALSE(history.store(951, Bytes{1}, kStart)) << "a newer packet has its place";
}

TEST(PacketHistory, NeverReturnsOverwrittenBytes) {
  constexpr std::size_t kCapacity = 1000;
  PacketHistory history(kCapacity);
  for (std::int64_t i = 0; i < 1000; ++i) {
    const auto size = static_cast<std::size_t>(1 + i * 37 % 300);
    (void)history.store(i, Bytes(size, static_cast<std::uint8_t>(i)), kStart);
    ASSERT_TRUE(history.find(i, kStart));
    std::size_t bytes = 0;
    for (std::int64_t j = 0; j <= i; ++j) {
      const auto found = history.find(j, kStart);
      if (!found) continue;
      EXPECT_THAT(*found, SizeIs(static_cast<std::size_t>(1 + j * 37 % 300)));
      EXPECT_THAT(*found, Each(static_cast<std::uint8_t>(j)));
      bytes += found->size();
    }
    ASSERT_LE(bytes, kCapacity);
  }
}

TEST(PacketHistory, RefusesWhatDoesNotFit) {
  PacketHistory history(10);
  EXPECT_FALSE(history.store(1, Bytes(11), kStart));
  EXPECT_TRUE(history.store(1, Bytes(10), kStart));
}

}  // namespace
}  // namespace rtcpub::sfu
