#include "peer/checked_socket.h"

#include <cstdint>
#include <utility>

#include "core/stun_limits.h"

namespace rtcpub::peer {
namespace {

using Refused = std::function<void(const std::string& from, const std::string& why)>;

class CheckedSocket final : public rtc::AsyncPacketSocket {
 public:
  CheckedSocket(std::unique_ptr<rtc::AsyncPacketSocket> socket, Refused refused)
      : socket_(std::move(socket)), refused_(std::move(refused)) {
    socket_->SignalReadPacket.connect(this, &CheckedSocket::onPacket);
    socket_->SignalSentPacket.connect(this, &CheckedSocket::onSent);
    socket_->SignalReadyToSend.connect(this, &CheckedSocket::onReadyToSend);
    socket_->SignalAddressReady.connect(this, &CheckedSocket::onAddressReady);
    socket_->SignalConnect.connect(this, &CheckedSocket::onConnect);
    socket_->SubscribeClose(this, [this](auto*, int error) { NotifyClosed(error); });
  }
  ~CheckedSocket() override { socket_->UnsubscribeClose(this); }
  CheckedSocket(const CheckedSocket&) = delete;
  CheckedSocket& operator=(const CheckedSocket&) = delete;

  rtc::SocketAddress GetLocalAddress() const override { return socket_->GetLocalAddress(); }
  rtc::SocketAddress GetRemoteAddress() const override { return socket_->GetRemoteAddress(); }
  int Send(const void* data, std::size_t size, const rtc::PacketOptions& options) override {
    return socket_->Send(data, size, options);
  }
  int SendTo(const void* data, std::size_t size, const rtc::SocketAddress& to,
             const rtc::PacketOptions& options) override {
    return socket_->SendTo(data, size, to, options);
  }
  int Close() override { return socket_->Close(); }
  State GetState() const override { return socket_->GetState(); }
  int GetOption(rtc::Socket::Option option, int* value) override {
    return socket_->GetOption(option, value);
  }
  int SetOption(rtc::Socket::Option option, int value) override {
    return socket_->SetOption(option, value);
  }
  int GetError() const override { return socket_->GetError(); }
  void SetError(int error) override { socket_->SetError(error); }

 private:
  void onPacket(rtc::AsyncPacketSocket* /*socket*/, const char* data, std::size_t size,
                const rtc::SocketAddress& from, const std::int64_t& time) {
    const stun::Bytes bytes(reinterpret_cast<const std::uint8_t*>(data), size);
    if (const auto why = stun::overlongAttribute(bytes)) return refused_(from.ToString(), *why);
    SignalReadPacket(this, data, size, from, time);
  }
  void onSent(rtc::AsyncPacketSocket* /*socket*/, const rtc::SentPacket& packet) {
    SignalSentPacket(this, packet);
  }
  void onReadyToSend(rtc::AsyncPacketSocket* /*socket*/) { SignalReadyToSend(this); }
  void onAddressReady(rtc::AsyncPacketSocket* /*socket*/, const rtc::SocketAddress& address) {
    SignalAddressReady(this, address);
  }
  void onConnect(rtc::AsyncPacketSocket* /*socket*/) { SignalConnect(this); }

  const std::unique_ptr<rtc::AsyncPacketSocket> socket_;
  const Refused refused_;
};

}  // namespace

std::unique_ptr<rtc::AsyncPacketSocket> withCheckedStun(
    std::unique_ptr<rtc::AsyncPacketSocket> socket, Refused refused) {
  if (!socket) return nullptr;
  return std::make_unique<CheckedSocket>(std::move(socket), std::move(refused));
}

}  // namespace rtcpub::peer
