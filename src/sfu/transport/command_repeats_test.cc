#include "sfu/transport/command_repeats.h"

#include <gtest/gtest.h>

namespace rtcpub::sfu {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class CommandRepeatsTest : public testing::Test {
 protected:
  static std::vector<std::uint8_t> record(std::size_t size, std::uint8_t type = 23) {
    std::vector<std::uint8_t> made(size, 7);
    made[0] = type;
    return made;
  }
  bool send(std::span<const std::uint8_t> datagram) { return repeats.onSent(path, datagram, now); }

  CommandRepeats repeats;
  Path path;
  Time now{seconds(100)};
};

TEST_F(CommandRepeatsTest, RepeatsACommandAMomentLaterWhilePacketsAreLost) {
  repeats.onLost(3, now);
  const auto command = record(170);
  EXPECT_TRUE(send(command));
  EXPECT_TRUE(repeats.take(now + milliseconds(5)).empty());
  const auto due = repeats.take(now + CommandRepeats::kDistance);
  ASSERT_EQ(due.size(), 1U);
  EXPECT_EQ(due[0].datagram, command);
  EXPECT_EQ(due[0].path, path);
  EXPECT_TRUE(repeats.take(now + seconds(1)).empty());
}

TEST_F(CommandRepeatsTest, SendsNothingTwiceOnAPathThatLosesNothing) {
  EXPECT_FALSE(send(record(170)));
  repeats.onLost(3, now);
  EXPECT_TRUE(send(record(170)));
  now += seconds(11);
  repeats.onLost(3, now);  // none since
  EXPECT_FALSE(send(record(170)));
}

TEST_F(CommandRepeatsTest, LeavesMediaHandshakesAndLargeMessagesAlone) {
  repeats.onLost(3, now);
  EXPECT_FALSE(send(record(170, 0x80)));  // SRTP
  EXPECT_FALSE(send(record(170, 22)));    // a DTLS handshake
  EXPECT_FALSE(send(record(1100)));
  EXPECT_FALSE(send({}));
}

TEST_F(CommandRepeatsTest, RepeatsNothingOnTcp) {
  repeats.onLost(3, now);
  path.stream = 1;
  EXPECT_FALSE(send(record(170)));
}

TEST_F(CommandRepeatsTest, RepeatsSoManyASecondAndNoMore) {
  repeats.onLost(3, now);
  int repeated = 0;
  for (int i = 0; i < 1000; ++i) repeated += send(record(170)) ? 1 : 0;
  EXPECT_EQ(repeated, 150);
  now += seconds(1);
  EXPECT_TRUE(send(record(170)));
}

}  // namespace
}  // namespace rtcpub::sfu
