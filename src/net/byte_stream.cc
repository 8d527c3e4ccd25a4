#include "net/byte_stream.h"

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/error.hpp>
#include <exception>
#include <limits>
#include <optional>
#include <vector>

namespace rtcpub::net {

namespace {

/// A TLS record's most, and a large message's share of one call (RFC 8446 section 5.1).
constexpr std::size_t kMostGathered = std::size_t{16} * 1024;

}  // namespace

struct ByteStream::State : std::enable_shared_from_this<State> {
  explicit State(tcp::socket accepted)
      : socket(std::move(accepted)), deadline(socket.get_executor()) {}

  void expireAt(Clock::time_point when) {
    late = false;
    deadline.expires_at(when);
    deadline.async_wait([weak = weak_from_this()](const error_code& error) {
      const auto self = weak.lock();
      // It may have been set anew when this was already on its way.
      if (!self || error || self->deadline.expiry() > Clock::now()) return;
      self->late = true;
      error_code ignored;
      self->socket.cancel(ignored);
    });
  }

  tcp::socket socket;
  std::optional<asio::ssl::stream<tcp::socket&>> tls;
  asio::steady_timer deadline;
  bool late = false;             ///< the deadline has passed
  std::vector<char> gathered;    ///< what is being written, when it is a copy
  asio::const_buffer unwritten;  ///< what is being written
};

/// What every operation on the socket ends with: it keeps the connection till then.
struct ByteStream::Completion {
  void operator()(const error_code& error, std::size_t size) {
    const bool late = state->late && error == asio::error::operation_aborted;
    done(late ? error_code(boost::beast::error::timeout) : error, size);
  }
  void operator()(const error_code& error) { (*this)(error, 0); }

  /// Whether the operation may begin; otherwise it ends here.
  bool begins() {
    if (!state->late) return true;
    asio::post(state->socket.get_executor(),
               [end = std::move(done)] { end(boost::beast::error::timeout, 0); });
    return false;
  }

  std::shared_ptr<State> state;
  Done done;
};

ByteStream::ByteStream(tcp::socket socket) : state_(std::make_shared<State>(std::move(socket))) {}

tcp::socket& ByteStream::socket() { return state_->socket; }

ByteStream::executor_type ByteStream::get_executor() const { return state_->socket.get_executor(); }

void ByteStream::expireAt(Clock::time_point when) { state_->expireAt(when); }

void ByteStream::neverExpire() {
  state_->late = false;
  state_->deadline.expires_at(Clock::time_point::max());
}

void ByteStream::close() {
  state_->deadline.cancel();
  error_code ignored;
  state_->socket.close(ignored);
}

void ByteStream::secure(asio::ssl::context& context) {
  state_->tls.emplace(state_->socket, context);
}

void ByteStream::onVerify(std::function<bool(bool, asio::ssl::verify_context&)> verify) {
  state_->tls->set_verify_callback(std::move(verify));
}

ssl_st* ByteStream::tls() const { return state_->tls ? state_->tls->native_handle() : nullptr; }

// GCC 12.2 destroys the captures of a lambda twice that stands in a co_await expression (its
// std::shared_ptr loses one share too many; Clang 14 does not): so what calls this with one is no
// coroutine itself.
asio::awaitable<ByteStream::Transferred> ByteStream::ended(std::function<void(Done)> start) {
  const auto initiate = [&start](auto handler) { start(shared(std::move(handler))); };
  co_return co_await asio::async_initiate<decltype(kAwait), void(error_code, std::size_t)>(initiate,
                                                                                           kAwait);
}

// g++ 12 destroys a closure that is a temporary of a co_await expression twice, and with it one
// share too many in the state: what is waited for has a name of its own below.

asio::awaitable<ByteStream::Transferred> ByteStream::shakeHands(Side side,
                                                                std::string_view received) {
  const auto type =
      side == Side::kClient ? asio::ssl::stream_base::client : asio::ssl::stream_base::server;
  return ended([state = state_, type, received](Done done) {
    Completion completion{state, std::move(done)};
    if (!completion.begins()) return;
    state->tls->async_handshake(type, asio::const_buffer(received.data(), received.size()),
                                std::move(completion));
  });
}

asio::awaitable<error_code> ByteStream::handshake(Side side, std::string_view received) {
  const auto [error, used] = co_await shakeHands(side, received);
  co_return error;
}

void ByteStream::startReading(asio::mutable_buffer to, Done done) {
  Completion completion{state_, std::move(done)};
  if (!completion.begins()) return;
  if (state_->tls) {
    state_->tls->async_read_some(to, std::move(completion));
  } else {
    state_->socket.async_read_some(to, std::move(completion));
  }
}

void ByteStream::beginGathering() {
  state_->gathered.clear();
  state_->unwritten = {};
}

bool ByteStream::gather(asio::const_buffer bytes) {
  if (bytes.size() == 0) return true;
  auto& gathered = state_->gathered;
  if (state_->unwritten.size() == 0) {
    state_->unwritten = bytes;  // alone, it is written from where it is
    return bytes.size() < kMostGathered;
  }
  const auto append = [&gathered](asio::const_buffer part) {
    const auto* begin = static_cast<const char*>(part.data());
    gathered.insert(gathered.end(), begin, begin + part.size());
  };
  if (gathered.empty()) append(state_->unwritten);
  append(asio::const_buffer(bytes.data(), std::min(bytes.size(), kMostGathered - gathered.size())));
  state_->unwritten = asio::buffer(gathered);
  return gathered.size() < kMostGathered;
}

void ByteStream::startWriting(Done done) {
  Completion completion{state_, std::move(done)};
  if (!completion.begins()) return;
  if (state_->tls) {
    state_->tls->async_write_some(state_->unwritten, std::move(completion));
  } else {
    state_->socket.async_write_some(state_->unwritten, std::move(completion));
  }
}

asio::awaitable<ByteStream::Transferred> ByteStream::read(asio::mutable_buffer to) {
  return ended(
      [stream = *this, to](Done done) mutable { stream.startReading(to, std::move(done)); });
}

asio::awaitable<ByteStream::Transferred> ByteStream::write(std::string_view bytes) {
  return ended([stream = *this, bytes](Done done) mutable {
    stream.beginGathering();
    stream.gather(asio::const_buffer(bytes.data(), bytes.size()));
    stream.startWriting(std::move(done));
  });
}

asio::awaitable<error_code> ByteStream::writeAll(std::string_view bytes) {
  error_code error;
  while (!error && !bytes.empty()) {
    std::size_t written = 0;
    std::tie(error, written) = co_await write(bytes);
    bytes.remove_prefix(written);
  }
  co_return error;
}

asio::awaitable<ByteStream::Transferred> ByteStream::endTls() {
  return ended([state = state_](Done done) {
    Completion completion{state, std::move(done)};
    if (completion.begins()) state->tls->async_shutdown(std::move(completion));
  });
}

asio::awaitable<ByteStream::Transferred> ByteStream::readRaw(asio::mutable_buffer to) {
  return ended([state = state_, to](Done done) {
    Completion completion{state, std::move(done)};
    if (completion.begins()) state->socket.async_read_some(to, std::move(completion));
  });
}

asio::awaitable<void> ByteStream::shutDown(std::size_t mostRead) {
  ByteStream self = *this;  // a copy may be what called it
  error_code error;
  std::size_t size = 0;
  if (self.tls() != nullptr) {
    std::tie(error, size) = co_await self.endTls();
    if (error == boost::beast::error::timeout) co_return;
  }
  self.socket().shutdown(tcp::socket::shutdown_send, error);
  std::array<char, 4096> ignored{};
  const asio::mutable_buffer to(ignored.data(), ignored.size());
  for (std::size_t read = 0; !error && read < mostRead; read += size) {
    std::tie(error, size) = co_await self.readRaw(to);
  }
}

void ByteStream::startShuttingDown(Done done) {
  asio::co_spawn(
      get_executor(),
      [stream = *this]() mutable {
        // However much it has sent before it reads: a WebSocket has its own limit of time.
        return stream.shutDown(std::numeric_limits<std::size_t>::max());
      },
      [done = std::move(done)](const std::exception_ptr& /*never*/) { done({}, 0); });
}

}  // namespace rtcpub::net
