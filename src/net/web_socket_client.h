#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/address/key_fingerprint.h"
#include "core/address/server_url.h"
#include "core/session/server_features.h"
#include "net/event_loop.h"
#include "rtcpub/result.h"

namespace rtcpub::net {

struct WebSocketClientOptions {
  ServerUrl server;
  std::string target;     ///< "/live/ws/pub?channel=…"
  std::string token{};    ///< by which the server knows the client (RFC 6750); empty: none
  std::string caFile;     ///< trusted besides the system's; empty: none
  bool insecure = false;  ///< accept any certificate
  /// The server's: the only thing that counts then, whatever else is trusted or isn't.
  std::optional<KeyFingerprint> fingerprint{};
  std::chrono::milliseconds connectLimit{8000};  ///< for name, TCP, TLS and upgrade in all
  /// For TCP alone: a lost SYN goes out again after 1 s, then only after 3 s more.
  std::chrono::milliseconds tcpLimit{2000};
};

/// Why a WebSocket was not opened.
struct ConnectFailure {
  Error error;
  bool heard = true;    ///< there was an answer, a refusal say; without one the network is silent
  unsigned status = 0;  ///< of HTTP, when the server refused; 0: it did not
  std::string code{};   ///< its one word for why, as "expired"; empty: it has none
  /// After which the server wants to be asked again.
  std::optional<std::chrono::seconds> retryAfter{};
};

/// Called on the loop's thread.
struct WebSocketClientEvents {
  std::function<void(ServerFeatures)> opened;
  std::function<void(ConnectFailure)> failed;  ///< not opened: nothing more comes
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
  /// Cuts the connection without a farewell; no event comes after it.
  ~WebSocketClient();

  void send(std::string text);

  /// Says farewell (a close frame, code 1000) after what is queued, and calls `done` when the other
  /// side has answered, or doesn't within half a second. No event comes after it.
  void close(std::function<void()> done);

  /// Whether this machine still has the address from which it is connected; true when it isn't yet.
  [[nodiscard]] bool hasLocalAddress() const;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace rtcpub::net
