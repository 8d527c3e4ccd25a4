#include "net/connection.h"

#include <array>
#include <boost/beast/core/detect_ssl.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <exception>
#include <tuple>
#include <type_traits>
#include <utility>

#include "core/http_date.h"
#include "core/link_local.h"
#include "log/log.h"
#include "net/beast.h"
#include "net/web_socket_session.h"

namespace rtcpub::net {

namespace {

namespace http = beast::http;
using Request = http::request<http::string_body>;
using Response = http::response<http::string_body>;

constexpr std::uint32_t kMaxHeaderBytes = 16U << 10U;
constexpr std::uint64_t kMaxBodyBytes = 64U << 10U;
constexpr std::size_t kMaxDrainedBytes = 1U << 20U;
constexpr std::chrono::seconds kWriteLimit{60};
constexpr std::chrono::seconds kFarewellLimit{1};
constexpr std::chrono::milliseconds kStopPatience{500};

/// The handler's way to its session, which may be gone before it. Runs on: the loop's thread.
class Peer final : public WebSocketPeer {
 public:
  explicit Peer(std::weak_ptr<WebSocketSession> session) : session_(std::move(session)) {}

  void send(std::string text) override {
    if (auto session = session_.lock()) session->send(std::move(text));
  }

  void close() override {
    constexpr std::chrono::seconds kPatience{5};
    if (auto session = session_.lock()) {
      session->close(websocket::close_code::normal, "closed by the server", kPatience);
    }
  }

 private:
  std::weak_ptr<WebSocketSession> session_;
};

bool isHttpError(const error_code& error) {
  return error.category() == make_error_code(http::error::bad_method).category();
}

HttpResponse badRequest(const error_code& error) {
  if (error == http::error::header_limit) return errorResponse(431, "the header is too long");
  if (error == http::error::body_limit) return errorResponse(413, "the body is too long");
  return errorResponse(400, "not an HTTP request: " + error.message());
}

/// Methods are letters; STUN, and a frame of it, begin with a byte that is less than any (RFC 7983
/// section 7, RFC 4571).
bool speaksNoHttp(const beast::flat_buffer& buffer) {
  constexpr std::uint8_t kLeastOfTls = 20;
  return buffer.size() > 0 && *static_cast<const std::uint8_t*>(buffer.data().data()) < kLeastOfTls;
}

/// A header's values, joined where it came several times.
std::string joined(const Request& request, std::string_view name) {
  std::string text;
  const auto [begin, end] = request.equal_range(name);
  for (auto field = begin; field != end; ++field) {
    if (!text.empty()) text += ',';
    text += field->value();
  }
  return text;
}

std::string localAddress(const tcp::socket& socket) {
  error_code error;
  const auto endpoint = socket.local_endpoint(error);
  if (error) return {};
  return std::string(withoutZone(remoteAddress(endpoint.address().to_string()).text));
}

/// Headers that every answer has.
Response beginResponse(int status, unsigned version) {
  Response response;
  response.version(version);
  response.result(static_cast<unsigned>(status));
  response.set(http::field::server, "rtcpub");
  // An origin server with a clock must tell the time (RFC 9110 section 6.6.1).
  using std::chrono::system_clock;
  response.set(http::field::date, formatHttpDate(system_clock::to_time_t(system_clock::now())));
  response.set("X-Content-Type-Options", "nosniff");
  response.set("Referrer-Policy", "no-referrer");
  return response;
}

Response makeResponse(HttpResponse answer, unsigned version, bool keepAlive, bool headOnly) {
  Response response = beginResponse(answer.status, version);
  response.set(http::field::content_type, answer.contentType);
  for (const auto& [name, value] : answer.headers) response.set(name, value);
  response.keep_alive(keepAlive);
  response.content_length(answer.body.size());
  if (!headOnly) response.body() = std::move(answer.body);
  return response;
}

/// What `decide` returns; when it throws, an answer that says so.
template <class Decide>
auto guarded(const std::string& target, Decide decide) -> decltype(decide()) {
  try {
    return decide();
  } catch (const std::exception& error) {
    log().error("answering {} failed: {}", target, error.what());
  }
  HttpResponse response = errorResponse(500, "internal error");
  if constexpr (std::is_same_v<decltype(decide()), HttpResponse>) {
    return response;
  } else {
    return tl::unexpected(std::move(response));
  }
}

}  // namespace

/// Runs on: the loop's thread.
class Connection::Serving {
 public:
  Serving(std::shared_ptr<ServerContext> server, tcp::socket socket, RemoteAddress remote)
      : server_(std::move(server)),
        remote_(std::move(remote)),
        local_(localAddress(socket)),
        accepted_(std::make_shared<PlainStream>(std::move(socket))) {}

  asio::awaitable<void> run() {
    stopBy(accepted_);
    accepted_->expires_after(server_->options.firstRequestLimit);
    beast::flat_buffer buffer;
    const auto [error, tls] = co_await beast::async_detect_ssl(*accepted_, buffer, kAwait);
    if (error) {
      log().debug("{} said nothing: {}", remote_.text, error.message());
    } else if (tls) {
      co_await serveTls(std::move(buffer));
    } else if (speaksNoHttp(buffer)) {
      handOver(buffer);
    } else {
      mayServe_ = remote_.loopback || server_->trusted.contains(remote_.text);
      co_await serveHttp(std::move(accepted_), std::move(buffer));
    }
  }

  void stop() {
    if (stop_) stop_();
  }

 private:
  using Admission = tl::expected<std::unique_ptr<WebSocketHandler>, HttpResponse>;

  template <class Stream>
  void stopBy(const std::shared_ptr<Stream>& stream) {
    stop_ = [weak = std::weak_ptr(stream)] {
      if (auto open = weak.lock()) beast::get_lowest_layer(*open).close();
    };
  }

  void handOver(const beast::flat_buffer& buffer) {
    if (!server_->routes.other) return;
    const auto* bytes = static_cast<const std::uint8_t*>(buffer.data().data());
    std::vector<std::uint8_t> received(bytes, bytes + buffer.size());
    error_code error;
    const int descriptor = accepted_->release_socket().release(error);
    if (!error) server_->routes.other({descriptor, std::move(received)});
  }

  asio::awaitable<void> serveTls(beast::flat_buffer buffer) {
    auto stream = std::make_shared<TlsStream>(std::move(*accepted_), server_->tls);
    stopBy(stream);
    const auto [error, used] =
        co_await stream->async_handshake(asio::ssl::stream_base::server, buffer.data(), kAwait);
    if (error) {
      log().debug("TLS handshake with {}: {}", remote_.text, error.message());
      co_return;
    }
    buffer.consume(used);
    co_await serveHttp(std::move(stream), std::move(buffer));
  }

  template <class Stream>
  asio::awaitable<void> serveHttp(std::shared_ptr<Stream> stream, beast::flat_buffer buffer) {
    bool more = true;
    while (more) {
      http::request_parser<http::string_body> parser;
      parser.header_limit(kMaxHeaderBytes);
      parser.body_limit(kMaxBodyBytes);
      const auto [error, size] = co_await http::async_read(*stream, buffer, parser, kAwait);
      if (error == http::error::end_of_stream) break;
      if (error && !isHttpError(error)) co_return;
      Response response;
      if (error) {
        log().info("{}: bad request: {}", remote_.text, error.message());
        response = makeResponse(badRequest(error), 11, false, false);
      } else {
        const Request request = parser.release();
        auto handler = admit(request);
        if (handler) {
          co_await serveWebSocket(std::move(stream), request, std::move(*handler));
          co_return;
        }
        response =
            makeResponse(std::move(handler.error()), request.version(),
                         mayServe_ && request.keep_alive(), request.method() == http::verb::head);
      }
      more = co_await answer(*stream, std::move(response));
    }
    co_await sayFarewell(*stream);
  }

  /// Whether the connection may be used further.
  template <class Stream>
  asio::awaitable<bool> answer(Stream& stream, Response response) {
    beast::get_lowest_layer(stream).expires_after(kWriteLimit);
    const auto [error, size] = co_await http::async_write(stream, response, kAwait);
    beast::get_lowest_layer(stream).expires_after(server_->options.keepAliveLimit);
    co_return !error && response.keep_alive();
  }

  /// Reads what still comes, since closing a socket with unread data would take the answer back
  /// from a peer that hasn't seen it yet.
  template <class Stream>
  asio::awaitable<void> sayFarewell(Stream& stream) {
    auto& socket = beast::get_lowest_layer(stream);
    socket.expires_after(kFarewellLimit);
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      const auto [error] = co_await stream.async_shutdown(kAwait);
      if (error == beast::error::timeout) co_return;
    }
    error_code error;
    socket.socket().shutdown(tcp::socket::shutdown_send, error);
    std::array<char, 4096> ignored{};
    for (std::size_t drained = 0, size = 0; !error && drained < kMaxDrainedBytes; drained += size) {
      std::tie(error, size) = co_await socket.async_read_some(asio::buffer(ignored), kAwait);
    }
  }

  [[nodiscard]] HttpRequest describe(const Request& request) const {
    auto described =
        net::describe({.method = request.method_string(),
                       .target = request.target(),
                       .host = request[http::field::host],
                       .origin = request.count(http::field::origin) > 0
                                     ? std::optional<std::string_view>(request[http::field::origin])
                                     : std::nullopt,
                       .forwardedFor = joined(request, "X-Forwarded-For"),
                       .forwardedHost = joined(request, "X-Forwarded-Host"),
                       .forwardedProto = joined(request, "X-Forwarded-Proto")},
                      remote_, server_->trusted);
    described.localAddress = local_;
    return described;
  }

  /// The handler of a WebSocket, or the answer to everything else.
  Admission admit(const Request& request) const {
    if (!mayServe_) {
      return tl::unexpected(errorResponse(400, "this port speaks TLS: use https:// or wss://"));
    }
    const HttpRequest described = describe(request);
    log().debug("{} {} {}", described.remoteAddress, described.method, described.target);
    if (!websocket::is_upgrade(request)) {
      return tl::unexpected(
          guarded(described.target, [&] { return server_->routes.http(described); }));
    }
    if (described.browser) {
      const auto problem = originProblem(request[http::field::origin], described);
      if (!problem.empty()) {
        server_->otherSites.warn(described.remoteAddress + ": " + problem, monotonicNow());
        return tl::unexpected(errorResponse(403, problem));
      }
    }
    return guarded(described.target, [&] { return server_->routes.webSocket(described); });
  }

  template <class Stream>
  asio::awaitable<void> serveWebSocket(std::shared_ptr<Stream> stream, const Request& request,
                                       std::unique_ptr<WebSocketHandler> handler) {
    auto socket = std::make_shared<WebSocketStream<Stream>>(std::move(*stream));
    stopBy(socket);
    prepareWebSocket(*socket, server_->options.maxMessageBytes);
    socket->set_option(websocket::stream_base::decorator(
        [features = format(server_->options.features)](websocket::response_type& response) {
          response.set(http::field::server, "rtcpub");
          if (!features.empty()) response.set(std::string(kFeaturesField), features);
        }));
    const auto [error] = co_await socket->async_accept(request, kAwait);
    if (error) {
      log().info("{}: WebSocket refused: {}", remote_.text, error.message());
      co_return;
    }
    const auto session = openSession(std::move(socket));
    stop_ = [weak = std::weak_ptr(session)] {
      if (auto open = weak.lock()) {
        open->close(websocket::close_code::going_away, "the server stops", kStopPatience);
      }
    };
    const auto safely = [&](auto call) { callHandler(*session, call); };
    safely([&] { handler->opened(std::make_shared<Peer>(session)); });
    const WebSocketEnd end = co_await session->run(
        [&](std::string text) { safely([&] { handler->text(std::move(text)); }); });
    safely([&] { handler->closed(end); });
  }

  template <class Call>
  void callHandler(WebSocketSession& session, Call call) const {
    try {
      call();
    } catch (const std::exception& error) {
      log().error("the WebSocket of {} failed: {}", remote_.text, error.what());
      session.close(websocket::close_code::internal_error, "internal error", kStopPatience);
    }
  }

  std::shared_ptr<ServerContext> server_;
  RemoteAddress remote_;
  std::string local_;
  std::shared_ptr<PlainStream> accepted_;
  bool mayServe_ = true;  ///< false: it talks without TLS from another machine
  std::function<void()> stop_;
};

Connection::Connection(std::shared_ptr<ServerContext> server, tcp::socket socket,
                       RemoteAddress remote)
    : serving_(std::make_unique<Serving>(std::move(server), std::move(socket), std::move(remote))) {
}

Connection::~Connection() = default;

asio::awaitable<void> Connection::run() { return serving_->run(); }

void Connection::stop() { serving_->stop(); }

}  // namespace rtcpub::net
