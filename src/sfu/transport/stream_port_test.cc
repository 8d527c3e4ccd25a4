#include "sfu/transport/stream_port.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

namespace rtcpub::sfu {
namespace {

using namespace std::chrono_literals;
using Bytes = std::vector<std::uint8_t>;

const Bytes kBinding{0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
const Bytes kAllocate{0, 3, 0, 0, 0x21, 0x12, 0xA4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

Bytes framed(const Bytes& datagram) {
  Bytes bytes(2 + datagram.size());
  bytes[0] = static_cast<std::uint8_t>(datagram.size() >> 8);
  bytes[1] = static_cast<std::uint8_t>(datagram.size());
  std::copy(datagram.begin(), datagram.end(), bytes.begin() + 2);
  return bytes;
}

struct Input final : DatagramInput, TurnInput {
  void deliver(std::span<const std::uint8_t> datagram, const Path& path, Time /*now*/) override {
    received.emplace_back(datagram.begin(), datagram.end());
    from = path;
  }
  void onDatagram(std::span<const std::uint8_t> datagram, const Path& client,
                  DatagramOutput& output, Time /*now*/) override {
    asked.emplace_back(datagram.begin(), datagram.end());
    output.send(client, Bytes{0x40, 0, 0, 1, 7});
  }
  [[nodiscard]] bool serves(const Path& /*client*/) const override { return serving; }
  void forget(const Path& /*client*/) override { ++forgotten; }

  std::vector<Bytes> received;
  std::vector<Bytes> asked;
  Path from;
  bool serving = false;
  int forgotten = 0;
};

struct Sink final : DatagramSink {
  void onStun(std::span<const std::uint8_t>, const Path&, Time) override {}
  void onDatagram(std::span<const std::uint8_t>, const Path&, Time) override {}
};

/// The far ends of connections, and the thread's event loop, turned by the test itself.
class StreamPortTest : public testing::Test {
 protected:
  /// Connects; the port has read `first` already.
  int connect(const Bytes& first) {
    std::array<int, 2> ends{};
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
    ends_.emplace_back(ends[1]);
    port_.take(OwnedDescriptor(ends[0]), first, now_);
    return ends[1];
  }

  static void say(int end, const Bytes& bytes) {
    ASSERT_EQ(send(end, bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
  }

  /// All that comes, until nothing does any more.
  Bytes hear(int end) {
    Bytes heard;
    std::array<std::uint8_t, 65536> some{};
    for (;;) {
      turn();
      const ssize_t count = recv(end, some.data(), some.size(), MSG_DONTWAIT);
      if (count <= 0) return heard;
      heard.insert(heard.end(), some.begin(), some.begin() + count);
    }
  }

  /// Whether the port has closed it.
  static bool closed(int end) {
    std::uint8_t byte = 0;
    return recv(end, &byte, 1, MSG_DONTWAIT) == 0;
  }

  /// Lets the loop do what is to be done now.
  void turn() { thread_.ProcessMessages(1); }

  Time now_{1000s};
  rtc::PhysicalSocketServer server_;
  rtc::AutoSocketServerThread thread_{&server_};
  Outlet outlet_;
  Demultiplexer clients_;
  Input input_;
  StreamPort port_{thread_, server_, outlet_, input_, clients_, input_};
  std::vector<OwnedDescriptor> ends_;
};

TEST_F(StreamPortTest, HandsIceOnAndBringsTheAnswersBack) {
  const int end = connect(framed(kBinding));
  ASSERT_EQ(input_.received, std::vector<Bytes>{kBinding});
  EXPECT_NE(input_.from.stream, 0U);
  say(end, framed({128, 1}));
  turn();
  ASSERT_EQ(input_.received.size(), 2U);
  EXPECT_EQ(input_.received[1], Bytes({128, 1}));
  outlet_.send(input_.from, Bytes{20, 1, 2});
  EXPECT_EQ(hear(end), Bytes({0, 3, 20, 1, 2}));
}

TEST_F(StreamPortTest, WaitsForTheRestOfTheFirstBytes) {
  const Bytes whole = framed(kBinding);
  const int end = connect({whole[0]});
  for (std::size_t i = 1; i < whole.size(); ++i) {
    EXPECT_TRUE(input_.received.empty());
    say(end, {whole[i]});
    turn();
  }
  EXPECT_EQ(input_.received, std::vector<Bytes>{kBinding});
}

TEST_F(StreamPortTest, HandsTurnOnAndPadsWhatComesBack) {
  const int end = connect(kAllocate);
  EXPECT_EQ(input_.asked, std::vector<Bytes>{kAllocate});
  EXPECT_EQ(hear(end), Bytes({0x40, 0, 0, 1, 7, 0, 0, 0}));
}

TEST_F(StreamPortTest, ClosesWhatIsGarbage) {
  const int end = connect(Bytes(30, 1));
  const int later = connect(framed(kBinding));
  say(later, {0, 0, 0, 0});
  turn();
  turn();
  EXPECT_TRUE(closed(end));
  EXPECT_TRUE(closed(later));
  EXPECT_EQ(port_.size(), 0U);
  EXPECT_EQ(input_.forgotten, 2);
}

TEST_F(StreamPortTest, ForgetsWhoHangsUp) {
  connect(framed(kBinding));
  ends_.clear();
  turn();
  turn();
  EXPECT_EQ(port_.size(), 0U);
  outlet_.send(input_.from, Bytes{1});  // late, and nobody's
}

TEST_F(StreamPortTest, LosesWholeDatagramsWhenTheReceiverIsSlow) {
  const int end = connect(framed(kBinding));
  constexpr std::size_t kSize = 1000;
  constexpr int kCount = 2000;
  for (int i = 0; i < kCount; ++i) {
    outlet_.send(input_.from, Bytes(kSize, static_cast<std::uint8_t>(i)));
  }
  EXPECT_GT(port_.dropped(), 0U);
  const Bytes heard = hear(end);
  ASSERT_EQ(heard.size() % (kSize + 2), 0U);
  EXPECT_EQ(heard.size() / (kSize + 2) + port_.dropped(), static_cast<std::size_t>(kCount));
  for (std::size_t at = 0; at < heard.size(); at += kSize + 2) {
    ASSERT_EQ(heard[at] << 8 | heard[at + 1], static_cast<int>(kSize));
    ASSERT_EQ(heard[at + 2], heard[at + kSize + 1]);
  }
  outlet_.send(input_.from, Bytes{9});  // there is room again
  EXPECT_EQ(hear(end), Bytes({0, 1, 9}));
}

TEST_F(StreamPortTest, ClosesConnectionsThatAreOfNoUse) {
  const int stranger = connect(framed(kBinding));
  const int client = connect(framed(kBinding));
  Sink sink;
  clients_.bind(input_.from, sink);
  port_.sweep(now_ + 9s);
  EXPECT_EQ(port_.size(), 2U);
  port_.sweep(now_ + 10s);
  EXPECT_TRUE(closed(stranger));
  EXPECT_FALSE(closed(client));
  clients_.unbind(input_.from, sink);
  port_.sweep(now_ + 19s);
  EXPECT_EQ(port_.size(), 1U);
  port_.sweep(now_ + 20s);
  EXPECT_TRUE(closed(client));
}

TEST_F(StreamPortTest, KeepsTheConnectionsOfRelays) {
  connect(kAllocate);
  input_.serving = true;
  port_.sweep(now_ + 10s);
  port_.sweep(now_ + 20s);
  EXPECT_EQ(port_.size(), 1U);
}

TEST_F(StreamPortTest, LetsTheOldestThatIsOfNoUseGoForANewcomer) {
  const int oldest = connect(framed(kBinding));
  for (std::size_t i = 1; i < StreamPort::kUnproven.ofOneNetwork; ++i) connect({0});
  EXPECT_FALSE(closed(oldest));
  const int newcomer = connect(framed(kBinding));
  EXPECT_TRUE(closed(oldest));
  EXPECT_FALSE(closed(newcomer));
  EXPECT_EQ(port_.size(), StreamPort::kUnproven.ofOneNetwork);
}

TEST_F(StreamPortTest, KeepsWhoIsOfUseInAFloodOfOthers) {
  input_.serving = true;
  const int relay = connect(kAllocate);
  input_.serving = false;
  const int client = connect(framed(kBinding));
  Sink sink;
  const Path path = input_.from;
  clients_.bind(path, sink);
  say(client, framed({128, 1}));
  turn();
  for (int i = 0; i < 200; ++i) connect(framed(kBinding));
  EXPECT_FALSE(closed(relay));
  EXPECT_FALSE(closed(client));
  EXPECT_EQ(port_.size(), 2 + StreamPort::kUnproven.ofOneNetwork);
  clients_.unbind(path, sink);
}

TEST_F(StreamPortTest, TakesSomeUsefulConnectionsOfOneAddressOnly) {
  input_.serving = true;
  for (std::size_t i = 0; i < StreamPort::kUseful.ofOneNetwork; ++i) connect(kAllocate);
  const int refused = connect(kAllocate);
  (void)hear(refused);
  EXPECT_TRUE(closed(refused));
  EXPECT_EQ(port_.size(), StreamPort::kUseful.ofOneNetwork);
}

}  // namespace
}  // namespace rtcpub::sfu
