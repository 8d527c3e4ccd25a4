#include "peer/checked_socket.h"

#include <cstdint>
#include <utility>

#include "core/stun/stun_limits.h"
#include "peer/forwarding_socket.h"

namespace rtcpub::peer {
namespace {

using Refused = std::function<void(const std::string& from, const std::string& why)>;

class CheckedSocket final : public ForwardingSocket {
 public:
  CheckedSocket(std::unique_ptr<rtc::AsyncPacketSocket> socket, Refused refused)
      : ForwardingSocket(std::move(socket)), refused_(std::move(refused)) {}

 private:
  void onPacket(const engine::SocketPacket& packet) override {
    const stun::Bytes bytes(reinterpret_cast<const std::uint8_t*>(packet.data), packet.size);
    if (const auto why = stun::overlongAttribute(bytes)) {
      return refused_(packet.from.ToString(), *why);
    }
    ForwardingSocket::onPacket(packet);
  }

  const Refused refused_;
};

}  // namespace

std::unique_ptr<rtc::AsyncPacketSocket> withCheckedStun(
    std::unique_ptr<rtc::AsyncPacketSocket> socket, Refused refused) {
  if (!socket) return nullptr;
  return std::make_unique<CheckedSocket>(std::move(socket), std::move(refused));
}

}  // namespace rtcpub::peer
