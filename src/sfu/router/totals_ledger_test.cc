#include "sfu/router/totals_ledger.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace rtcpub::sfu {
namespace {

MediaTotals packets(std::uint64_t count) { return {.receivedPackets = count}; }

const ChannelTotals* find(const TotalsLedger::Report& report, const std::string& channel) {
  const auto found = std::find_if(report.channels.begin(), report.channels.end(),
                                  [&](const auto& entry) { return entry.channel == channel; });
  return found == report.channels.end() ? nullptr : &*found;
}

std::vector<ChannelTotals> many(std::size_t count, const std::string& prefix) {
  std::vector<ChannelTotals> channels;
  for (std::size_t i = 0; i < count; ++i) {
    channels.push_back({prefix + std::to_string(i), packets(1)});
  }
  return channels;
}

TEST(MediaTotals, AddUpFieldByField) {
  MediaTotals sum{.receivedPackets = 1, .sentMessageBytes = 2, .droppedMessages = {.noRight = 3}};
  sum += {.receivedPackets = 10, .receivedBytes = 20, .droppedMessages = {.full = 5, .noRight = 7}};
  EXPECT_EQ(sum.receivedPackets, 11U);
  EXPECT_EQ(sum.receivedBytes, 20U);
  EXPECT_EQ(sum.sentMessageBytes, 2U);
  EXPECT_EQ(sum.droppedMessages.full, 5U);
  EXPECT_EQ(sum.droppedMessages.noRight, 10U);
}

TEST(TotalsLedger, SumsTheChannelsThatAreThere) {
  TotalsLedger ledger;
  const auto report = ledger.report({{"b", packets(2)}, {"a", packets(1)}});
  EXPECT_EQ(report.all.receivedPackets, 3U);
  ASSERT_EQ(report.channels.size(), 2U);
  EXPECT_EQ(report.channels[0].channel, "a");
  EXPECT_EQ(report.channels[0].totals.receivedPackets, 1U);
  EXPECT_EQ(report.channels[1].channel, "b");
}

TEST(TotalsLedger, KeepsWhatAChannelCountedBeforeItEnded) {
  TotalsLedger ledger;
  (void)ledger.report({{"car", packets(5)}});
  ledger.onEnded("car", packets(7));
  auto report = ledger.report({});
  EXPECT_EQ(report.all.receivedPackets, 7U);
  EXPECT_EQ(find(report, "car")->totals.receivedPackets, 7U);
  report = ledger.report({{"car", packets(1)}});
  EXPECT_EQ(report.all.receivedPackets, 8U);
  EXPECT_EQ(find(report, "car")->totals.receivedPackets, 8U);
}

TEST(TotalsLedger, CountsAChannelThatWasTooShortForTheListInTheSum) {
  TotalsLedger ledger;
  ledger.onEnded("short", packets(3));
  const auto report = ledger.report({});
  EXPECT_EQ(report.all.receivedPackets, 3U);
  EXPECT_TRUE(report.channels.empty());
}

TEST(TotalsLedger, ListsNoMoreThanItHasRoomForAndSaysHowManyItLeavesOut) {
  TotalsLedger ledger;
  const auto report = ledger.report(many(TotalsLedger::kMost + 10, "c"));
  EXPECT_EQ(report.channels.size(), TotalsLedger::kMost);
  EXPECT_EQ(report.unlisted, 10U);
  EXPECT_EQ(report.all.receivedPackets, TotalsLedger::kMost + 10);
}

TEST(TotalsLedger, ForgetsTheOneThatEndedFirstWhenRoomIsNeeded) {
  TotalsLedger ledger;
  auto present = many(TotalsLedger::kMost, "c");
  (void)ledger.report(present);
  ledger.onEnded("c7", packets(1));
  ledger.onEnded("c3", packets(1));
  std::erase_if(present, [](const auto& c) { return c.channel == "c7" || c.channel == "c3"; });
  present.push_back({"new", packets(1)});
  const auto report = ledger.report(present);
  EXPECT_EQ(find(report, "c7"), nullptr);
  EXPECT_NE(find(report, "c3"), nullptr);
  EXPECT_NE(find(report, "new"), nullptr);
  EXPECT_EQ(report.all.receivedPackets, TotalsLedger::kMost + 1);
}

TEST(TotalsLedger, AFloodOfNamesPushesOutNoChannelThatIsThere) {
  TotalsLedger ledger;
  (void)ledger.report({{"car", packets(1)}});
  for (int i = 0; i < 600; ++i) {
    const std::string name = "flood" + std::to_string(i);
    (void)ledger.report({{"car", packets(1)}, {name, packets(1)}});
    ledger.onEnded(name, packets(1));
  }
  const auto report = ledger.report({{"car", packets(2)}});
  ASSERT_NE(find(report, "car"), nullptr);
  EXPECT_EQ(find(report, "car")->totals.receivedPackets, 2U);
  EXPECT_EQ(report.channels.size(), TotalsLedger::kMost);
  EXPECT_EQ(report.all.receivedPackets, 602U);
}

TEST(TotalsLedger, NoFigureEverFallsWhileAChannelIsListed) {
  TotalsLedger ledger;
  std::uint64_t before = 0;
  std::uint64_t allBefore = 0;
  for (std::uint64_t life = 1; life <= 20; ++life) {
    for (std::uint64_t count = 0; count <= life; ++count) {
      const auto report = ledger.report({{"car", packets(count)}});
      EXPECT_GE(find(report, "car")->totals.receivedPackets, before);
      EXPECT_GE(report.all.receivedPackets, allBefore);
      before = find(report, "car")->totals.receivedPackets;
      allBefore = report.all.receivedPackets;
    }
    ledger.onEnded("car", packets(life));
  }
}

}  // namespace
}  // namespace rtcpub::sfu
