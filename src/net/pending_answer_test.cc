#include "net/pending_answer.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>

namespace rtcpub::net {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLong{60000};

class PendingAnswerTest : public testing::Test {
 protected:
  /// Waits on the loop, as a connection does, which has begun when this returns.
  void wait(milliseconds limit = kLong) {
    asio::co_spawn(context, keep(limit), asio::detached);
    context.restart();
    context.poll();
  }

  asio::awaitable<void> keep(milliseconds limit) {
    const auto answer = co_await pending.wait(limit);
    over = true;
    status = answer ? answer->status : 0;
  }

  /// What came of it: a status; 0: nothing.
  int result() {
    context.restart();
    context.run_for(std::chrono::seconds(20));
    EXPECT_TRUE(over);
    return status;
  }

  asio::io_context context;
  PendingAnswer pending{context.get_executor()};
  bool over = false;
  int status = -1;
};

TEST_F(PendingAnswerTest, MayBeThereBeforeAnybodyWaits) {
  pending.respond()({.status = 201});
  wait();
  EXPECT_EQ(result(), 201);
}

TEST_F(PendingAnswerTest, MayComeLater) {
  const Respond respond = pending.respond();
  wait();
  EXPECT_FALSE(over);
  respond({.status = 201});
  EXPECT_EQ(result(), 201);
}

TEST_F(PendingAnswerTest, CountsOnce) {
  const Respond respond = pending.respond();
  respond({.status = 201});
  respond({.status = 202});
  wait();
  EXPECT_EQ(result(), 201);
}

TEST_F(PendingAnswerTest, IsAnErrorWhenWhoOwesItLetsGo) {
  Respond respond = pending.respond();
  Respond copy = respond;
  wait();
  respond = {};
  context.poll();
  EXPECT_FALSE(over) << "somebody still has it";
  copy = {};
  EXPECT_EQ(result(), 500);
}

TEST_F(PendingAnswerTest, IsAnErrorWhenItTakesTooLong) {
  const Respond respond = pending.respond();
  wait(milliseconds(1));
  EXPECT_EQ(result(), 503);
  respond({.status = 201});
}

TEST_F(PendingAnswerTest, IsNotWaitedForOnceItIsCancelled) {
  const Respond respond = pending.respond();
  wait();
  pending.cancel();
  EXPECT_EQ(result(), 0);
}

TEST_F(PendingAnswerTest, MayComeWhenNobodyIsLeft) {
  Respond respond;
  {
    PendingAnswer gone(context.get_executor());
    respond = gone.respond();
  }
  respond({.status = 201});
}

}  // namespace
}  // namespace rtcpub::net
