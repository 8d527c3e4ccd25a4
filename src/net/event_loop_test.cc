#include "net/event_loop.h"

#include <gtest/gtest.h>
#include <pthread.h>

#include <future>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace rtcpub::net {
namespace {

using std::chrono::milliseconds;

constexpr std::chrono::seconds kGenerous{10};

/// Runs `task` on the loop and waits for what it returns.
template <class Task>
auto runOn(EventLoop& loop, Task task) {
  auto packaged = std::make_shared<std::packaged_task<decltype(task())()>>(std::move(task));
  auto result = packaged->get_future();
  loop.post([packaged] { (*packaged)(); });
  EXPECT_EQ(result.wait_for(kGenerous), std::future_status::ready);
  return result.get();
}

TEST(EventLoop, RunsWhatIsPostedInOrderOnItsThread) {
  EventLoop loop("order");
  std::vector<int> seen;
  for (int i = 0; i < 100; ++i) loop.post([&seen, i] { seen.push_back(i); });
  EXPECT_TRUE(runOn(loop, [&] { return loop.onThread(); }));
  EXPECT_FALSE(loop.onThread());
  ASSERT_EQ(seen.size(), 100U);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(seen[static_cast<std::size_t>(i)], i);
}

TEST(EventLoop, RunsWhatATaskPostsBeforeWhatAnotherThreadPostsLater) {
  EventLoop loop("order");
  std::string seen;
  runOn(loop, [&] {
    loop.post([&] { seen += 'a'; });
    std::thread([&] { loop.post([&] { seen += 'b'; }); }).join();
  });
  runOn(loop, [] {});
  EXPECT_EQ(seen, "ab");
}

TEST(EventLoop, NamesItsThreadAndCutsALongName) {
  EventLoop loop("a-name-longer-than-linux-takes");
  const std::string name = runOn(loop, [] {
    char buffer[32] = {};
    pthread_getname_np(pthread_self(), buffer, sizeof(buffer));
    return std::string(buffer);
  });
  EXPECT_EQ(name, "a-name-longer-t");
}

TEST(EventLoop, SurvivesATaskThatThrows) {
  EventLoop loop("throws");
  loop.post([] { throw std::runtime_error("on purpose"); });
  EXPECT_EQ(runOn(loop, [] { return 7; }), 7);
}

TEST(EventLoop, DropsWhatHasNotRunWhenItIsDestroyed) {
  auto kept = std::make_shared<int>(1);
  const std::weak_ptr<int> watched = kept;
  std::function<void()> again;
  {
    EventLoop loop("drops");
    again = [&loop, &again, &watched] { loop.post([&again, held = watched.lock()] { again(); }); };
    runOn(loop, again);
    kept.reset();
  }
  EXPECT_TRUE(watched.expired());
}

TEST(Timer, RunsItsTaskNotBeforeItsTime) {
  EventLoop loop("timer");
  std::promise<Time> ran;
  std::optional<EventLoop::Timer> timer;
  const Time due = monotonicNow() + milliseconds(20);
  loop.post([&] {
    timer.emplace(loop);
    timer->set(due, [&] { ran.set_value(monotonicNow()); });
  });
  auto result = ran.get_future();
  ASSERT_EQ(result.wait_for(kGenerous), std::future_status::ready);
  EXPECT_GE(result.get(), due);
  runOn(loop, [&] { timer.reset(); });
}

TEST(Timer, RunsOnlyTheLastTaskThatWasSet) {
  EventLoop loop("timer");
  std::promise<int> ran;
  std::optional<EventLoop::Timer> timer;
  loop.post([&] {
    timer.emplace(loop);
    timer->set(monotonicNow(), [&] { ran.set_value(1); });
    timer->set(monotonicNow() + milliseconds(5), [&] { ran.set_value(2); });
  });
  EXPECT_EQ(ran.get_future().get(), 2);
  runOn(loop, [&] { timer.reset(); });
}

TEST(Timer, NeverRunsAfterItWasCancelledOrDestroyedEvenWhenDue) {
  EventLoop loop("timer");
  int ran = 0;
  runOn(loop, [&] {
    EventLoop::Timer cancelled(loop);
    EventLoop::Timer destroyed(loop);
    cancelled.set(monotonicNow() - milliseconds(1), [&] { ++ran; });
    destroyed.set(monotonicNow() - milliseconds(1), [&] { ++ran; });
    cancelled.cancel();
  });
  std::promise<void> later;
  std::optional<EventLoop::Timer> timer;
  loop.post([&] {
    timer.emplace(loop);
    timer->set(monotonicNow() + milliseconds(5), [&] { later.set_value(); });
  });
  later.get_future().wait();
  EXPECT_EQ(ran, 0);
  runOn(loop, [&] { timer.reset(); });
}

TEST(Timer, MayBeDestroyedByItsOwnTask) {
  EventLoop loop("timer");
  std::promise<void> ran;
  auto timer = std::make_shared<std::optional<EventLoop::Timer>>();
  loop.post([&] {
    timer->emplace(loop);
    (*timer)->set(monotonicNow(), [&ran, held = std::make_shared<int>(1), timer] {
      timer->reset();
      ran.set_value();
    });
  });
  ran.get_future().wait();
}

}  // namespace
}  // namespace rtcpub::net
