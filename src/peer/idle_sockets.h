#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "rtc_base/async_packet_socket.h"
#include "rtc_base/ip_address.h"

namespace rtcpub::peer {

/// Closes UDP sockets of networks that are gone. libwebrtc keeps one for each network that it ever
/// saw, for as long as the peer connection lives: the socket is shared by the ports of a network,
/// and when they are destroyed it stays.
/// Runs on: the engine's network thread.
class IdleSockets {
 public:
  using Addresses = std::optional<std::vector<rtc::IPAddress>>;

  /// `ownAddresses` are this machine's when it is called; nothing if they aren't known.
  explicit IdleSockets(std::function<Addresses()> ownAddresses);

  /// The socket, which is closed at need; it may outlive this. Null if it is.
  std::unique_ptr<rtc::AsyncPacketSocket> watched(std::unique_ptr<rtc::AsyncPacketSocket> socket);
  /// Closes those whose address this machine doesn't have, if no port sends by them any more, now
  /// and at the last look: for one that has just been made the port follows.
  void look();

 private:
  class Socket;
  using Sockets = std::set<Socket*>;

  const std::function<Addresses()> ownAddresses_;
  /// Those that aren't closed.
  const std::shared_ptr<Sockets> sockets_ = std::make_shared<Sockets>();
};

}  // namespace rtcpub::peer
