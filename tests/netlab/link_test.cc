#include "link.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace netlab {
namespace {

/// Settings as a person writes them, on top of others.
Conditions conditions(const std::vector<std::string>& settings, const Conditions& base = {}) {
  return withSettings(base, settings).value();
}

/// An IPv4 packet of this size with a number to tell it by.
Packet packet(std::size_t size = 1000, std::uint32_t number = 0, std::uint8_t protocol = 17) {
  Packet made(size);
  made[0] = 0x45;
  made[9] = protocol;
  for (std::size_t i = 0; i < 4; ++i) made[20 + i] = static_cast<std::uint8_t>(number >> (8 * i));
  return made;
}

std::uint32_t numberOf(const Packet& packet) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) number |= std::uint32_t{packet[20 + i]} << (8 * i);
  return number;
}

struct Arrived {
  std::uint32_t number;
  Time at;
  bool operator==(const Arrived&) const = default;
};

/// A link in virtual time, and what has come through it.
class Bench {
 public:
  explicit Bench(const std::vector<std::string>& settings, std::uint64_t seed = 1) : link(seed) {
    link.change(conditions(settings), now);
  }

  void change(const std::vector<std::string>& settings) {
    link.change(conditions(settings, link.conditions()), now);
  }

  /// Goes there from event to event.
  void runUntil(Time end) {
    while (true) {
      while (auto packet = link.receive(now)) arrived.push_back({numberOf(*packet), now});
      const auto next = link.next();
      if (!next || *next > end) break;
      now = std::max(now, *next);
    }
    now = end;
  }

  /// Sends that many packets at this distance; afterwards it is time for the next one.
  void send(int count, Time distance, std::size_t size = 1000) {
    for (int i = 0; i < count; ++i) {
      link.send(packet(size, sent++), now);
      runUntil(now + distance);
    }
  }

  void drain() { runUntil(now + seconds(3600)); }

  Link link;
  Time now = seconds(1);
  std::uint32_t sent = 0;
  std::vector<Arrived> arrived;
};

bool inOrder(const std::vector<Arrived>& arrived) {
  return std::ranges::is_sorted(arrived, {}, &Arrived::number);
}

TEST(Link, WithoutSettingsPassesEverythingAtOnce) {
  Bench bench({});
  bench.send(1000, Time{});
  EXPECT_EQ(bench.arrived.size(), 1000U);
  EXPECT_TRUE(
      std::ranges::all_of(bench.arrived, [](const Arrived& one) { return one.at == seconds(1); }));
  EXPECT_EQ(bench.link.next(), std::nullopt);
}

TEST(Link, DelaysExactly) {
  Bench bench({"delay=30.5"});
  bench.send(1, milliseconds(30));
  EXPECT_TRUE(bench.arrived.empty());
  bench.drain();
  ASSERT_EQ(bench.arrived.size(), 1U);
  EXPECT_EQ(bench.arrived[0].at, seconds(1) + milliseconds(30.5));
}

TEST(Link, DrawsTheJitterUniformly) {
  Bench bench({"delay=20", "jitter=10,40"});
  std::vector<double> delays;
  for (int i = 0; i < 20'000; ++i) {
    const auto began = bench.now;
    bench.send(1, milliseconds(100));
    delays.push_back(inSeconds(bench.arrived.back().at - began) * 1000);
  }
  const double mean =
      std::accumulate(delays.begin(), delays.end(), 0.0) / static_cast<double>(delays.size());
  EXPECT_NEAR(mean, 45, 0.5);
  EXPECT_NEAR(std::ranges::min(delays), 30, 0.1);
  EXPECT_NEAR(std::ranges::max(delays), 60, 0.1);
}

TEST(Link, KeepsTheOrderUnderJitter) {
  Bench bench({"delay=20", "jitter=40"});
  bench.send(5000, milliseconds(1));
  bench.drain();
  EXPECT_EQ(bench.arrived.size(), 5000U);
  EXPECT_TRUE(inOrder(bench.arrived));
}

TEST(Link, HoldsAJitterForItsStep) {
  Bench bench({"jitter=40", "jitter-step=20"});
  const auto began = bench.now;
  for (int i = 0; i < 20; ++i) bench.link.send(packet(), began + milliseconds(i));
  bench.drain();
  const auto held = bench.arrived[0].at - began;
  for (int i = 0; i < 20; ++i) EXPECT_EQ(bench.arrived.at(i).at - began - milliseconds(i), held);
}

TEST(Link, ReordersTheShareThatIsAskedFor) {
  Bench bench({"delay=10", "reorder=5,3"});
  bench.send(100'000, milliseconds(2));
  bench.drain();
  int late = 0;
  for (std::size_t i = 1; i < bench.arrived.size(); ++i)
    late += bench.arrived[i].number < bench.arrived[i - 1].number;
  EXPECT_EQ(bench.arrived.size(), 100'000U);
  // One that is followed by another late one isn't overtaken by it.
  EXPECT_NEAR(late, 100'000 * 0.05 * 0.95, 250);
}

TEST(Link, DuplicatesTheShareThatIsAskedFor) {
  Bench bench({"delay=10", "duplicate=5"});
  bench.send(100'000, milliseconds(2));
  bench.drain();
  const auto twice = bench.arrived.size() - 100'000;
  EXPECT_NEAR(static_cast<double>(twice), 5000, 250);
  EXPECT_EQ(bench.link.counters().duplicated, twice);
  std::vector<std::uint32_t> numbers;
  for (const auto& arrived : bench.arrived) numbers.push_back(arrived.number);
  EXPECT_TRUE(std::ranges::is_sorted(numbers));
  EXPECT_EQ(numbers.end() - std::unique(numbers.begin(), numbers.end()),
            static_cast<std::ptrdiff_t>(twice));
}

TEST(Link, LosesTheShareThatIsAskedFor) {
  Bench bench({"loss=2"});
  bench.send(1'000'000, milliseconds(1));
  const double lost = 1 - static_cast<double>(bench.arrived.size()) / bench.sent;
  EXPECT_NEAR(lost, 0.02, 0.02 * 0.05);
  EXPECT_EQ(bench.link.counters().lost, bench.sent - bench.arrived.size());
}

TEST(Link, LosesInBurstsOfTheLengthThatIsAskedFor) {
  Bench bench({"burst=1,25"});
  bench.send(1'000'000, milliseconds(1));
  const double lost = 1 - static_cast<double>(bench.arrived.size()) / bench.sent;
  int bursts = 0;
  for (std::size_t i = 1; i < bench.arrived.size(); ++i) {
    bursts += bench.arrived[i].number != bench.arrived[i - 1].number + 1;
  }
  EXPECT_NEAR(lost, 1.0 / 26, 0.05 / 26);
  // A mean of 4 packets: bad is left with probability 1/4 after each.
  EXPECT_NEAR(lost * bench.sent / bursts, 4, 0.2);
}

TEST(Link, EndsABurstWhenBurstsAreSwitchedOff) {
  Bench bench({"burst=100,0"});
  bench.send(10, milliseconds(1));
  bench.change({"burst=0"});
  bench.send(10, milliseconds(1));
  EXPECT_EQ(bench.arrived.size(), 11U);  // the first one found the link good
}

TEST(Link, SendsAtTheRateThatIsAskedFor) {
  Bench bench({"rate=5000", "queue=100"});
  const auto began = bench.now;
  bench.send(10'000, milliseconds(1));  // 8 Mbit/s
  const double bits = static_cast<double>(bench.arrived.size()) * 8000;
  EXPECT_NEAR(bits / inSeconds(bench.now - began), 5e6, 5e6 * 0.01);
}

TEST(Link, DropsWhatWouldWaitLongerThanTheQueueLasts) {
  Bench bench({"rate=5000", "queue=100"});
  for (int i = 0; i < 200; ++i) bench.link.send(packet(), bench.now);
  EXPECT_EQ(bench.link.queueWait(bench.now), milliseconds(1.6) * 63);  // 1000 bytes take 1.6 ms
  bench.drain();
  EXPECT_EQ(bench.arrived.size(), 63U);
  EXPECT_EQ(bench.link.counters().queue, 137U);
}

TEST(Link, DropsWhatDoesNotFitIntoTheQueuesBytes) {
  Bench bench({"rate=1000", "queue-bytes=5000"});
  for (int i = 0; i < 20; ++i) bench.link.send(packet(), bench.now);
  bench.drain();
  EXPECT_EQ(bench.arrived.size(), 5U);
}

TEST(Link, TakesAPacketThatIsLargerThanTheQueueWhenNoneWaits) {
  Bench bench({"rate=1000", "queue-bytes=500"});
  bench.send(2, seconds(1));
  EXPECT_EQ(bench.arrived.size(), 2U);
}

TEST(Link, ChangesItsRateInTheMiddleOfAPacket) {
  Bench bench({"rate=8"});  // a byte a millisecond
  const auto began = bench.now;
  bench.send(1, milliseconds(500));
  bench.change({"rate=80"});
  bench.drain();
  ASSERT_EQ(bench.arrived.size(), 1U);
  EXPECT_EQ(bench.arrived[0].at - began, milliseconds(550));
}

TEST(Link, SendsAllThatWaitsOnceTheRateIsUnlimited) {
  Bench bench({"rate=8"});
  bench.send(5, milliseconds(10));
  bench.change({"rate=0"});
  bench.runUntil(bench.now);
  EXPECT_EQ(bench.arrived.size(), 5U);
}

TEST(Link, StallsAndThenSendsWhatHasWaited) {
  Bench bench({"rate=5000", "queue=300", "hold=1"});
  bench.send(20, milliseconds(10));
  EXPECT_TRUE(bench.arrived.empty());
  bench.change({"hold=0"});
  bench.drain();
  EXPECT_EQ(bench.arrived.size(), 20U);
  EXPECT_TRUE(inOrder(bench.arrived));
}

TEST(Link, LosesEverythingInAnOutageThatHasNotLeftTheQueue) {
  Bench bench({"rate=1000", "delay=100"});
  bench.send(10, Time{});
  bench.runUntil(bench.now + milliseconds(20));  // two of them are on their way: 8 ms each
  bench.change({"down=1"});
  bench.send(10, milliseconds(10));
  bench.drain();
  EXPECT_EQ(bench.arrived.size(), 2U);
  EXPECT_EQ(bench.link.counters().blocked, 18U);
  bench.change({"down=0"});
  bench.send(10, milliseconds(10));
  bench.drain();
  EXPECT_EQ(bench.arrived.size(), 12U);
}

TEST(Link, BlocksUdpAndNothingElse) {
  Bench bench({"no-udp=1"});
  Packet overSix(48);
  overSix[0] = 0x60;
  overSix[6] = 17;
  bench.link.send(packet(100, 1, 17), bench.now);
  bench.link.send(packet(100, 2, 6), bench.now);
  bench.link.send(overSix, bench.now);
  bench.drain();
  ASSERT_EQ(bench.arrived.size(), 1U);
  EXPECT_EQ(bench.arrived[0].number, 2U);
}

TEST(Link, LosesLargerPacketsThanItsMtu) {
  Bench bench({"mtu=1300"});
  bench.link.send(packet(1301, 1), bench.now);
  bench.link.send(packet(1300, 2), bench.now);
  bench.drain();
  ASSERT_EQ(bench.arrived.size(), 1U);
  EXPECT_EQ(bench.arrived[0].number, 2U);
  EXPECT_EQ(bench.link.counters().blocked, 1U);
}

TEST(Link, WalksItsRateWithinTheBounds) {
  Bench bench({"rate=3000", "walk=1000,8000,200,1.5"});
  std::vector<double> rates;
  for (int i = 0; i < 5000; ++i) {
    bench.runUntil(bench.now + milliseconds(200));
    rates.push_back(bench.link.conditions().rate);
  }
  EXPECT_GE(std::ranges::min(rates), 1e6);
  EXPECT_LE(std::ranges::max(rates), 8e6);
  EXPECT_LT(std::ranges::min(rates), 1.5e6);
  EXPECT_GT(std::ranges::max(rates), 6e6);
  bench.change({"walk=0"});
  EXPECT_EQ(bench.link.next(), std::nullopt);
}

TEST(Link, GoesOnWalkingWhenSomethingElseChanges) {
  Bench bench({"walk=1000,8000,200,1.5"});
  bench.runUntil(bench.now + milliseconds(150));
  bench.change({"delay=10"});
  EXPECT_EQ(bench.link.next(), seconds(1) + milliseconds(200));
}

/// What comes through a link that does everything at once.
std::vector<Arrived> throughEverything(std::uint64_t seed) {
  Bench bench({"delay=20", "jitter=10", "loss=2", "burst=1,25", "reorder=1,5", "duplicate=1",
               "walk=1000,8000,50", "queue=50"},
              seed);
  bench.send(5000, milliseconds(2));
  bench.drain();
  return bench.arrived;
}

/// Its walk goes on for ever, so drain() would, too: bounded by the hour.
TEST(Link, DoesTheSameForTheSameSeed) {
  const auto once = throughEverything(7);
  EXPECT_GT(once.size(), 3000U);
  EXPECT_EQ(once, throughEverything(7));
  EXPECT_NE(once, throughEverything(8));
}

TEST(Link, LosesTheSamePacketsWhenItsJitterChanges) {
  Bench plain({"loss=10"});
  Bench jittery({"loss=10", "jitter=5"});
  for (auto* bench : {&plain, &jittery}) {
    bench->send(1000, milliseconds(20));
    bench->drain();
  }
  EXPECT_TRUE(
      std::ranges::equal(plain.arrived, jittery.arrived, {}, &Arrived::number, &Arrived::number));
}

TEST(Link, AccountsForEveryPacket) {
  Bench bench({"rate=4000", "queue=50", "loss=5"});
  bench.send(2000, milliseconds(1));
  bench.change({"down=1"});
  bench.send(100, milliseconds(1));
  bench.drain();
  const auto& counters = bench.link.counters();
  EXPECT_EQ(counters.in, 2100U);
  EXPECT_EQ(counters.out, bench.arrived.size());
  EXPECT_EQ(counters.outBytes, counters.out * 1000);
  EXPECT_EQ(counters.in, counters.out + counters.blocked + counters.queue + counters.lost);
}

}  // namespace
}  // namespace netlab
