#include "net/connection.h"

#include <unistd.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

#include "core/address/link_local.h"
#include "log/log.h"
#include "net/byte_stream.h"
#include "net/http_io.h"
#include "net/http_response.h"
#include "net/web_socket_accept.h"
#include "net/web_socket_session.h"

namespace rtcpub::net {

namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using Request = http::request<http::string_body>;

constexpr std::size_t kFirstBytes = 8U << 10U;
constexpr std::uint32_t kMaxHeaderBytes = 16U << 10U;
constexpr std::size_t kMaxTargetBytes = 4U << 10U;
constexpr std::uint64_t kMaxBodyBytes = 64U << 10U;
constexpr std::size_t kMaxDrainedBytes = 1U << 20U;
constexpr std::chrono::seconds kWriteLimit{60};
constexpr std::chrono::seconds kFarewellLimit{1};
constexpr std::chrono::milliseconds kStopPatience{500};

/// The handler's way to its session, which may be gone before it. Runs on: the loop's thread.
class Peer final : public WebSocketPeer {
 public:
  Peer(std::weak_ptr<WebSocketSession> session, std::shared_ptr<ServerContext> server,
       Connections::Id connection)
      : session_(std::move(session)), server_(std::move(server)), connection_(connection) {}

  void send(std::string text) override {
    if (auto session = session_.lock()) session->send(std::move(text));
  }

  void close() override {
    constexpr std::chrono::seconds kPatience{5};
    if (auto session = session_.lock()) {
      session->close(CloseCode::kNormal, "closed by the server", kPatience);
    }
  }

  void joined() override { server_->connections.reached(connection_, Phase::kJoined); }

 private:
  std::weak_ptr<WebSocketSession> session_;
  std::shared_ptr<ServerContext> server_;
  Connections::Id connection_;
};

using Parser = http::request_parser<http::string_body>;

/// The answer to a request that could not be read; nothing if its client is gone.
std::optional<HttpResponse> badRequest(const error_code& error, const Parser& parser) {
  if (error == beast::error::timeout) return errorResponse(408, "the request took too long");
  if (error == http::error::header_limit) {
    return parser.get().target().empty() ? errorResponse(414, "the address is too long")
                                         : errorResponse(431, "the header is too long");
  }
  if (error == http::error::body_limit) return errorResponse(413, "the body is too long");
  if (error.category() != make_error_code(http::error::bad_method).category()) return std::nullopt;
  return errorResponse(400, "not an HTTP request: " + error.message());
}

/// What is wrong with the head of a request that could be read.
std::optional<HttpResponse> badHead(const Request& request) {
  if (request.target().size() > kMaxTargetBytes) {
    return errorResponse(414, "the address is too long");
  }
  // RFC 9112 section 3.2: two would let two readers see two servers.
  const auto hosts = request.count(http::field::host);
  if (hosts > 1 || (hosts == 0 && request.version() >= 11)) {
    return errorResponse(400, "a request needs one Host header");
  }
  // RFC 9112 section 6.1: where such a body ends can't be told.
  if (request.count(http::field::transfer_encoding) > 0 && !request.chunked()) {
    return errorResponse(400, "of transfer encodings only chunked is understood here");
  }
  return std::nullopt;
}

/// What a connection's first byte says of it: a handshake of TLS begins with 22; STUN, and a frame
/// of it, with a byte that is less than any of TLS; methods are letters (RFC 7983 section 7, RFC
/// 4571).
enum class Opening { kTls, kHttp, kOther };

Opening openingOf(const beast::flat_buffer& buffer) {
  constexpr std::uint8_t kHandshake = 22;
  constexpr std::uint8_t kLeastOfTls = 20;
  const auto first = *static_cast<const std::uint8_t*>(buffer.data().data());
  if (first == kHandshake) return Opening::kTls;
  return first < kLeastOfTls ? Opening::kOther : Opening::kHttp;
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

/// By which it may be called: what it was told, and what this machine calls itself.
std::vector<std::string> namesOfServer(std::vector<std::string> names) {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) == 0) {
    names.emplace_back(name.data());
    names.push_back(names.back() + ".local");
  }
  return names;
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
  Serving(std::shared_ptr<ServerContext> server, Connections::Id id, tcp::socket socket,
          RemoteAddress remote)
      : server_(std::move(server)),
        id_(id),
        remote_(std::move(remote)),
        local_(localAddress(socket)),
        stream_(std::move(socket)) {}

  void start(std::function<void()> ended) {
    asio::co_spawn(stream_.get_executor(), run(),
                   [ended = std::move(ended)](const std::exception_ptr& failure) {
                     try {
                       if (failure) std::rethrow_exception(failure);
                     } catch (const std::exception& error) {
                       log().error("a connection failed: {}", error.what());
                     }
                     ended();
                   });
  }

  void stop() {
    if (session_) {
      session_->close(CloseCode::kGoingAway, "the server stops", kStopPatience);
    } else {
      stream_.close();
    }
  }

  void cut() { stream_.close(); }

 private:
  using Admission = tl::expected<std::unique_ptr<WebSocketHandler>, HttpResponse>;

  asio::awaitable<void> run() {
    stream_.expireAfter(server_->options.firstRequestLimit);
    beast::flat_buffer buffer;
    if (const error_code error = co_await readSome(buffer)) {
      log().debug("{} said nothing: {}", remote_.text, error.message());
      co_return;
    }
    switch (openingOf(buffer)) {
      case Opening::kTls:
        reached(Phase::kSecuring);
        if (co_await startTls(buffer)) co_await serveHttp({});
        break;
      case Opening::kOther:
        handOver(buffer);
        break;
      case Opening::kHttp:
        mayServe_ = remote_.loopback || server_->trusted.contains(remote_.text);
        co_await serveHttp(std::move(buffer));
    }
  }

  void reached(Phase phase) { server_->connections.reached(id_, phase); }

  asio::awaitable<error_code> readSome(beast::flat_buffer& buffer) {
    const auto [error, size] = co_await stream_.read(buffer.prepare(kFirstBytes));
    buffer.commit(size);
    co_return error;
  }

  void handOver(const beast::flat_buffer& buffer) {
    if (!server_->routes.other) return;
    const auto* bytes = static_cast<const std::uint8_t*>(buffer.data().data());
    std::vector<std::uint8_t> received(bytes, bytes + buffer.size());
    error_code error;
    const int descriptor = stream_.socket().release(error);
    if (!error) server_->routes.other({descriptor, std::move(received)});
  }

  asio::awaitable<bool> startTls(const beast::flat_buffer& received) {
    stream_.secure(server_->tls);
    const auto bytes = received.data();
    const error_code error = co_await stream_.handshake(
        ByteStream::Side::kServer, {static_cast<const char*>(bytes.data()), bytes.size()});
    if (error) log().debug("TLS handshake with {}: {}", remote_.text, error.message());
    co_return !error;
  }

  asio::awaitable<void> serveHttp(beast::flat_buffer buffer) {
    bool more = true;
    while (more) {
      if (buffer.size() == 0) {
        reached(Phase::kIdle);
        const error_code error = co_await readSome(buffer);
        if (error == asio::error::eof) break;
        if (error) co_return;
      }
      reached(Phase::kAsking);
      Parser parser;
      parser.header_limit(kMaxHeaderBytes);
      parser.body_limit(kMaxBodyBytes);
      if (const error_code error = co_await readMessage(stream_, buffer, parser)) {
        const auto refusal = badRequest(error, parser);
        if (!refusal) co_return;
        log().info("{}: bad request: {}", remote_.text, error.message());
        more = co_await answer(*refusal, {});
        continue;
      }
      const Request request = parser.release();
      if (const auto refusal = badHead(request)) {
        more = co_await answer(*refusal, {.version = request.version(),
                                          .headOnly = request.method() == http::verb::head});
        continue;
      }
      auto handler = admit(request);
      if (handler) {
        co_await serveWebSocket(request, std::move(*handler));
        co_return;
      }
      more = co_await answer(handler.error(), {.version = request.version(),
                                               .keepAlive = mayServe_ && request.keep_alive(),
                                               .headOnly = request.method() == http::verb::head});
    }
    stream_.expireAfter(kFarewellLimit);
    co_await stream_.shutDown(kMaxDrainedBytes);
  }

  /// Whether the connection may be used further.
  asio::awaitable<bool> answer(const HttpResponse& response, ResponseForm form) {
    using std::chrono::system_clock;
    const std::string text =
        formatResponse(response, form, system_clock::to_time_t(system_clock::now()));
    stream_.expireAfter(kWriteLimit);
    const error_code error = co_await stream_.writeAll(text);
    stream_.expireAfter(server_->options.keepAliveLimit);
    co_return !error && form.keepAlive;
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
  Admission admit(const Request& request) {
    if (!mayServe_) {
      return tl::unexpected(errorResponse(400, "this port speaks TLS: use https:// or wss://"));
    }
    const HttpRequest described = describe(request);
    log().debug("{} {} {}", described.remoteAddress, described.method, described.target);
    if (const auto problem = hostProblem(described, server_->names); !problem.empty()) {
      return tl::unexpected(refuseOtherSite(described, problem));
    }
    if (!beast::websocket::is_upgrade(request)) {
      return tl::unexpected(
          guarded(described.target, [&] { return server_->routes.http(described); }));
    }
    return admitWebSocket(request, described);
  }

  Admission admitWebSocket(const Request& request, const HttpRequest& described) {
    if (described.browser) {
      const auto problem = originProblem(request[http::field::origin], described);
      if (!problem.empty()) return tl::unexpected(refuseOtherSite(described, problem));
    }
    const auto problem = server_->connections.webSocketProblem(described.remoteAddress);
    if (!problem.empty()) {
      HttpResponse refusal = errorResponse(503, problem);
      refusal.headers.emplace_back("Retry-After", "10");
      return tl::unexpected(std::move(refusal));
    }
    client_ = described.remoteAddress;
    return guarded(described.target, [&] { return server_->routes.webSocket(described); });
  }

  HttpResponse refuseOtherSite(const HttpRequest& described, const std::string& problem) {
    server_->otherSites.warn(described.remoteAddress + ": " + problem, monotonicNow());
    return errorResponse(403, problem);
  }

  asio::awaitable<void> serveWebSocket(const Request& request,
                                       std::unique_ptr<WebSocketHandler> handler) {
    const auto accepted = co_await acceptWebSocket(
        stream_, request, server_->options.maxMessageBytes, server_->options.features);
    if (!accepted.session) {
      log().info("{}: WebSocket refused: {}", remote_.text, accepted.error.message());
      co_return;
    }
    session_ = accepted.session;
    server_->connections.reachedWaiting(id_, client_);
    const auto safely = [&](auto call) { callHandler(call); };
    safely([&] { handler->opened(std::make_shared<Peer>(session_, server_, id_)); });
    const WebSocketEnd end = co_await session_->run(
        [&](std::string text) { safely([&] { handler->text(std::move(text)); }); });
    safely([&] { handler->closed(end); });
  }

  template <class Call>
  void callHandler(Call call) const {
    try {
      call();
    } catch (const std::exception& error) {
      log().error("the WebSocket of {} failed: {}", remote_.text, error.what());
      session_->close(CloseCode::kInternalError, "internal error", kStopPatience);
    }
  }

  std::shared_ptr<ServerContext> server_;
  const Connections::Id id_;
  RemoteAddress remote_;
  std::string local_;
  std::string client_;  ///< of the WebSocket: the address, which a proxy may have named
  ByteStream stream_;
  std::shared_ptr<WebSocketSession> session_;  ///< null until it is a WebSocket
  bool mayServe_ = true;                       ///< false: it talks without TLS from another machine
};

ServerContext::ServerContext(WebServerOptions given, WebServerRoutes theRoutes,
                             asio::ssl::context theTls, TrustedProxies proxies)
    : options(std::move(given)),
      routes(std::move(theRoutes)),
      tls(std::move(theTls)),
      trusted(std::move(proxies)),
      names(namesOfServer(options.names)),
      connections(options.limits, trusted) {}

Connection::Connection(std::shared_ptr<ServerContext> server, Connections::Id id,
                       tcp::socket socket, RemoteAddress remote)
    : serving_(
          std::make_unique<Serving>(std::move(server), id, std::move(socket), std::move(remote))) {}

Connection::~Connection() = default;

void Connection::start(std::function<void()> ended) { serving_->start(std::move(ended)); }

void Connection::stop() { serving_->stop(); }

void Connection::cut() { serving_->cut(); }

}  // namespace rtcpub::net
