#include "core/inbox.h"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <set>
#include <string>
#include <thread>

#include "rtcpub/message.h"
#include "rtcpub/video_frame.h"

namespace rtcpub {
namespace {

using detail::Inbox;
using namespace std::chrono_literals;

TEST(Inbox, HandsOutItemsInTheirOrder) {
  Inbox<Message> inbox(3);
  inbox.push("a");
  inbox.push("b");
  EXPECT_EQ(inbox.tryGet(), Message("a"));
  EXPECT_EQ(inbox.get({}), Message("b"));
  EXPECT_EQ(inbox.tryGet(), std::nullopt);
}

TEST(Inbox, DropsAndCountsTheOldestWhenItIsFull) {
  Inbox<Message> inbox(2);
  for (const char* text : {"a", "b", "c", "d"}) inbox.push(text);
  EXPECT_EQ(inbox.dropped(), 2U);
  EXPECT_EQ(inbox.tryGet(), Message("c"));
  EXPECT_EQ(inbox.tryGet(), Message("d"));
}

TEST(Inbox, OfCapacityOneKeepsTheLatest) {
  Inbox<Message> inbox(1);
  inbox.push("old");
  inbox.push("new");
  EXPECT_EQ(inbox.tryGet(), Message("new"));
  EXPECT_EQ(inbox.dropped(), 1U);
}

TEST(Inbox, GivesWhatIsQueuedAfterCloseAndThenNothing) {
  Inbox<Message> inbox(2);
  inbox.push("last");
  inbox.close();
  inbox.push("too late");
  EXPECT_EQ(inbox.get({}), Message("last"));
  EXPECT_EQ(inbox.get({}), std::nullopt);
  EXPECT_EQ(inbox.getFor(1h), std::nullopt);
}

TEST(Inbox, WakesAWaitingReaderWithAnItem) {
  Inbox<Message> inbox(2);
  auto read = std::async(std::launch::async, [&inbox] { return inbox.get({}); });
  inbox.push("hello");
  EXPECT_EQ(read.get(), Message("hello"));
}

TEST(Inbox, WakesAllWaitingReadersWhenItCloses) {
  Inbox<Message> inbox(2);
  auto first = std::async(std::launch::async, [&inbox] { return inbox.get({}); });
  auto second = std::async(std::launch::async, [&inbox] { return inbox.getFor(1h); });
  inbox.close();
  EXPECT_EQ(first.get(), std::nullopt);
  EXPECT_EQ(second.get(), std::nullopt);
}

TEST(Inbox, WakesAWaitingReaderWhenItIsAskedToStop) {
  Inbox<Message> inbox(2);
  std::stop_source stop;
  auto read = std::async(std::launch::async, [&] { return inbox.get(stop.get_token()); });
  stop.request_stop();
  EXPECT_EQ(read.get(), std::nullopt);
}

TEST(Inbox, GivesNothingOnceItIsAskedToStop) {
  Inbox<Message> inbox(2);
  std::stop_source stop;
  stop.request_stop();
  inbox.push("work");
  EXPECT_EQ(inbox.get(stop.get_token()), std::nullopt);
  EXPECT_EQ(inbox.tryGet(), Message("work"));
}

TEST(Inbox, ReturnsEmptyHandedWhenTheTimeoutHasPassed) {
  Inbox<Message> inbox(2);
  EXPECT_EQ(inbox.getFor(0ns), std::nullopt);
  EXPECT_EQ(inbox.getFor(-1h), std::nullopt);
  EXPECT_EQ(inbox.getFor(1ms), std::nullopt);
}

TEST(Inbox, BearsTheLongestTimeout) {
  Inbox<Message> inbox(2);
  auto read =
      std::async(std::launch::async, [&] { return inbox.getFor(std::chrono::nanoseconds::max()); });
  inbox.push("hello");
  EXPECT_EQ(read.get(), Message("hello"));
}

TEST(Inbox, GivesEachItemToOneOfSeveralReaders) {
  constexpr int kItems = 1000;
  Inbox<Message> inbox(kItems);
  const auto readAll = [&inbox] {
    std::multiset<std::string> seen;
    while (auto message = inbox.get({})) seen.insert(message->data);
    return seen;
  };
  auto first = std::async(std::launch::async, readAll);
  auto second = std::async(std::launch::async, readAll);
  for (int i = 0; i < kItems; ++i) inbox.push(std::to_string(i));
  inbox.close();
  auto all = first.get();
  all.merge(second.get());
  EXPECT_EQ(all.size(), static_cast<std::size_t>(kItems));
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), all.size());
}

TEST(Fanout, ShowsEveryItemToEverySubscription) {
  Fanout<Message> fanout(4);
  auto first = fanout.subscribe();
  fanout.push("a");
  auto second = fanout.subscribe();
  fanout.push("b");
  EXPECT_EQ(first.tryGet(), Message("a"));
  EXPECT_EQ(first.tryGet(), Message("b"));
  EXPECT_EQ(second.tryGet(), Message("b"));
  EXPECT_EQ(second.tryGet(), std::nullopt);
}

TEST(Fanout, CountsTheDropsOfEachSubscriptionApart) {
  Fanout<Message> fanout(1);
  auto slow = fanout.subscribe();
  auto quick = fanout.subscribe();
  fanout.push("a");
  EXPECT_EQ(quick.tryGet(), Message("a"));
  fanout.push("b");
  EXPECT_EQ(slow.dropped(), 1U);
  EXPECT_EQ(quick.dropped(), 0U);
}

TEST(Fanout, EndsItsSubscriptionsWhenItGoes) {
  std::optional<Fanout<Message>> fanout(std::in_place, 4);
  auto subscription = fanout->subscribe();
  fanout->push("last");
  fanout.reset();
  EXPECT_EQ(subscription.get(), Message("last"));
  EXPECT_EQ(subscription.get(), std::nullopt);
}

TEST(Fanout, GivesASubscriptionThatJustEndsOnceItIsClosed) {
  Fanout<Message> fanout(4);
  fanout.close();
  auto subscription = fanout.subscribe();
  fanout.push("too late");
  EXPECT_EQ(subscription.get(), std::nullopt);
}

TEST(Fanout, FreesAnUnreadItemWithItsSubscription) {
  Fanout<VideoFrame> fanout(1);
  VideoFrame frame;
  frame.owner = std::make_shared<int>(0);
  {
    auto subscription = fanout.subscribe();
    fanout.push(frame);
    EXPECT_EQ(frame.owner.use_count(), 2);
  }
  EXPECT_EQ(frame.owner.use_count(), 1);
  fanout.push(frame);
  EXPECT_EQ(frame.owner.use_count(), 1);
}

TEST(Fanout, BearsSubscribersThatComeAndGoWhileItPushes) {
  Fanout<Message> fanout(4);
  std::jthread pusher([&fanout](const std::stop_token& stop) {
    while (!stop.stop_requested()) fanout.push("x");
  });
  for (int i = 0; i < 200; ++i) EXPECT_EQ(fanout.subscribe().get(), Message("x"));
}

}  // namespace
}  // namespace rtcpub
