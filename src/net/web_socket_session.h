#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "net/asio.h"
#include "net/web_socket_end.h"

namespace rtcpub::net {

/// Why this side closes (RFC 6455 section 7.4.1).
enum class CloseCode : std::uint16_t {
  kNormal = 1000,
  kGoingAway = 1001,
  kUnknownData = 1003,
  kInternalError = 1011
};

/// One open WebSocket, at either end: reads texts, queues what is to be sent, closes. Runs on: the
/// loop's thread.
class WebSocketSession {
 public:
  using OnText = std::function<void(std::string)>;
  using Patience = std::chrono::milliseconds;

  /// What may wait to be sent before a peer counts as one that doesn't read.
  static constexpr std::size_t kMaxQueuedBytes = 4U << 20U;

  virtual ~WebSocketSession() = default;

  /// Gives each text to `onText` until the connection is gone; returns how it went.
  virtual asio::awaitable<WebSocketEnd> run(OnText onText) = 0;
  /// Queues a text.
  virtual void send(std::string text) = 0;
  /// Sends what is queued, then a close frame; cuts the connection when that, or the other side's
  /// answer, takes longer than `patience`, of several calls the least. No text is given out any
  /// more.
  virtual void close(CloseCode code, const std::string& reason, Patience patience) = 0;
};

}  // namespace rtcpub::net
