#include "net/connection.h"

#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <utility>

#include "core/address/link_local.h"
#include "log/log.h"
#include "net/byte_stream.h"
#include "net/http_service.h"
#include "net/request_reader.h"

namespace rtcpub::net {

namespace {

/// What a connection's first byte says of it: a handshake of TLS begins with 22; STUN, and a frame
/// of it, with a byte that is less than any of TLS; methods are letters (RFC 7983 section 7, RFC
/// 4571).
enum class Opening { kTls, kHttp, kOther };

Opening openingOf(std::string_view received) {
  constexpr std::uint8_t kHandshake = 22;
  constexpr std::uint8_t kLeastOfTls = 20;
  const auto first = static_cast<std::uint8_t>(received.front());
  if (first == kHandshake) return Opening::kTls;
  return first < kLeastOfTls ? Opening::kOther : Opening::kHttp;
}

std::string localAddress(const tcp::socket& socket) {
  error_code error;
  const auto endpoint = socket.local_endpoint(error);
  if (error) return {};
  return std::string(withoutZone(remoteAddress(endpoint.address().to_string()).text));
}

}  // namespace

/// Runs on: the loop's thread.
class Connection::Serving {
 public:
  Serving(std::shared_ptr<ServerContext> server, Connections::Id id, tcp::socket socket,
          const RemoteAddress& remote)
      : server_(std::move(server)),
        id_(id),
        remote_(remote),
        local_(localAddress(socket)),
        stream_(std::move(socket)),
        reader_(stream_),
        http_(server_, id, stream_, {remote, local_}) {}

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

  void stop() { http_.stop(); }
  void cut() { http_.cut(); }

 private:
  asio::awaitable<void> run() {
    stream_.expireAfter(server_->options.firstRequestLimit);
    if (const error_code error = co_await reader_.ready()) {
      log().debug("{} said nothing: {}", remote_.text, error.message());
      co_return;
    }
    switch (openingOf(reader_.received())) {
      case Opening::kTls:
        server_->connections.reached(id_, Phase::kSecuring);
        if (co_await startTls()) co_await http_.serve(reader_, true);
        break;
      case Opening::kOther:
        handOver();
        break;
      case Opening::kHttp:
        co_await http_.serve(reader_, remote_.loopback || server_->trusted.contains(remote_.text));
    }
  }

  void handOver() {
    if (!server_->handlers.other) return;
    const std::string bytes = reader_.takeReceived();
    error_code error;
    const int descriptor = stream_.socket().release(error);
    if (!error) server_->handlers.other({descriptor, {bytes.begin(), bytes.end()}});
  }

  asio::awaitable<bool> startTls() {
    stream_.secure(server_->tls);
    const std::string received = reader_.takeReceived();
    const error_code error = co_await stream_.handshake(ByteStream::Side::kServer, received);
    if (error) log().debug("TLS handshake with {}: {}", remote_.text, error.message());
    co_return !error;
  }

  std::shared_ptr<ServerContext> server_;
  const Connections::Id id_;
  const RemoteAddress remote_;
  const std::string local_;
  ByteStream stream_;
  RequestReader reader_;
  HttpService http_;
};

Connection::Connection(std::shared_ptr<ServerContext> server, Connections::Id id,
                       tcp::socket socket, const RemoteAddress& remote)
    : serving_(std::make_unique<Serving>(std::move(server), id, std::move(socket), remote)) {}

Connection::~Connection() = default;

void Connection::start(std::function<void()> ended) { serving_->start(std::move(ended)); }

void Connection::stop() { serving_->stop(); }

void Connection::cut() { serving_->cut(); }

}  // namespace rtcpub::net
