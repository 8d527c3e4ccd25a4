#include "network.h"

#include <gtest/gtest.h>

namespace netlab {
namespace {

Set setting(const std::string& line) { return std::get<Set>(parseCommand(line).value()); }

/// How long a packet takes that is sent now.
Time delayOf(Network& network, std::size_t end, Time now) {
  network.send(0, end, Packet(100), now);
  auto at = now;
  while (true) {
    if (const auto arrival = network.receive(at)) {
      EXPECT_EQ(arrival->end, 1 - end);
      return at - now;
    }
    at = network.next().value();
  }
}

TEST(Network, ChangesADirectionAlone) {
  Network network(1);
  network.add("robot");
  ASSERT_TRUE(network.set(setting("set robot up delay=30"), {}));
  ASSERT_TRUE(network.set(setting("set robot down delay=10"), {}));
  EXPECT_EQ(delayOf(network, 0, seconds(1)), milliseconds(30));
  EXPECT_EQ(delayOf(network, 1, seconds(2)), milliseconds(10));
}

TEST(Network, FollowsItsScheduleFromTheStartOn) {
  Network network(1);
  network.add("robot");
  ASSERT_TRUE(network.set(setting("at 5 set robot both delay=50"), {}));
  ASSERT_TRUE(network.set(setting("at 2 set robot both delay=20"), {}));
  EXPECT_EQ(network.next(), std::nullopt);
  EXPECT_EQ(delayOf(network, 0, seconds(9)), Time{});  // not started
  network.start(seconds(10));
  EXPECT_EQ(network.next(), seconds(12));
  EXPECT_EQ(delayOf(network, 0, seconds(11)), Time{});
  EXPECT_EQ(delayOf(network, 0, seconds(12)), milliseconds(20));
  EXPECT_EQ(delayOf(network, 0, seconds(20)), milliseconds(50));
  EXPECT_EQ(network.next(), std::nullopt);
}

TEST(Network, AppliesAChangeAtItsOwnTimeHoweverLateItLooks) {
  Network network(1);
  network.add("robot");
  ASSERT_TRUE(network.set(setting("set robot up rate=8"), {}));  // 100 bytes take 100 ms
  ASSERT_TRUE(network.set(setting("at 0.05 set robot up rate=80"), {}));
  network.start({});
  network.send(0, 0, Packet(100), {});
  EXPECT_FALSE(network.receive(milliseconds(54)));
  EXPECT_TRUE(network.receive(milliseconds(55)));
}

TEST(Network, DoesAtOnceWhatItsScheduleHasPassed) {
  Network network(1);
  network.add("robot");
  network.start({});
  ASSERT_TRUE(network.set(setting("at 2 set robot both delay=20"), seconds(3)));
  EXPECT_EQ(delayOf(network, 0, seconds(3)), milliseconds(20));
}

TEST(Network, RefusesWhatItDoesNotKnow) {
  Network network(1);
  EXPECT_EQ(network.add("robot"), 0U);
  EXPECT_EQ(network.add("robot"), std::nullopt);
  EXPECT_EQ(network.set(setting("set car up delay=1"), {}).error(), "there is no link 'car'");
  EXPECT_EQ(network.set(setting("at 3 set robot up delay=1 dely=2"), {}).error(),
            "'dely=2' is no setting of a link");
  network.start({});
  EXPECT_EQ(delayOf(network, 0, seconds(4)), Time{});
}

TEST(Network, GivesEachDirectionOfEachLinkItsOwnLuck) {
  Network network(1);
  network.add("robot");
  network.add("viewer");
  std::vector<std::vector<bool>> fates;
  for (const auto* name : {"robot", "viewer"})
    ASSERT_TRUE(network.set(setting(std::string("set ") + name + " both loss=50"), {}));
  for (std::size_t link = 0; link < 2; ++link) {
    for (std::size_t end = 0; end < 2; ++end) {
      auto& fate = fates.emplace_back();
      for (int i = 0; i < 64; ++i) {
        network.send(link, end, Packet(100), {});
        fate.push_back(network.receive({}).has_value());
      }
    }
  }
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(fates[i], fates[j]);
  }
}

TEST(Network, TellsItsCounters) {
  Network network(1);
  network.add("robot");
  ASSERT_TRUE(network.set(setting("set robot up rate=8"), {}));
  network.send(0, 0, Packet(100), {});
  EXPECT_EQ(
      network.stats({}),
      R"({"robot":{"up":{"in":1,"in_bytes":100,"out":0,"out_bytes":0,"blocked":0,"queue":0,"lost":0,"duplicated":0,)"
      R"("rate_kbps":8,"queue_ms":100},"down":{"in":0,"in_bytes":0,"out":0,"out_bytes":0,"blocked":0,"queue":0,"lost":0,"duplicated":0,)"
      R"("rate_kbps":0,"queue_ms":0}}})");
}

TEST(Commands, AreRefusedWhenMalformed) {
  for (const auto* line : {"", "set", "set robot", "set robot up", "set robot left delay=1", "at",
                           "at 1", "at x set a up b=1", "at -1 set a up b=1", "at inf set a up b=1",
                           "at 1 start", "link a b c d", "start now", "go"}) {
    EXPECT_FALSE(parseCommand(line)) << line;
  }
}

TEST(Commands, NameBothEndsOfALink) {
  const auto command = std::get<AddLink>(
      parseCommand("link robot /proc/7/ns/net eth0 /proc/8/ns/net robot").value());
  EXPECT_EQ(command.near.device, "eth0");
  EXPECT_EQ(command.far.networkNamespace, "/proc/8/ns/net");
}

TEST(Settings, AreRefusedWhenMalformed) {
  for (const auto* word : {"",
                           "delay",
                           "delay=",
                           "delay=x",
                           "delay=-1",
                           "delay=1,2",
                           "delay=nan",
                           "delay=inf",
                           "delay=1e300",
                           "delay=1ms",
                           "loss=101",
                           "loss=",
                           "jitter=5,2",
                           "jitter=1,2,3",
                           "burst=1",
                           "burst=1,101",
                           "burst=1,2,3,4,5",
                           "reorder=5",
                           "reorder=101,2",
                           "duplicate=101",
                           "duplicate=1,2",
                           "walk=1",
                           "walk=0,5,100",
                           "walk=5,1,100",
                           "walk=1,5,0",
                           "walk=1,5,100,0.5",
                           "down=2",
                           "hold=1,1",
                           "rate=1,2",
                           "rate=2e6",
                           "queue-bytes=1,2",
                           "Delay=1",
                           "=1",
                           "delay=1,"}) {
    EXPECT_FALSE(withSettings({}, std::vector<std::string>{word})) << word;
  }
}

TEST(Settings, KeepWhatIsNotNamed) {
  const auto before = withSettings({}, std::vector<std::string>{"delay=5", "loss=3"}).value();
  const auto after = withSettings(before, std::vector<std::string>{"loss=0"}).value();
  EXPECT_EQ(after.delay, milliseconds(5));
  EXPECT_EQ(after.loss, 0);
}

}  // namespace
}  // namespace netlab
