#pragma once

#include <memory>
#include <string>

#include "net/byte_stream.h"
#include "net/connections.h"
#include "net/http_response.h"
#include "net/pending_answer.h"
#include "net/request_reader.h"
#include "net/served_web_socket.h"
#include "net/server_context.h"

namespace rtcpub::net {

/// Who is at the other end of a connection, and where.
struct Ends {
  RemoteAddress remote;
  std::string local;  ///< this machine's address, without a zone
};

/// Answers the requests of one connection, one after the other, until it is over or a WebSocket
/// takes it. Runs on: the loop's thread.
class HttpService {
 public:
  HttpService(std::shared_ptr<ServerContext> server, Connections::Id id, ByteStream stream,
              Ends ends);

  /// `reader`: of the same stream. `welcome`: may be served; others are told to use TLS.
  asio::awaitable<void> serve(RequestReader& reader, bool welcome);
  /// Ends it: a WebSocket says so to its peer and has half a second for that.
  void stop();
  /// Ends it at once.
  void cut();

 private:
  /// Whether the connection may be used further.
  using GoesOn = asio::awaitable<bool>;

  GoesOn serveOne(RequestReader& reader, bool welcome);
  GoesOn serveRoute(RequestReader& reader, const RequestHead& head, HttpRequest request);
  GoesOn serveWebSocket(const RequestHead& head, const HttpRequest& request);
  asio::awaitable<tl::expected<std::string, Unread>> readBody(RequestReader& reader,
                                                              const RequestHead& head,
                                                              std::size_t most);
  asio::awaitable<std::optional<HttpResponse>> ask(const Route& route, const HttpRequest& request);
  GoesOn answer(const HttpResponse& response, ResponseForm form);

  [[nodiscard]] HttpRequest describe(const RequestHead& head) const;
  [[nodiscard]] std::optional<HttpResponse> refuse(const HttpRequest& request);
  tl::expected<WebSocketAcceptance, HttpResponse> admit(const HttpRequest& request);
  HttpResponse refuseOtherSite(const HttpRequest& request, const std::string& problem);

  std::shared_ptr<ServerContext> server_;
  const Connections::Id id_;
  ByteStream stream_;
  const Ends ends_;
  PendingAnswer* pending_ = nullptr;  ///< what is waited for
  ServedWebSocket webSocket_;
};

}  // namespace rtcpub::net
