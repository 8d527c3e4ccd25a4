#pragma once

#include <functional>
#include <memory>

#include "app/client/client_setup.h"
#include "core/session/session.h"
#include "net/event_loop.h"

namespace rtcpub {

/// One connection to a server for what is said about the media, whatever carries it. What the
/// server says comes as the session's events, on the loop.
/// Runs on: the signalling loop (create, call and destroy it there).
class ServerLink {
 public:
  ServerLink() = default;
  ServerLink(const ServerLink&) = delete;
  ServerLink& operator=(const ServerLink&) = delete;
  /// Cuts the connection without a farewell; no event comes after it.
  virtual ~ServerLink() = default;

  virtual void send(const session::ToServer& what) = 0;
  /// Says farewell after what was sent, and calls `done` when the server has heard it, or doesn't
  /// for long. No event comes after it.
  virtual void close(std::function<void()> done) = 0;
  /// Whether this machine still has the address from which it is connected; true when it isn't yet.
  [[nodiscard]] virtual bool hasLocalAddress() const = 0;
};

using SessionEvents = std::function<void(const session::Event&)>;

/// How long a connection may take to be made, in all.
inline constexpr std::chrono::seconds kConnectLimit{8};

/// Starts to connect by Spider's WebSocket.
std::unique_ptr<ServerLink> dialSpider(net::EventLoop& loop, const ClientSetup& setup,
                                       SessionEvents events,
                                       std::chrono::milliseconds limit = kConnectLimit);

}  // namespace rtcpub
