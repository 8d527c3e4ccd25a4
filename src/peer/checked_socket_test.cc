#include "peer/checked_socket.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/stun/stun_format.h"

namespace rtcpub::peer {
namespace {

/// A socket that receives what a test gives it.
class FakeSocket final : public rtc::AsyncPacketSocket {
 public:
  explicit FakeSocket(bool& closed) : closed_(closed) {}
  void receive(const std::vector<std::uint8_t>& bytes) {
    SignalReadPacket(this, reinterpret_cast<const char*>(bytes.data()), bytes.size(),
                     rtc::SocketAddress("192.0.2.9", 3478), 7);
  }
  rtc::SocketAddress GetLocalAddress() const override { return {"192.0.2.1", 5000}; }
  rtc::SocketAddress GetRemoteAddress() const override { return {}; }
  int Send(const void* /*data*/, std::size_t size, const rtc::PacketOptions& /*o*/) override {
    return static_cast<int>(size);
  }
  int SendTo(const void* /*data*/, std::size_t size, const rtc::SocketAddress& /*to*/,
             const rtc::PacketOptions& /*o*/) override {
    return static_cast<int>(size);
  }
  int Close() override {
    closed_ = true;
    NotifyClosed(3);
    return 0;
  }
  State GetState() const override { return STATE_BOUND; }
  int GetOption(rtc::Socket::Option /*option*/, int* /*value*/) override { return 0; }
  int SetOption(rtc::Socket::Option /*option*/, int /*value*/) override { return 0; }
  int GetError() const override { return 0; }
  void SetError(int /*error*/) override {}

 private:
  bool& closed_;
};

class CheckedSocketTest : public testing::Test, public sigslot::has_slots<> {
 protected:
  CheckedSocketTest() {
    auto fake = std::make_unique<FakeSocket>(closed_);
    fake_ = fake.get();
    socket_ = withCheckedStun(std::move(fake), [this](const std::string& from, const auto& why) {
      refused_.push_back(from + ": " + why);
    });
    socket_->SignalReadPacket.connect(this, &CheckedSocketTest::onPacket);
  }
  void onPacket(rtc::AsyncPacketSocket* socket, const char* /*data*/, std::size_t size,
                const rtc::SocketAddress& /*from*/, const std::int64_t& time) {
    EXPECT_EQ(socket, socket_.get()) << "its owner knows no other";
    EXPECT_EQ(time, 7);
    sizes_.push_back(size);
  }
  static std::vector<std::uint8_t> answer(std::size_t realm) {
    stun::Writer writer(0x0113, {});
    writer.add(0x0014, std::vector<std::uint8_t>(realm, 'r'));
    return writer.take();
  }

  bool closed_ = false;
  FakeSocket* fake_ = nullptr;
  std::unique_ptr<rtc::AsyncPacketSocket> socket_;
  std::vector<std::size_t> sizes_;
  std::vector<std::string> refused_;
};

TEST_F(CheckedSocketTest, HandsOnWhatIsRight) {
  fake_->receive(answer(763));
  fake_->receive(std::vector<std::uint8_t>(1200, 0x80));
  EXPECT_EQ(sizes_, (std::vector<std::size_t>{20 + 4 + 764, 1200}));
  EXPECT_TRUE(refused_.empty());
}

TEST_F(CheckedSocketTest, DropsAnOverlongTextAndTells) {
  fake_->receive(answer(764));
  EXPECT_TRUE(sizes_.empty());
  EXPECT_EQ(refused_, std::vector<std::string>{
                          "192.0.2.9:3478: a REALM of 764 bytes, where 763 are the most"});
}

TEST_F(CheckedSocketTest, ClosesAsTheSocketDoes) {
  int error = 0;
  socket_->SubscribeClose(this, [&](rtc::AsyncPacketSocket* socket, int why) {
    EXPECT_EQ(socket, socket_.get());
    error = why;
  });
  socket_->Close();
  EXPECT_TRUE(closed_);
  EXPECT_EQ(error, 3);
  socket_->UnsubscribeClose(this);
}

TEST(CheckedSocket, IsNoneWithoutASocket) { EXPECT_EQ(withCheckedStun(nullptr, {}), nullptr); }

}  // namespace
}  // namespace rtcpub::peer
