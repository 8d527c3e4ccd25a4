#include "net/web_socket_client.h"

#include <openssl/ssl.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ssl/verify_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "core/address/host_port.h"
#include "core/address/link_local.h"
#include "net/byte_stream.h"
#include "net/client_errors.h"
#include "net/event_loop_impl.h"
#include "net/tcp_dialer.h"
#include "net/tcp_options.h"
#include "net/tls_context.h"
#include "net/web_socket_handshake.h"
#include "net/zone.h"

namespace rtcpub::net {

namespace {

using Clock = std::chrono::steady_clock;
using SessionPtr = std::shared_ptr<WebSocketSession>;

constexpr std::size_t kMaxMessageBytes = 1U << 20U;
constexpr std::chrono::milliseconds kClosePatience{500};

}  // namespace

/// Runs on: the loop's thread. Kept alive by its own coroutine.
class WebSocketClient::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(asio::io_context& context, WebSocketClientOptions options, WebSocketClientEvents events)
      : context_(context),
        options_(std::move(options)),
        events_(std::move(events)),
        url_(format(options_.server)),
        resolver_(context),
        dialer_(context),
        limit_(context) {}

  void start() {
    deadline_ = Clock::now() + options_.connectLimit;
    limit_.expires_at(deadline_);
    limit_.async_wait([weak = weak_from_this()](const error_code& error) {
      if (auto self = weak.lock(); self && !error) self->timeOut();
    });
    asio::co_spawn(context_, connectAndRun(shared_from_this()), asio::detached);
  }

  /// No event comes after it.
  void stop() {
    over_ = true;
    limit_.cancel();
    if (!closing_) cut();
  }

  void close(std::function<void()> done) {
    over_ = true;
    limit_.cancel();
    if (!session_) {
      cut();
      return asio::post(context_, std::move(done));
    }
    closing_ = std::move(done);
    session_->close(CloseCode::kNormal, "", kClosePatience);
  }

  [[nodiscard]] bool hasLocalAddress() const { return !local_ || hasAddress(*local_); }

  void send(std::string text) {
    if (session_) session_->send(std::move(text));
  }

 private:
  /// Static, so that what it runs on is certainly alive.
  static asio::awaitable<void> connectAndRun(std::shared_ptr<Impl> self) {
    // What fails at once is told later all the same: whoever starts a client doesn't hold it yet.
    co_await asio::post(self->context_, kAwait);
    if (self->over_) co_return;
    Result<SessionPtr> opened = co_await self->connect();
    if (self->over_) co_return;
    self->limit_.cancel();
    if (!opened) {
      self->report(std::move(opened.error()));
      co_return;
    }
    self->session_ = std::move(*opened);
    self->events_.opened(self->features_);
    const WebSocketEnd end = co_await self->session_->run([&self](std::string text) {
      if (!self->over_) self->events_.text(std::move(text));
    });
    self->session_.reset();
    if (self->closing_) self->closing_();
    if (!std::exchange(self->over_, true)) self->events_.closed(end.reason);
  }

  /// Doesn't wait for what is under way: a name may be looked up for longer than anyone waits.
  void timeOut() {
    cut();
    report(noAnswer(url_));
  }

  void report(Error error) {
    if (std::exchange(over_, true)) return;
    ConnectFailure failure = std::move(refusal_);
    failure.error = std::move(error);
    failure.heard = heard_;
    events_.failed(std::move(failure));
  }

  /// Ends what is under way.
  void cut() {
    resolver_.cancel();
    dialer_.cut();
    if (stream_) stream_->close();
  }

  asio::awaitable<Result<SessionPtr>> connect() {
    auto endpoints = co_await resolve();
    if (!endpoints) co_return tl::unexpected(std::move(endpoints.error()));
    auto connected = co_await connectTcp(*endpoints);
    if (!connected) co_return tl::unexpected(std::move(connected.error()));
    if (options_.server.tls) {
      auto secured = co_await startTls();
      if (!secured) co_return tl::unexpected(std::move(secured.error()));
    }
    co_return co_await openWebSocket();
  }

  asio::awaitable<Result<std::vector<tcp::endpoint>>> resolve() {
    const std::string& host = options_.server.host;
    const std::uint16_t port = options_.server.port;
    std::vector<tcp::endpoint> endpoints;
    error_code notAnAddress;
    const auto address = asio::ip::make_address(host, notAnAddress);
    if (!interfaceOf(host)) {
      heard_ = false;  // it may be plugged in later
      co_return tl::unexpected(noInterface(url_, host));
    }
    if (!notAnAddress) {
      endpoints.emplace_back(address, port);
      co_return endpoints;
    }
    const auto [error, found] =
        co_await resolver_.async_resolve(host, std::to_string(port), kAwait);
    if (error) {
      heard_ = error == asio::error::host_not_found || error == asio::error::no_data;
      co_return tl::unexpected(nameNotFound(url_, host, error));
    }
    for (const auto& entry : found) endpoints.push_back(entry.endpoint());
    co_return interleaved(endpoints);
  }

  asio::awaitable<Result<void>> connectTcp(const std::vector<tcp::endpoint>& endpoints) {
    auto [socket, error, heard] = co_await dialer_.connect(endpoints, options_.tcpLimit);
    heard_ = socket || heard;
    if (!socket) co_return tl::unexpected(notConnected(url_, error));
    local_ = prepareTcp(*socket);
    stream_.emplace(std::move(*socket));
    co_return Result<void>();
  }

  asio::awaitable<Result<void>> startTls() {
    const bool anybody = options_.insecure || options_.fingerprint;
    auto context = clientTlsContext(options_.caFile, anybody);
    if (!context) co_return tl::unexpected(std::move(context.error()));
    stream_->secure(*context);
    expectHost(stream_->tls(), options_.server.host);
    CertificateVerdict verdict{.host = options_.server.host};
    stream_->onVerify([&verdict, anybody](bool trusted, asio::ssl::verify_context& verification) {
      if (!anybody) noteProblem(verdict, trusted, verification.native_handle());
      return trusted;
    });
    const error_code error = co_await stream_->handshake(ByteStream::Side::kClient);
    if (error) co_return tl::unexpected(tlsFailed(url_, error, verdict));
    if (!options_.fingerprint) co_return Result<void>();
    co_return checkKey(stream_->tls(), *options_.fingerprint, url_);
  }

  asio::awaitable<Result<SessionPtr>> openWebSocket() {
    const std::string host =
        formatHostPort(withoutZone(options_.server.host), options_.server.port);
    auto outcome = co_await requestWebSocket(*stream_, host, options_.target, options_.token,
                                             kMaxMessageBytes);
    if (outcome.session) {
      features_ = outcome.features;
      co_return std::move(outcome.session);
    }
    if (outcome.declined) {
      refusal_ = {
          .status = outcome.status, .code = codeIn(outcome.body), .retryAfter = outcome.retryAfter};
      co_return tl::unexpected(upgradeDeclined(url_, outcome.status, outcome.phrase, outcome.body));
    }
    co_return tl::unexpected(upgradeFailed(url_, outcome.error));
  }

  asio::io_context& context_;
  const WebSocketClientOptions options_;
  const WebSocketClientEvents events_;
  const std::string url_;
  tcp::resolver resolver_;
  TcpDialer dialer_;
  asio::steady_timer limit_;
  Clock::time_point deadline_;
  std::optional<ByteStream> stream_;
  SessionPtr session_;
  std::function<void()> closing_;  ///< called when the farewell is over
  std::optional<asio::ip::address> local_;
  ServerFeatures features_;  ///< as the handshake's answer tells them
  ConnectFailure refusal_;   ///< what is known of one
  bool heard_ = false;
  bool over_ = false;  ///< nothing more is told
};

WebSocketClient::WebSocketClient(EventLoop& loop, WebSocketClientOptions options,
                                 WebSocketClientEvents events)
    : impl_(std::make_shared<Impl>(loop.impl().context(), std::move(options), std::move(events))) {
  impl_->start();
}

WebSocketClient::~WebSocketClient() { impl_->stop(); }

void WebSocketClient::close(std::function<void()> done) { impl_->close(std::move(done)); }

bool WebSocketClient::hasLocalAddress() const { return impl_->hasLocalAddress(); }

void WebSocketClient::send(std::string text) { impl_->send(std::move(text)); }

}  // namespace rtcpub::net
