#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/limits/connection_table.h"
#include "core/session/server_features.h"
#include "net/connection_counts.h"
#include "net/event_loop.h"
#include "net/http_message.h"
#include "net/routes.h"
#include "net/web_socket_end.h"
#include "rtcpub/result.h"

namespace rtcpub::net {

/// The server's end of one WebSocket. Runs on: the loop's thread.
class WebSocketPeer {
 public:
  virtual ~WebSocketPeer() = default;
  /// Queues a text. A peer that doesn't read is closed when 4 MiB wait for it.
  virtual void send(std::string text) = 0;
  /// Sends what is queued, then closes.
  virtual void close() = 0;
  /// The client has shown itself to be of use: it is no longer among those that go when others
  /// want in.
  virtual void joined() = 0;
};

/// What one WebSocket brings; destroyed with the connection, after closed().
class WebSocketHandler {
 public:
  virtual ~WebSocketHandler() = default;
  virtual void opened(std::shared_ptr<WebSocketPeer> peer) = 0;
  virtual void text(std::string text) = 0;
  virtual void closed(const WebSocketEnd& end) = 0;
};

/// What somebody who wants a WebSocket gets.
struct WebSocketAcceptance {
  std::unique_ptr<WebSocketHandler> handler;
  std::string subprotocol = {};  ///< of those that were offered; empty: none
};

/// How many connections there may be, of one address and in all, by how far they have come. Beyond
/// these, those that have come no further for longest are cut.
struct ConnectionLimits {
  /// For each of: silent, in the handshake of TLS, in a request, idle between requests.
  ConnectionTable::Room unproven{.ofOneNetwork = 128, .inAll = 256};
  /// WebSockets that haven't joined.
  ConnectionTable::Room waiting{.ofOneNetwork = 256, .inAll = 512};
  /// WebSockets that have: the next one is answered 503. Many may sit behind one router.
  ConnectionTable::Room joined{.ofOneNetwork = 256, .inAll = 1000};
};

struct WebServerOptions {
  std::string listenAddress = "127.0.0.1";
  std::uint16_t port = 8267;  ///< 0 takes a free one
  std::string certificatePem;
  std::string privateKeyPem;
  /// Addresses and networks (`10.0.0.0/8`) of reverse proxies: what they say of their clients is
  /// believed, and they may do without TLS.
  std::vector<std::string> trustedProxies;
  /// By what the server may be called besides localhost, this machine's name and IP addresses. A
  /// page of another name that leads to loopback is refused (DNS rebinding).
  std::vector<std::string> names;
  std::size_t maxMessageBytes =
      1 << 20;  ///< a longer WebSocket message closes the connection (1009)
  ConnectionLimits limits;
  ServerFeatures features;  ///< told to whoever opens a WebSocket
  /// For the first request, TLS handshake included.
  std::chrono::milliseconds firstRequestLimit{10000};
  /// For each further request on a connection that is kept alive.
  std::chrono::milliseconds keepAliveLimit{30000};
  /// For a route's handler: whoever asks is told to try again after that.
  std::chrono::milliseconds answerLimit{10000};
};

/// A connection that speaks neither TLS nor HTTP, as somebody else's from now on.
struct OtherConnection {
  int descriptor = -1;                 ///< to be closed by whoever takes it
  std::vector<std::uint8_t> received;  ///< its first bytes, at least one
};

/// Called on the loop's thread.
struct WebServerRoutes {
  /// What isn't a WebSocket.
  std::vector<Route> http;
  /// For people who ask for what isn't there; a part of a sentence.
  std::string whereThingsAre = {};
  /// A WebSocket wants in: its handler, or the response that refuses it.
  std::function<tl::expected<WebSocketAcceptance, HttpResponse>(const HttpRequest&)> webSocket;
  /// Takes connections whose first byte is below those of TLS and HTTP: STUN, framed or not.
  /// Without it they are closed.
  std::function<void(OtherConnection)> other;
};

/// One TCP port for HTTP and WebSockets, over TLS and, for clients on this machine, also without it
/// (told apart by the first byte). Runs on: the loop's thread; create and destroy it from another
/// one.
class WebServer {
 public:
  /// Errors: kIo (the port is taken: says which), kInvalidArgument (address, proxy,
  /// certificate or key).
  static Result<std::unique_ptr<WebServer>> listen(EventLoop& loop, WebServerOptions options,
                                                   WebServerRoutes routes);
  ~WebServer();
  [[nodiscard]] std::uint16_t port() const;
  /// The loop's thread.
  [[nodiscard]] ConnectionCounts counts() const;
  /// New connections get this certificate from now on; those that are there keep theirs. Any
  /// thread. Errors: kInvalidArgument.
  Result<void> useCertificate(const std::string& certificatePem, const std::string& privateKeyPem);

 private:
  class Impl;
  explicit WebServer(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace rtcpub::net
