#include "sfu/router/packet_history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace rtcpub::sfu {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::SizeIs;

constexpr Time kStart{seconds(100)};
constexpr std::size_t kLarge = std::size_t{2} << 20;
using Bytes = std::vector<std::uint8_t>;

/// Packets of one size at an even distance, from sequence number 0 on.
class Stream {
 public:
  Stream(PacketHistory& history, std::size_t size, std::chrono::microseconds distance)
      : history_(history), packet_(size, 7), distance_(distance) {}

  void run(std::chrono::microseconds time) {
    for (const Time end = now_ + time; now_ < end; now_ += distance_) {
      ASSERT_TRUE(history_.store(next_++, packet_, now_));
      most_ = std::max(most_, history_.memory());
    }
  }
  [[nodiscard]] Time now() const { return now_; }
  [[nodiscard]] std::int64_t next() const { return next_; }
  [[nodiscard]] std::size_t most() const { return most_; }

 private:
  PacketHistory& history_;
  const Bytes packet_;
  const std::chrono::microseconds distance_;
  Time now_ = kStart;
  std::int64_t next_ = 0;
  std::size_t most_ = 0;
};

TEST(PacketHistory, ReturnsWhatWasStored) {
  PacketHistory history(1000);
  ASSERT_TRUE(history.store(5, Bytes{1, 2, 3}, kStart));
  ASSERT_TRUE(history.store(4, Bytes{9}, kStart));
  EXPECT_THAT(*history.find(5, kStart), ElementsAre(1, 2, 3));
  EXPECT_THAT(*history.find(4, kStart), ElementsAre(9));
  EXPECT_FALSE(history.find(6, kStart));
  EXPECT_FALSE(history.find(3, kStart));
}

TEST(PacketHistory, TakesNothingBeforeTheFirstPacket) {
  const PacketHistory history(kLarge);
  for (const std::int64_t sequence : {0, 1, 2047, 2048})
    EXPECT_FALSE(history.find(sequence, kStart));
  EXPECT_EQ(history.memory(), 0U);
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
  EXPECT_FALSE(history.store(951, Bytes{1}, kStart)) << "newer packets have its place";
}

TEST(PacketHistory, NeverReturnsOverwrittenBytes) {
  constexpr std::size_t kCapacity = 3 * PacketHistory::kBlock;
  PacketHistory history(kCapacity);
  for (std::int64_t i = 0; i < 1000; ++i) {
    const auto size = static_cast<std::size_t>(1 + i * 37 % 300);
    (void)history.store(i, Bytes(size, static_cast<std::uint8_t>(i)), kStart);
    ASSERT_TRUE(history.find(i, kStart));
    std::size_t bytes = 0;
    for (std::int64_t j = 0; j <= i; ++j) {
      const auto found = history.find(j, kStart);
      if (!found) continue;
      ASSERT_THAT(*found, SizeIs(static_cast<std::size_t>(1 + j * 37 % 300)));
      ASSERT_TRUE(std::all_of(found->begin(), found->end(), [j](std::uint8_t byte) {
        return byte == static_cast<std::uint8_t>(j);
      }));
      bytes += found->size();
    }
    ASSERT_LE(bytes, kCapacity);
  }
}

TEST(PacketHistory, RefusesWhatDoesNotFit) {
  PacketHistory history(10);
  EXPECT_FALSE(history.store(1, Bytes(PacketHistory::kBlock + 1), kStart));
  EXPECT_TRUE(history.store(1, Bytes(PacketHistory::kBlock), kStart));
}

TEST(PacketHistory, FindsEveryPacketOfItsTime) {
  PacketHistory history(kLarge);
  Stream stream(history, 1100, milliseconds(5));
  for (int i = 0; i < 50; ++i) {
    stream.run(milliseconds(100));
    const auto inTime = std::min<std::int64_t>(stream.next(), 400);
    for (std::int64_t ago = 1; ago <= inTime; ++ago) {
      ASSERT_TRUE(history.find(stream.next() - ago, stream.now())) << ago;
    }
  }
}

TEST(PacketHistory, TakesWhatTheBitrateNeeds) {
  PacketHistory history(kLarge);
  Stream stream(history, 1200, milliseconds(32));  // 300 kbit/s
  stream.run(seconds(60));
  EXPECT_LE(stream.most(), 95'000U);
}

TEST(PacketHistory, KeepsToItsCapacity) {
  PacketHistory history(kLarge);
  Stream stream(history, 1200, std::chrono::microseconds(320));  // 30 Mbit/s
  stream.run(seconds(5));
  EXPECT_LE(stream.most(), kLarge + PacketHistory::kPackets * 32);
  EXPECT_TRUE(history.find(stream.next() - 1500, stream.now()));
}

TEST(PacketHistory, ShrinksWithTheBitrate) {
  PacketHistory history(kLarge);
  Stream fast(history, 1200, milliseconds(1));
  fast.run(seconds(5));
  EXPECT_GT(history.memory(), 1'000'000U);
  Time now = fast.now();
  for (std::int64_t i = 0; i < 100; ++i) {
    now += milliseconds(32);
    ASSERT_TRUE(history.store(fast.next() + i, Bytes(1200), now));
  }
  EXPECT_LE(history.memory(), 120'000U);
}

TEST(PacketHistory, GivesAllBackToAPublisherThatFellSilent) {
  PacketHistory history(kLarge);
  Stream stream(history, 1200, milliseconds(5));
  stream.run(seconds(3));
  history.forgetOld(stream.now() + milliseconds(1900));
  EXPECT_TRUE(history.find(stream.next() - 1, stream.now() + milliseconds(1900)));
  history.forgetOld(stream.now() + milliseconds(2001));
  EXPECT_EQ(history.memory(), 0U);
  const Time later = stream.now() + seconds(60);
  ASSERT_TRUE(history.store(stream.next(), Bytes{1, 2}, later));
  EXPECT_THAT(*history.find(stream.next(), later), ElementsAre(1, 2));
  EXPECT_FALSE(history.find(stream.next() - 1, later));
}

TEST(PacketHistory, TakesPacketsThatAreLate) {
  PacketHistory history(kLarge);
  (void)history.store(100, Bytes{1}, kStart);
  const Time later = kStart + seconds(3);
  history.forgetOld(later);
  (void)history.store(200, Bytes{2}, later);
  ASSERT_TRUE(history.store(101, Bytes{3}, later));
  EXPECT_THAT(*history.find(101, later), ElementsAre(3));
  EXPECT_THAT(*history.find(200, later), ElementsAre(2));
  EXPECT_FALSE(history.find(100, later));
  EXPECT_FALSE(history.find(150, later));
}

TEST(PacketHistory, FollowsAStreamThatBeginsFarAbove) {
  PacketHistory history(kLarge);
  (void)history.store(5, Bytes{1}, kStart);
  ASSERT_TRUE(history.store(1'000'000, Bytes{2}, kStart));
  EXPECT_THAT(*history.find(1'000'000, kStart), ElementsAre(2));
  EXPECT_FALSE(history.find(5, kStart));
  EXPECT_LE(history.memory(), 2 * PacketHistory::kBlock);
}

TEST(PacketHistory, ForgetsAllAtOnce) {
  PacketHistory history(kLarge);
  (void)history.store(5, Bytes{1}, kStart);
  history.clear();
  EXPECT_EQ(history.memory(), 0U);
  EXPECT_FALSE(history.find(5, kStart));
}

}  // namespace
}  // namespace rtcpub::sfu
