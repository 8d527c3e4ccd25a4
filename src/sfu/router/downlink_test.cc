#include "sfu/router/downlink.h"

#include <gtest/gtest.h>

#include <vector>

namespace rtcpub::sfu {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::int64_t kEstimate = 500'000;
constexpr std::int64_t kNeed = 2'000'000;
constexpr double kBitsOfAPacket = (1000 + kDatagramOverhead) * 8;

struct Sent {
  std::size_t size = 0;
  std::uint8_t first = 0;
  std::optional<Probe> probe;
  Time at{};
};

class DownlinkTest : public ::testing::Test {
 protected:
  void send(std::size_t size, std::uint8_t mark = 0, bool early = false) {
    std::vector<std::uint8_t> bytes(size, mark);
    downlink.send({.data = bytes, .transportSequence = 7}, early, now);
  }
  /// Lives on until then, padding of 1,000 bytes at hand.
  void runUntil(Time end) {
    while (downlink.deadline() <= end) {
      now = std::max(now, downlink.deadline());
      downlink.onTime(now, [this]() -> std::optional<OutgoingPacket> {
        if (!canPad) return std::nullopt;
        return OutgoingPacket{.data = padding, .transportSequence = 7};
      });
    }
    now = end;
  }

  Time now{seconds(100)};
  std::vector<Sent> sent;
  std::vector<std::uint8_t> padding = std::vector<std::uint8_t>(1000);
  bool canPad = true;
  Downlink downlink{kEstimate, kNeed, now, [this](const OutgoingPacket& packet) {
                      EXPECT_EQ(packet.transportSequence, 7U);
                      sent.push_back({packet.data.size(), packet.data[0], packet.probe, now});
                    }};
};

TEST_F(DownlinkTest, SendsAtOnceWhatFits) {
  send(1000);
  now += milliseconds(20);
  send(1000);
  EXPECT_EQ(sent.size(), 2U);
}

TEST_F(DownlinkTest, SpreadsMoreThanTheNetworkShallHold) {
  canPad = false;
  for (int i = 0; i < 50; ++i) send(1000);
  EXPECT_LT(sent.size(), 5U);
  runUntil(now + milliseconds(500));
  const double carried = static_cast<double>(sent.size()) * kBitsOfAPacket;
  EXPECT_NEAR(carried, kEstimate * Downlink::kThriftyPacing * (0.5 + 0.02), 16'000);
}

TEST_F(DownlinkTest, SendsFastWhileTheSourceFits) {
  downlink.adapt(kEstimate, kEstimate, now);
  canPad = false;
  for (int i = 0; i < 100; ++i) send(1000);
  runUntil(now + milliseconds(200));
  EXPECT_NEAR(static_cast<double>(sent.size()) * kBitsOfAPacket / 0.2,
              kEstimate * Downlink::kFastPacing, 300'000);
}

TEST_F(DownlinkTest, KeepsTheOrderButForWhatIsUrgent) {
  canPad = false;
  for (std::uint8_t i = 0; i < 20; ++i) send(1000, i);
  const auto before = sent.size();
  send(100, 99, true);
  runUntil(now + seconds(1));
  ASSERT_EQ(sent.size(), 21U);
  EXPECT_EQ(sent[before].first, 99);
  EXPECT_EQ(sent[before + 1].first, before);
  EXPECT_EQ(sent.back().first, 19);
}

TEST_F(DownlinkTest, TellsWhenItWillBeEmpty) {
  for (int i = 0; i < 10; ++i) send(1000);
  const Time end = downlink.emptyAt();
  EXPECT_NEAR(static_cast<double>((end - now).count()), 10e6 * kBitsOfAPacket / 475'000, 2'000);
}

TEST_F(DownlinkTest, SendsEverythingWhenItIsFlushed) {
  for (int i = 0; i < 10; ++i) send(1000);
  downlink.flush();
  EXPECT_EQ(sent.size(), 10U);
}

TEST_F(DownlinkTest, CutsAFrameWithoutEnd) {
  for (int i = 0; i < 10'000; ++i) send(1000);
  downlink.flush();
  EXPECT_LT(sent.size(), 1'100U);
}

TEST_F(DownlinkTest, ProbesAtTwiceTheEstimateWithPadding) {
  runUntil(now + Downlink::kFirstProbe + milliseconds(200));
  ASSERT_EQ(sent.size(), static_cast<std::size_t>(Downlink::kProbePackets));
  const double span = static_cast<double>((sent.back().at - sent.front().at).count()) / 1e6;
  EXPECT_NEAR(4 * kBitsOfAPacket / span, 2 * kEstimate, 10'000);
  for (const auto& packet : sent) {
    ASSERT_TRUE(packet.probe);
    EXPECT_EQ(packet.probe->bitsPerSecond, 2 * kEstimate);
  }
}

TEST_F(DownlinkTest, ProbesWithWhatWaits) {
  runUntil(now + Downlink::kFirstProbe - milliseconds(1));
  for (int i = 0; i < 20; ++i) send(1000, 5);
  runUntil(now + milliseconds(100));
  int probing = 0;
  for (const auto& packet : sent) probing += packet.probe && packet.first == 5 ? 1 : 0;
  EXPECT_EQ(probing, Downlink::kProbePackets);
}

TEST_F(DownlinkTest, ProbesMoreSeldomInVain) {
  runUntil(now + seconds(40));
  // 0.3 s, and then 2, 4 and 8 s apart.
  EXPECT_EQ(sent.size(), 7U * Downlink::kProbePackets);
}

TEST_F(DownlinkTest, GoesOnProbingSoonAfterAProbeFoundMore) {
  runUntil(now + Downlink::kFirstProbe + milliseconds(100));
  downlink.adapt(2 * kEstimate, kNeed, now);
  sent.clear();
  runUntil(now + milliseconds(400));
  ASSERT_GE(sent.size(), 5U);
  EXPECT_EQ(sent.front().probe->bitsPerSecond, 4 * kEstimate);
}

TEST_F(DownlinkTest, GivesAProbeUpWithoutPadding) {
  canPad = false;
  runUntil(now + seconds(20));
  EXPECT_TRUE(sent.empty());
}

}  // namespace
}  // namespace rtcpub::sfu
