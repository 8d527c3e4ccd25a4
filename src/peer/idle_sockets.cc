#include "peer/idle_sockets.h"

#include <algorithm>
#include <utility>

#include "log/log.h"
#include "peer/forwarding_socket.h"

namespace rtcpub::peer {

class IdleSockets::Socket final : public ForwardingSocket {
 public:
  Socket(std::unique_ptr<rtc::AsyncPacketSocket> socket, std::shared_ptr<Sockets> open)
      : ForwardingSocket(std::move(socket)), open_(std::move(open)) {
    open_->insert(this);
  }
  ~Socket() override { open_->erase(this); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  /// Every port that sends by it wants to hear of what was sent.
  bool isUsed() { return !SignalSentPacket.is_empty(); }

  /// Whether it was idle when this was called last, too.
  bool staysIdle(bool idle) { return std::exchange(wasIdle_, idle) && idle; }

 private:
  const std::shared_ptr<Sockets> open_;
  bool wasIdle_ = false;
};

IdleSockets::IdleSockets(std::function<Addresses()> ownAddresses)
    : ownAddresses_(std::move(ownAddresses)) {}

std::unique_ptr<rtc::AsyncPacketSocket> IdleSockets::watched(
    std::unique_ptr<rtc::AsyncPacketSocket> socket) {
  if (!socket) return nullptr;
  return std::make_unique<Socket>(std::move(socket), sockets_);
}

void IdleSockets::look() {
  if (sockets_->empty()) return;
  const auto own = ownAddresses_();
  if (!own) return;
  std::vector<Socket*> gone;
  for (auto* socket : *sockets_) {
    const auto address = socket->GetLocalAddress().ipaddr();
    const bool here =
        rtc::IPIsAny(address) || std::find(own->begin(), own->end(), address) != own->end();
    if (socket->staysIdle(!here && !socket->isUsed())) gone.push_back(socket);
  }
  for (auto* socket : gone) {
    log().debug("the socket at {} is closed: its network is gone",
                socket->GetLocalAddress().ToString());
    socket->release();
    sockets_->erase(socket);
  }
}

}  // namespace rtcpub::peer
