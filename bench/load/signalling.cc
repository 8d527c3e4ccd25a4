#include "load/signalling.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

namespace rtcpub::bench {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::system_error;
using Socket = beast::websocket::stream<asio::ip::tcp::socket>;

/// Throws away what comes until the server closes. The socket's owner outlives the reading.
class Drain {
 public:
  Drain(asio::io_context& io, const ServerUrl& server, const std::string& token,
        const std::string& target)
      : socket_(io) {
    asio::ip::tcp::resolver resolver(io);
    asio::connect(socket_.next_layer(), resolver.resolve(server.host, std::to_string(server.port)));
    socket_.next_layer().set_option(asio::ip::tcp::no_delay(true));
    if (!token.empty()) {
      socket_.set_option(beast::websocket::stream_base::decorator(
          [&token](beast::websocket::request_type& request) {
            request.set(beast::http::field::authorization, "Bearer " + token);
          }));
    }
    socket_.handshake(server.host, target);
    socket_.text(true);
  }
  void write(const std::string& text) { socket_.write(asio::buffer(text)); }
  std::string read() {
    buffer_.clear();
    socket_.read(buffer_);
    return beast::buffers_to_string(buffer_.data());
  }
  void keepReading() {
    buffer_.clear();
    socket_.async_read(buffer_, [this](const beast::error_code& error, std::size_t /*size*/) {
      if (!error) keepReading();
    });
  }

 private:
  Socket socket_;
  beast::flat_buffer buffer_;
};

}  // namespace

class Signalling::Impl {
 public:
  Impl(ServerUrl serverUrl, std::string itsToken)
      : server(std::move(serverUrl)), token(std::move(itsToken)) {}
  ~Impl() {
    io.stop();
    reader.join();
  }

  ServerUrl server;
  std::string token;
  asio::io_context io;
  asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
  std::vector<std::unique_ptr<Drain>> sockets;
  std::thread reader{[this] { io.run(); }};
};

Signalling::Signalling(ServerUrl server, std::string token)
    : impl_(std::make_unique<Impl>(std::move(server), std::move(token))) {}
Signalling::~Signalling() = default;

Result<std::string> Signalling::join(const spider::ConnectRequest& request,
                                     const std::string& offer) try {
  auto socket = std::make_unique<Drain>(impl_->io, impl_->server, impl_->token,
                                        spider::formatTarget(request));
  socket->write(spider::format(spider::Offer{offer}));
  while (true) {
    const auto message = spider::parse(socket->read());
    if (!message) return tl::unexpected(message.error());
    if (const auto* error = std::get_if<spider::ServerError>(&*message)) {
      return fail(ErrorCode::kRejected, "the server says: " + error->message);
    }
    if (const auto* answer = std::get_if<spider::Answer>(&*message)) {
      asio::post(impl_->io, [drain = socket.get()] { drain->keepReading(); });
      impl_->sockets.push_back(std::move(socket));
      return answer->sdp;
    }
  }
} catch (const system_error& error) {
  return fail(ErrorCode::kIo, format(impl_->server) + ": " + error.code().message());
}

}  // namespace rtcpub::bench
