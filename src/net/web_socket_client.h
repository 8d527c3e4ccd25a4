#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "core/server_url.h"
#include "net/event_loop.h"
#include "rtcpub/result.h"

namespace rtcpub::net {

struct WebSocketClientOptions {
  ServerUrl server;
  std::string target;                             ///< "/live/ws/pub?channel=…"
  std::string caFile;                             ///< trusted besides the system's; empty: none
  bool insecure = false;                          ///< accept any certificate
  std::chrono::milliseconds connectLimit{10000};  ///< for name, TCP, TLS and upgrade in all
};

/// Called on the loop's thread.
struct WebSocketClientEvents {
  std::function<void()> opened;
  std::function<void(Error)> failed;  ///< not opened: nothing more comes
  std::function<void(std::string)> text;
  std::function<void(std::string reason)>
      closed;  ///< by the other side or the network: nothing more comes
};

/// One WebSocket connection as a client. Runs on: the loop's thread (create, call and destroy it
/// there).
class WebSocketClient {
 public:
  /// Starts to connect.
  WebSocketClient(EventLoop& loop, WebSocketClientOptions options, WebSocketClientEvents events);
  /// Closes; no event comes after it.
  ~WebSocketClient();

  void send(std::string text);

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace rtcpub::net
