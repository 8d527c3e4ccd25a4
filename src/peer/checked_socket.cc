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
  void onPacket(const char* data, std::size_t size, const rtc::SocketAddress& from,
                std::int64_t time) override {
    const stun::Bytes bytes(reinterpret_cast<const std::uint8_t*>(data), size);
    if (const auto why = stun::overlongAttribute(bytes)) return refused_(from.ToString(), *why);
    ForwardingSocket::onPacket(data, size, from, time);
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
