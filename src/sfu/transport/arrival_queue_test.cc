#include "sfu/transport/arrival_queue.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>

namespace rtcpub::sfu {
namespace {

using namespace std::chrono_literals;
using Bytes = std::vector<std::uint8_t>;

TEST(UrgencyOf, TellsControlReportsAndMediaApart) {
  EXPECT_EQ(urgencyOf(Bytes{0, 1}), Urgency::kControl) << "STUN";
  EXPECT_EQ(urgencyOf(Bytes{23, 254}), Urgency::kControl) << "DTLS";
  EXPECT_EQ(urgencyOf(Bytes{128, 200}), Urgency::kReport) << "a sender report";
  EXPECT_EQ(urgencyOf(Bytes{129, 206}), Urgency::kReport) << "payload-specific feedback";
  EXPECT_EQ(urgencyOf(Bytes{144, 96}), Urgency::kMedia);
  EXPECT_EQ(urgencyOf(Bytes{144, 224}), Urgency::kMedia) << "with the marker bit";
  EXPECT_EQ(urgencyOf(Bytes{}), Urgency::kControl);
  EXPECT_EQ(urgencyOf(Bytes{128}), Urgency::kMedia);
}

TEST(UrgencyOf, LooksIntoTurnChannels) {
  EXPECT_EQ(urgencyOf(Bytes{64, 0, 0, 2, 144, 96}), Urgency::kMedia);
  EXPECT_EQ(urgencyOf(Bytes{79, 255, 0, 2, 128, 200}), Urgency::kReport);
  EXPECT_EQ(urgencyOf(Bytes{64, 0, 0, 2, 23, 254}), Urgency::kControl);
  EXPECT_EQ(urgencyOf(Bytes{64, 0, 0, 0}), Urgency::kControl);
}

TEST(Later, TellsOfTheSocketBeforeWhichMoreWaits) {
  const Lateness standing{.least = 80ms, .most = 90ms};
  const Lateness fresh{.least = 1ms, .most = 200ms};
  EXPECT_EQ(later(standing, fresh)->least, 80ms);
  EXPECT_EQ(later(fresh, standing)->most, 90ms);
}

TEST(Later, TellsOfTheOneWhereMediaCame) {
  const Lateness some{.least = 3ms, .most = 4ms};
  EXPECT_EQ(later(some, std::nullopt)->least, 3ms);
  EXPECT_EQ(later(std::nullopt, some)->least, 3ms);
  EXPECT_FALSE(later(std::nullopt, std::nullopt));
}

class ArrivalQueueTest : public testing::Test {
 protected:
  void report(std::uint8_t name) { queue_.push(Urgency::kReport, Bytes{name}, {}, now_, 0us); }
  void media(std::uint8_t name, std::chrono::microseconds lay = 0us) {
    queue_.push(Urgency::kMedia, Bytes{name}, {}, now_, lay);
  }
  std::string takeAll() {
    std::string names;
    while (!queue_.empty()) names += static_cast<char>(queue_.take(now_).data.at(0));
    return names;
  }
  Time now_{100s};
  ArrivalQueue queue_;
};

TEST_F(ArrivalQueueTest, GivesReportsFirstAndEachKindInOrder) {
  media('a');
  media('b');
  report('x');
  media('c');
  report('y');
  EXPECT_EQ(takeAll(), "xyabc");
}

TEST_F(ArrivalQueueTest, LetsMediaHaveATurnBetweenManyReports) {
  media('a');
  for (int i = 0; i < ArrivalQueue::kReportsInARow + 1; ++i) report('x');
  EXPECT_EQ(takeAll(), std::string(ArrivalQueue::kReportsInARow, 'x') + "ax");
}

TEST_F(ArrivalQueueTest, DropsMediaThatHasBecomeTooOldAndCountsIt) {
  media('a');
  media('b', ArrivalQueue::kLongest);  // it lay in the socket all the time
  report('x');
  now_ += 1ms;
  media('c');
  EXPECT_EQ(takeAll(), "xac");
  EXPECT_EQ(queue_.dropped(), 1U);
}

TEST_F(ArrivalQueueTest, DropsReportsThatHaveBecomeTooOldToo) {
  report('x');
  report('y');
  now_ += ArrivalQueue::kLongest + 1ms;
  report('z');
  media('a');
  EXPECT_EQ(takeAll(), "za");
  EXPECT_EQ(queue_.dropped(), 2U);
}

TEST_F(ArrivalQueueTest, KeepsTheNewestHoweverOld) {
  media('a');
  media('b');
  now_ += 10s;
  EXPECT_EQ(takeAll(), "b");
  EXPECT_EQ(queue_.dropped(), 1U);
}

TEST(ArrivalQueueMemory, IsBoundedWhateverComes) {
  for (const auto& [urgency, size] : {std::pair{Urgency::kMedia, 1024U}, {Urgency::kReport, 2U}}) {
    const Bytes packet(size, 7);
    const std::size_t held = ArrivalQueue::kMaxBytes / (size + ArrivalQueue::kEntryBytes);
    ArrivalQueue queue;
    for (std::size_t i = 0; i < held + 5; ++i) queue.push(urgency, packet, {}, Time{}, 0us);
    EXPECT_EQ(queue.dropped(), 5U) << size;
  }
}

TEST_F(ArrivalQueueTest, KnowsHowOldEachIs) {
  media('a', 3ms);
  now_ += 4ms;
  EXPECT_EQ(queue_.take(now_).age(now_), 7ms);
}

}  // namespace
}  // namespace rtcpub::sfu
