#include "sfu/transport/fair_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace rtcpub::sfu {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

constexpr std::size_t kLimit = 100'000;
const auto kAny = [](const DataMessage&) { return true; };

DataMessage message(std::uint64_t sender, std::string data, std::string label = "a") {
  return {.sender = sender, .label = std::move(label), .options = {}, .data = std::move(data)};
}

std::vector<std::string> drain(FairQueue& queue) {
  std::vector<std::string> all;
  while (const auto* next = queue.next(kAny)) {
    all.push_back(next->data);
    queue.pop();
  }
  return all;
}

TEST(FairQueue, KeepsTheOrderOfOneSender) {
  FairQueue queue(kLimit);
  for (const char* data : {"1", "2", "3"}) EXPECT_EQ(queue.push(message(1, data)), 0U);
  EXPECT_THAT(drain(queue), ElementsAre("1", "2", "3"));
  EXPECT_TRUE(queue.empty());
}

TEST(FairQueue, LetsTheOneGoFirstWhoHasGotLess) {
  FairQueue queue(kLimit);
  for (int i = 0; i < 3; ++i) (void)queue.push(message(1, std::string(20'000, 'x')));
  for (const char* data : {"1", "2", "3"}) (void)queue.push(message(2, data));
  std::vector<std::size_t> sizes;
  for (const auto& data : drain(queue)) sizes.push_back(data.size());
  EXPECT_THAT(sizes, ElementsAre(20'000, 1, 1, 1, 20'000, 20'000));
}

TEST(FairQueue, SharesBetweenTheLabelsOfOneSender) {
  FairQueue queue(kLimit);
  for (int i = 0; i < 3; ++i) (void)queue.push(message(1, std::string(20'000, 'x'), "file"));
  (void)queue.push(message(1, "command", "stream"));
  (void)queue.next(kAny);
  queue.pop();
  EXPECT_EQ(queue.next(kAny)->data, "command");
}

TEST(FairQueue, GivesOneThatComesLaterNoClaimOnThePast) {
  FairQueue queue(kLimit);
  for (int i = 0; i < 10; ++i) (void)queue.push(message(1, std::string(1000, '1')));
  for (int i = 0; i < 5; ++i) {
    (void)queue.next(kAny);
    queue.pop();
  }
  for (int i = 0; i < 5; ++i) (void)queue.push(message(2, std::string(1000, '2')));
  std::string order;
  for (const auto& data : drain(queue)) order += data[0];
  EXPECT_EQ(order, "2121212121");
}

TEST(FairQueue, DropsTheOldestOfTheSenderThatHasTooMuch) {
  FairQueue queue(3 * (1000 + FairQueue::kOverhead));
  (void)queue.push(message(2, "other"));
  for (char c = 'a'; c < 'f'; ++c) (void)queue.push(message(1, std::string(1000, c)));
  std::string order;
  for (const auto& data : drain(queue)) order += data[0];
  EXPECT_EQ(order, "ocde");
}

TEST(FairQueue, DropsFromTheLongestQueueOfASender) {
  FairQueue queue(3 * (1000 + FairQueue::kOverhead));
  EXPECT_EQ(queue.push(message(1, "command", "stream")), 0U);
  EXPECT_EQ(queue.push(message(1, std::string(1000, '1'), "file")), 0U);
  EXPECT_EQ(queue.push(message(1, std::string(1000, '2'), "file")), 0U);
  EXPECT_EQ(queue.push(message(1, std::string(1000, '3'), "file")), 1U);
  std::string order;
  for (const auto& data : drain(queue)) order += data[0];
  EXPECT_EQ(order, "c23");
}

TEST(FairQueue, CountsWhatAMessageTakesBesidesItsData) {
  FairQueue queue(10 * (FairQueue::kOverhead + 1));
  for (int i = 0; i < 10; ++i) EXPECT_EQ(queue.push(message(1, "x")), 0U);
  EXPECT_EQ(queue.push(message(1, "x")), 1U);
}

TEST(FairQueue, PassesOverWhatMayNotGoYet) {
  FairQueue queue(kLimit);
  (void)queue.push(message(1, "waits", "closed"));
  (void)queue.push(message(1, "goes", "open"));
  const auto open = [](const DataMessage& m) { return m.label == "open"; };
  ASSERT_NE(queue.next(open), nullptr);
  EXPECT_EQ(queue.next(open)->data, "goes");
  queue.pop();
  EXPECT_EQ(queue.next(open), nullptr);
  EXPECT_FALSE(queue.empty());
}

TEST(FairQueue, DropsWhatIsTooOld) {
  FairQueue queue(kLimit);
  for (int i = 0; i < 4; ++i) {
    auto m = message(1, std::to_string(i));
    m.since = Time(std::chrono::milliseconds(i));
    (void)queue.push(std::move(m));
  }
  const auto before = [](const DataMessage& m) {
    return m.since < Time(std::chrono::milliseconds(2));
  };
  EXPECT_EQ(queue.drop(before), 2U);
  EXPECT_THAT(drain(queue), ElementsAre("2", "3"));
}

TEST(FairQueue, DropsWhatIsRetractedWhereverItWaits) {
  FairQueue queue(kLimit);
  for (const char* text : {"a", "move", "b", "move"}) (void)queue.push(message(1, text, "stream"));
  (void)queue.push(message(1, "move", "chat"));
  (void)queue.push(message(2, "move", "stream"));
  const auto moves = [](const DataMessage& m) { return m.label == "stream" && m.data == "move"; };
  EXPECT_EQ(queue.dropAll(moves), 3U);
  EXPECT_EQ(queue.dropAll(moves), 0U);
  EXPECT_EQ(queue.reliableBytes(1), 3 * FairQueue::kOverhead + 6);
  EXPECT_EQ(queue.reliableBytes(2), 0U);
  EXPECT_THAT(drain(queue), UnorderedElementsAre("a", "b", "move"));
  EXPECT_TRUE(queue.empty());
}

TEST(FairQueue, DropsWhatASenderSaidOnSomeLabels) {
  FairQueue queue(kLimit);
  for (const char* label : {"stream", "chat", "stream"}) (void)queue.push(message(1, "1", label));
  (void)queue.push(message(2, "2", "stream"));
  const auto said = [](const DataMessage& m) { return m.sender == 1 && m.label == "stream"; };
  EXPECT_EQ(queue.dropAll(said), 2U);
  EXPECT_EQ(queue.reliableBytes(1), FairQueue::kOverhead + 1);
  EXPECT_EQ(queue.reliableBytes(2), FairQueue::kOverhead + 1);
  EXPECT_EQ(queue.dropAll([](const DataMessage& m) { return m.sender == 1; }), 1U);
  EXPECT_THAT(drain(queue), ElementsAre("2"));
  EXPECT_TRUE(queue.empty());
}

TEST(FairQueue, KnowsWhatWaitsOfASendersReliableMessages) {
  FairQueue queue(kLimit);
  (void)queue.push(message(1, "reliable"));
  auto command = message(1, "command");
  command.options.maxRetransmits = 0;
  (void)queue.push(std::move(command));
  (void)queue.push(message(2, "another's"));
  EXPECT_EQ(queue.reliableBytes(1), 8 + FairQueue::kOverhead);
  EXPECT_EQ(queue.clear(), 3U);
  EXPECT_EQ(queue.reliableBytes(1), 0U);
}

}  // namespace
}  // namespace rtcpub::sfu
