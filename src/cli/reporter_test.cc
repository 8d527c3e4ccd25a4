#include "cli/reporter.h"

#include <gtest/gtest.h>

#include "cli/data_lines.h"

namespace rtcpub::cli {
namespace {

constexpr Beat::Time kStart{std::chrono::seconds(100)};

Beat::Time after(int ms) { return kStart + std::chrono::milliseconds(ms); }

TEST(Beat, TicksOnceASecondWithoutDrift) {
  Beat beat(kStart);
  for (int second = 1; second < 5; ++second) {
    EXPECT_EQ(beat.next(), after(second * 1000));
    EXPECT_TRUE(beat.take(after(second * 1000 + 30 * second))) << "a little late is not missed";
  }
}

TEST(Beat, LeavesOutTicksThatWereMissed) {
  Beat beat(kStart);
  EXPECT_FALSE(beat.take(after(5300))) << "what was due at 1 s";
  EXPECT_EQ(beat.next(), after(6000));
  EXPECT_TRUE(beat.take(after(6000)));
  EXPECT_EQ(beat.next(), after(7000));
}

TEST(StatusLine, ShowsWhatIsKnown) {
  Stats stats;
  stats.state = ConnectionState::kConnected;
  stats.video = VideoStats{.codec = "H264", .fps = 30, .kbps = 1980, .loss = 0.012};
  stats.rttMs = 0.42;
  stats.viewers = 1;
  EXPECT_EQ(statusLine(stats),
            "connected  30.0 fps  1980 kbit/s  RTT 0.4 ms  loss 1.2 %  1 viewer");
}

TEST(StatusLine, ShowsTheCameraOnTheAirAndThoseThatAreLost) {
  Stats stats;
  stats.state = ConnectionState::kConnected;
  stats.cameras["front"] = {.onAir = true};
  stats.cameras["rear"] = {.onAir = false, .live = false, .reason = "unplugged"};
  EXPECT_EQ(statusLine(stats), "connected  front on air  rear lost: unplugged");
}

TEST(StatusLine, ShowsThatTheOnlyVideoIsLost) {
  Stats stats;
  stats.state = ConnectionState::kConnected;
  stats.cameras["video"] = {.onAir = true, .live = false, .reason = "unplugged"};
  EXPECT_EQ(statusLine(stats), "connected  video lost: unplugged");
}

TEST(StatusLine, LeavesOutWhatIsNot) {
  Stats stats;
  stats.state = ConnectionState::kConnecting;
  EXPECT_EQ(statusLine(stats), "connecting");
}

TEST(StatusLine, SaysWhyItIsNotConnected) {
  Stats stats;
  stats.state = ConnectionState::kReconnecting;
  stats.reason = "connection refused; trying again";
  EXPECT_EQ(statusLine(stats), "reconnecting: connection refused; trying again");
}

TEST(StatusLine, SaysOfAConnectionOnlyWhatIsWrongWithIt) {
  Stats stats;
  stats.state = ConnectionState::kConnected;
  stats.reason = "connected to wss://robots.example:8267";
  EXPECT_EQ(statusLine(stats), "connected");
  stats.reason = "media flows, signalling is being rejoined: connection lost";
  EXPECT_EQ(statusLine(stats),
            "connected: media flows, signalling is being rejoined: connection lost");
}

TEST(ViewersLine, IsNoLineOfAMessage) {
  EXPECT_EQ(viewersLine(2), ":viewers 2");
  EXPECT_FALSE(splitDataLine(viewersLine(2)));
}

}  // namespace
}  // namespace rtcpub::cli
