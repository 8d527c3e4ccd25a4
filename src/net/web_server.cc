#include "net/web_server.h"

#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cassert>
#include <cerrno>
#include <future>
#include <unordered_map>
#include <utility>

#include "core/address/host_port.h"
#include "core/address/link_local.h"
#include "log/log.h"
#include "log/occasional_warning.h"
#include "net/asio.h"
#include "net/connection.h"
#include "net/event_loop_impl.h"
#include "net/server_context.h"
#include "net/tcp_options.h"
#include "net/tls_context.h"
#include "net/zone.h"

namespace rtcpub::net {

namespace {

const auto& kSystem = boost::system::system_category();

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
    return {ErrorCode::kIo,
            where + " is in use by another program; stop it or choose another port"};
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
    if (!error) acceptor_.non_blocking(true, error);
    if (!error) port_ = acceptor_.local_endpoint(error).port();
    return error;
  }

  /// Any thread.
  void start() {
    asio::post(context_, [self = shared_from_this()] { self->accept(); });
  }

  /// Any thread. The future is ready when everything is closed.
  std::future<void> stop() {
    asio::post(context_, [self = shared_from_this()] { self->closeAll(); });
    return ended_.get_future();
  }

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] ConnectionCounts counts() const { return server_->connections.counts(); }

  /// Any thread. Each connection has a share in the context that it began with.
  void use(asio::ssl::context tls) {
    auto context = std::make_shared<asio::ssl::context>(std::move(tls));
    asio::post(context_,
               [self = shared_from_this(), context] { self->server_->tls = std::move(*context); });
  }

 private:
  /// Only when somebody waits: with no descriptor left, Linux says so even if nobody does.
  void accept() {
    if (stopping_) return;
    accepting_ = true;
    acceptor_.async_wait(tcp::acceptor::wait_read,
                         [self = shared_from_this()](const error_code& /*error*/) {
                           self->accepting_ = false;
                           self->acceptWaiting();
                         });
  }

  void acceptWaiting() {
    if (stopping_) return endWhenDone();
    error_code error;
    tcp::socket socket(context_);
    acceptor_.accept(socket, error);
    if (!error) {
      admit(std::move(socket));
    } else if (error == asio::error::no_descriptors || error == error_code(ENFILE, kSystem)) {
      warning_.warn("cannot accept a connection: " + error.message(), monotonicNow());
      if (!server_->connections.makeRoom()) return acceptLater();
    } else if (error != asio::error::connection_aborted && error != asio::error::would_block) {
      // Out of memory, say: the next try would fail at once, too.
      warning_.warn("cannot accept a connection: " + error.message(), monotonicNow());
      return acceptLater();
    }
    accept();
  }

  void acceptLater() {
    pause_.expires_after(std::chrono::milliseconds(200));
    pause_.async_wait([self = shared_from_this()](const error_code& /*error*/) { self->accept(); });
  }

  void admit(tcp::socket socket) {
    error_code error;
    const auto endpoint = socket.remote_endpoint(error);
    if (error) return;  // gone already
    const RemoteAddress remote = remoteAddress(endpoint.address().to_string());
    (void)prepareTcp(socket);
    const Connections::Id id = nextId_++;
    const auto connection = std::make_shared<Connection>(server_, id, std::move(socket), remote);
    connections_.emplace(id, connection);
    server_->connections.add(id, remote, [this, id] { connections_.at(id)->cut(); });
    connection->start([self = shared_from_this(), id] { self->ended(id); });
  }

  void ended(Connections::Id id) {
    server_->connections.remove(id);
    connections_.erase(id);
    endWhenDone();
  }

  void closeAll() {
    stopping_ = true;
    error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
    for (const auto& [id, connection] : connections_) connection->stop();
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
  std::unordered_map<Connections::Id, std::shared_ptr<Connection>> connections_;
  Connections::Id nextId_ = 1;
  OccasionalWarning warning_;
  bool accepting_ = false;
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
      loop.impl().context(), std::make_shared<ServerContext>(std::move(options), std::move(routes),
                                                             std::move(*tls), *std::move(trusted)));
  if (const error_code error = impl->open(*endpoint)) {
    return tl::unexpected(listenError(*endpoint, error));
  }
  impl->start();
  return std::unique_ptr<WebServer>(new WebServer(std::move(impl)));
}

WebServer::WebServer(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

WebServer::~WebServer() { impl_->stop().wait(); }

std::uint16_t WebServer::port() const { return impl_->port(); }
ConnectionCounts WebServer::counts() const { return impl_->counts(); }

Result<void> WebServer::useCertificate(const std::string& certificatePem,
                                       const std::string& privateKeyPem) {
  auto tls = serverTlsContext(certificatePem, privateKeyPem);
  if (!tls) return tl::unexpected(tls.error());
  impl_->use(std::move(*tls));
  return {};
}

}  // namespace rtcpub::net
