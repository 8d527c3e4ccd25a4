#include "net/web_server.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cassert>
#include <exception>
#include <future>
#include <unordered_set>
#include <utility>

#include "core/host_port.h"
#include "core/link_local.h"
#include "log/log.h"
#include "log/occasional_warning.h"
#include "net/asio.h"
#include "net/connection.h"
#include "net/event_loop_impl.h"
#include "net/tcp_options.h"
#include "net/tls_context.h"
#include "net/zone.h"

namespace rtcpub::net {

namespace {

Result<tcp::endpoint> parseEndpoint(const WebServerOptions& options) {
  error_code error;
  const auto address = asio::ip::make_address(options.listenAddress, error);
  const std::string refused = "cannot listen on " + options.listenAddress + ": ";
  if (error) return fail(ErrorCode::kInvalidArgument, refused + "it is not an IP address");
  const auto interface = interfaceOf(options.listenAddress);
  if (!interface) {
    return fail(ErrorCode::kInvalidArgument,
                refused + "this machine has no network interface of that name (see: ip link)");
  }
  if (*interface == 0 && isLinkLocalIpv6(options.listenAddress)) {
    return fail(ErrorCode::kInvalidArgument,
                refused + "a link-local address needs its interface, as in [fe80::1%eth0]:8267");
  }
  return tcp::endpoint(address, options.port);
}

Error listenError(const tcp::endpoint& endpoint, const error_code& error) {
  const std::string where = formatHostPort(endpoint.address().to_string(), endpoint.port());
  if (error == asio::error::address_in_use) {
    return {ErrorCode::kIo, where +
                                " is in use by another program; stop it or choose another port "
                                "with --listen"};
  }
  return {ErrorCode::kIo, "cannot listen on " + where + ": " + error.message()};
}

}  // namespace

/// Runs on: the loop's thread, but for what is said otherwise.
class WebServer::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(asio::io_context& context, std::shared_ptr<ServerContext> server)
      : context_(context), server_(std::move(server)), acceptor_(context), pause_(context) {}

  /// On the thread that makes the server, before start().
  error_code open(const tcp::endpoint& endpoint) {
    error_code error;
    acceptor_.open(endpoint.protocol(), error);
    if (error) return error;
    acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (endpoint.address() == asio::ip::address(asio::ip::address_v6::any())) {
      acceptor_.set_option(asio::ip::v6_only(false), error);
    }
    acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(tcp::socket::max_listen_connections, error);
    if (!error) port_ = acceptor_.local_endpoint(error).port();
    return error;
  }

  /// Any thread.
  void start() {
    asio::co_spawn(context_, acceptAll(), [self = shared_from_this()](const std::exception_ptr&) {
      self->accepting_ = false;
      self->endWhenDone();
    });
  }

  /// Any thread. The future is ready when everything is closed.
  std::future<void> stop() {
    asio::post(context_, [self = shared_from_this()] { self->closeAll(); });
    return ended_.get_future();
  }

  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  asio::awaitable<void> acceptAll() {
    while (!stopping_) {
      auto [error, socket] = co_await acceptor_.async_accept(kAwait);
      if (stopping_) break;
      if (!error) {
        admit(std::move(socket));
      } else if (error != asio::error::connection_aborted) {
        // Out of file descriptors or memory: the next try would fail at once, too.
        warning_.warn("cannot accept a connection: " + error.message(), monotonicNow());
        pause_.expires_after(std::chrono::milliseconds(200));
        co_await pause_.async_wait(kAwait);
      }
    }
  }

  void admit(tcp::socket socket) {
    error_code error;
    const auto endpoint = socket.remote_endpoint(error);
    if (error) return;  // gone already
    RemoteAddress remote = remoteAddress(endpoint.address().to_string());
    if (connections_.size() >= server_->options.maxConnections) {
      warning_.warn("refused " + remote.text + ": there are " +
                        std::to_string(connections_.size()) + " connections already",
                    monotonicNow());
      return;
    }
    (void)prepareTcp(socket);
    auto connection = std::make_shared<Connection>(server_, std::move(socket), std::move(remote));
    connections_.insert(connection);
    asio::co_spawn(context_, connection->run(),
                   [self = shared_from_this(), connection](const std::exception_ptr& failure) {
                     self->ended(connection, failure);
                   });
  }

  void ended(const std::shared_ptr<Connection>& connection, const std::exception_ptr& failure) {
    try {
      if (failure) std::rethrow_exception(failure);
    } catch (const std::exception& error) {
      log().error("a connection failed: {}", error.what());
    }
    connections_.erase(connection);
    endWhenDone();
  }

  void closeAll() {
    stopping_ = true;
    error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
    for (const auto& connection : connections_) connection->stop();
    endWhenDone();
  }

  void endWhenDone() {
    if (stopping_ && !accepting_ && connections_.empty()) ended_.set_value();
  }

  asio::io_context& context_;
  std::shared_ptr<ServerContext> server_;
  tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  std::uint16_t port_ = 0;
  std::unordered_set<std::shared_ptr<Connection>> connections_;
  OccasionalWarning warning_;
  bool accepting_ = true;
  bool stopping_ = false;
  std::promise<void> ended_;
};

Result<std::unique_ptr<WebServer>> WebServer::listen(EventLoop& loop, WebServerOptions options,
                                                     WebServerRoutes routes) {
  auto endpoint = parseEndpoint(options);
  if (!endpoint) return tl::unexpected(endpoint.error());
  auto tls = serverTlsContext(options.certificatePem, options.privateKeyPem);
  if (!tls) return tl::unexpected(tls.error());
  auto trusted = TrustedProxies::parse(options.trustedProxies);
  if (!trusted) return tl::unexpected(trusted.error());
  auto impl = std::make_shared<Impl>(
      loop.impl().context(),
      std::make_shared<ServerContext>(ServerContext{.options = std::move(options),
                                                    .routes = std::move(routes),
                                                    .tls = std::move(*tls),
                                                    .trusted = *std::move(trusted),
                                                    .otherSites = {}}));
  if (const error_code error = impl->open(*endpoint)) {
    return tl::unexpected(listenError(*endpoint, error));
  }
  impl->start();
  return std::unique_ptr<WebServer>(new WebServer(std::move(impl)));
}

WebServer::WebServer(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

WebServer::~WebServer() { impl_->stop().wait(); }

std::uint16_t WebServer::port() const { return impl_->port(); }

}  // namespace rtcpub::net
