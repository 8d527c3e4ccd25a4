#include "sfu/transport/udp_port.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <rtc_base/thread.h>
#include <sys/socket.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "sfu/transport/owned_descriptor.h"

namespace rtcpub::sfu {
namespace {

using namespace std::chrono_literals;
using Bytes = std::vector<std::uint8_t>;

const Bytes kCommand{23, 254, 253};  // DTLS's application data
const Bytes kReport{129, 205, 0, 2};
const Bytes kVideo{144, 96, 0, 1};

/// One letter for each datagram.
struct Input final : DatagramInput {
  void deliver(std::span<const std::uint8_t> datagram, const Path& /*path*/,
               Time /*now*/) override {
    static constexpr std::string_view kLetters = "crv";  // by urgency
    order += kLetters[static_cast<std::size_t>(urgencyOf(datagram))];
    if (onDatagram) onDatagram();
  }
  std::string order;
  std::function<void()> onDatagram;
};

/// A port, whose event loop the test itself turns, and somebody who sends to it.
class UdpPortTest : public testing::Test {
 protected:
  void SetUp() override {
    auto port = UdpPort::open({.ip = *parseIp("127.0.0.1")});
    ASSERT_TRUE(port) << port.error().message;
    port_ = std::move(*port);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons(port_->port());
    ASSERT_EQ(connect(sender_.get(), reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
    port_->start(thread_, server_, input_);
  }
  void TearDown() override { port_->stop(); }

  void say(const Bytes& datagram, int times = 1) {
    for (int i = 0; i < times; ++i) {
      ASSERT_EQ(send(sender_.get(), datagram.data(), datagram.size(), 0),
                static_cast<ssize_t>(datagram.size()));
    }
  }
  /// Until so many were handled in all.
  void turnUntil(std::size_t handled) {
    for (const Time end = monotonicNow() + 30s; input_.order.size() < handled;) {
      ASSERT_LT(monotonicNow(), end) << input_.order;
      thread_.ProcessMessages(1);
    }
  }

  rtc::PhysicalSocketServer server_;
  rtc::AutoSocketServerThread thread_{&server_};
  Input input_;
  std::unique_ptr<UdpPort> port_;
  OwnedDescriptor sender_{socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
};

TEST_F(UdpPortTest, HandlesACommandBeforeAllTheVideoThatCameEarlier) {
  say(kVideo, 150);
  say(kReport, 2);
  say(kCommand);
  turnUntil(153);
  EXPECT_EQ(input_.order, "crr" + std::string(150, 'v'));
}

TEST_F(UdpPortTest, HandlesACommandThatComesAmidVideoAsTheNext) {
  say(kVideo, 10);
  input_.onDatagram = [this] {
    if (input_.order.size() == 3) say(kCommand);
    std::this_thread::sleep_for(2ms);  // so long takes each
  };
  turnUntil(11);
  EXPECT_EQ(input_.order, "vvvcvvvvvvv");
}

TEST_F(UdpPortTest, LetsTheOthersOfItsThreadHaveTheirTurns) {
  say(kVideo, 40);
  std::size_t handledBefore = 0;
  input_.onDatagram = [&] {
    if (input_.order.size() == 1) {
      thread_.PostTask([&] { handledBefore = input_.order.size(); });
    }
    std::this_thread::sleep_for(2ms);
  };
  turnUntil(40);
  EXPECT_GT(handledBefore, 0U);
  EXPECT_LT(handledBefore, 10U);
}

/// Whether this system tells when a datagram came: qemu's user emulation doesn't.
bool tellsArrivals() {
  const OwnedDescriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  return ::setsockopt(socket.get(), SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) == 0;
}

TEST_F(UdpPortTest, KnowsHowLongVideoWaited) {
  if (!tellsArrivals()) GTEST_SKIP() << "this system doesn't tell when a datagram came";
  std::optional<Lateness> lateness;
  // The first socket of a machine that wants the times of arrival gets those of reading for a
  // moment: Linux switches them on later.
  std::size_t sent = 0;
  for (const Time end = monotonicNow() + 30s;
       (!lateness || lateness->least < 20ms) && monotonicNow() < end;) {
    say(kVideo, 3);
    std::this_thread::sleep_for(20ms);
    turnUntil(sent += 3);
    lateness = port_->takeLateness();
  }
  ASSERT_TRUE(lateness);
  EXPECT_GE(lateness->least, 20ms);
  EXPECT_GE(lateness->most, lateness->least);
  EXPECT_FALSE(port_->takeLateness()) << "it is told once";
  say(kCommand);
  turnUntil(sent + 1);
  EXPECT_FALSE(port_->takeLateness()) << "a command is no media";
}

TEST_F(UdpPortTest, DropsVideoThatIsTooOldWhenThereIsMoreThanCanBeDone) {
  if (!tellsArrivals()) GTEST_SKIP() << "this system doesn't tell when a datagram came";
  say(kVideo, 200);
  std::this_thread::sleep_for(ArrivalQueue::kLongest + 10ms);
  say(kVideo, 5);
  turnUntil(5);
  EXPECT_EQ(input_.order, "vvvvv");
  EXPECT_EQ(port_->droppedLate(), 200U);
}

}  // namespace
}  // namespace rtcpub::sfu
