#include "peer/idle_sockets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <string>
#include <utility>

namespace rtcpub::peer {
namespace {

rtc::IPAddress ip(const std::string& text) {
  rtc::IPAddress address;
  EXPECT_TRUE(rtc::IPFromString(text, &address));
  return address;
}

/// A bound socket that counts how many of its kind are open.
class FakeSocket final : public rtc::AsyncPacketSocket {
 public:
  FakeSocket(rtc::SocketAddress address, int& open) : address_(std::move(address)), open_(open) {
    ++open_;
  }
  ~FakeSocket() override { --open_; }
  FakeSocket(const FakeSocket&) = delete;
  FakeSocket& operator=(const FakeSocket&) = delete;

  rtc::SocketAddress GetLocalAddress() const override { return address_; }
  rtc::SocketAddress GetRemoteAddress() const override { return {}; }
  int Send(const void* /*data*/, std::size_t size, const rtc::PacketOptions& /*o*/) override {
    return static_cast<int>(size);
  }
  int SendTo(const void* /*data*/, std::size_t size, const rtc::SocketAddress& /*to*/,
             const rtc::PacketOptions& /*o*/) override {
    SignalSentPacket(this, rtc::SentPacket(3, 4));
    return static_cast<int>(size);
  }
  int Close() override { return 0; }
  State GetState() const override { return STATE_BOUND; }
  int GetOption(rtc::Socket::Option /*option*/, int* /*value*/) override { return 0; }
  int SetOption(rtc::Socket::Option /*option*/, int /*value*/) override { return 0; }
  int GetError() const override { return 0; }
  void SetError(int /*error*/) override {}

 private:
  const rtc::SocketAddress address_;
  int& open_;
};

/// What sends by a socket, as libwebrtc's ports do.
class Port : public sigslot::has_slots<> {
 public:
  explicit Port(rtc::AsyncPacketSocket& socket) {
    socket.SignalSentPacket.connect(this, &Port::onSent);
  }
  int sent = 0;

 private:
  void onSent(rtc::AsyncPacketSocket* /*socket*/, const rtc::SentPacket& /*packet*/) { ++sent; }
};

class IdleSocketsTest : public testing::Test {
 protected:
  std::unique_ptr<rtc::AsyncPacketSocket> make(const std::string& address) {
    return sockets.watched(std::make_unique<FakeSocket>(rtc::SocketAddress(address, 5000), open));
  }
  void lookOften() {
    for (int i = 0; i < 3; ++i) sockets.look();
  }

  IdleSockets::Addresses own = std::vector{ip("127.0.0.1"), ip("192.0.2.1")};
  IdleSockets sockets{[this] { return own; }};
  int open = 0;
};

TEST_F(IdleSocketsTest, ClosesOneWhoseNetworkIsGone) {
  const auto gone = make("192.0.2.1");
  const auto here = make("127.0.0.1");
  lookOften();
  EXPECT_EQ(open, 2);
  own->pop_back();
  lookOften();
  EXPECT_EQ(open, 1);
  EXPECT_EQ(gone->GetState(), rtc::AsyncPacketSocket::STATE_CLOSED);
  EXPECT_EQ(here->GetState(), rtc::AsyncPacketSocket::STATE_BOUND);
}

TEST_F(IdleSocketsTest, LeavesOneThatAPortUses) {
  const auto socket = make("192.0.2.9");
  {
    const Port port(*socket);
    lookOften();
    EXPECT_EQ(open, 1);
    EXPECT_EQ(socket->SendTo("x", 1, {}, {}), 1);
    EXPECT_EQ(port.sent, 1);
  }
  lookOften();
  EXPECT_EQ(open, 0);
}

TEST_F(IdleSocketsTest, WaitsForThePortOfANewOne) {
  const auto socket = make("192.0.2.9");
  sockets.look();
  EXPECT_EQ(open, 1);
  const Port port(*socket);
  lookOften();
  EXPECT_EQ(open, 1);
}

TEST_F(IdleSocketsTest, LeavesOneOfAnyAddress) {
  const auto socket = make("0.0.0.0");
  lookOften();
  EXPECT_EQ(open, 1);
}

TEST_F(IdleSocketsTest, LeavesAllIfTheAddressesAreNotKnown) {
  const auto socket = make("192.0.2.9");
  own.reset();
  lookOften();
  EXPECT_EQ(open, 1);
}

TEST_F(IdleSocketsTest, OneThatIsClosedStaysSo) {
  const auto socket = make("192.0.2.9");
  lookOften();
  ASSERT_EQ(open, 0);
  EXPECT_EQ(socket->SendTo("x", 1, {}, {}), -1);
  EXPECT_EQ(socket->GetError(), ENOTCONN);
  EXPECT_EQ(socket->GetLocalAddress(), rtc::SocketAddress("192.0.2.9", 5000));
  EXPECT_EQ(socket->SetOption(rtc::Socket::OPT_DSCP, 1), -1);
  lookOften();
}

TEST_F(IdleSocketsTest, AreForgottenWithTheirOwners) {
  make("192.0.2.9").reset();
  lookOften();
  EXPECT_EQ(open, 0);
}

TEST_F(IdleSocketsTest, MayOutliveWhoWatchesThem) {
  auto watcher = std::make_unique<IdleSockets>([this] { return own; });
  auto socket =
      watcher->watched(std::make_unique<FakeSocket>(rtc::SocketAddress("192.0.2.9", 1), open));
  watcher.reset();
  socket.reset();
  EXPECT_EQ(open, 0);
}

TEST_F(IdleSocketsTest, AreNoneWithoutASocket) { EXPECT_EQ(sockets.watched(nullptr), nullptr); }

}  // namespace
}  // namespace rtcpub::peer
