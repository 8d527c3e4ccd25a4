#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/beast/core/role.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "net/asio.h"

namespace boost::asio::ssl {
class context;
class verify_context;
}  // namespace boost::asio::ssl
struct ssl_st;

namespace rtcpub::net {

/// The bytes of one connection: TCP, or TLS over it. All of the room speaks to this one type, and
/// behind it one kind of handler is left, so that Asio's and Beast's templates are compiled once.
///
/// Copies are the same connection; what is under way keeps it. At most one reading and one writing
/// at a time. Errors of its own: beast::error::timeout. Runs on: the loop's thread.
class ByteStream {
 public:
  using Clock = std::chrono::steady_clock;
  using Done = std::function<void(error_code, std::size_t)>;
  using Transferred = std::tuple<error_code, std::size_t>;
  enum class Side { kClient, kServer };

  explicit ByteStream(tcp::socket socket);

  [[nodiscard]] tcp::socket& socket();

  /// What isn't over by then fails with a timeout, and so does what begins later, until there is
  /// another limit. The connection stays.
  void expireAt(Clock::time_point when);
  void expireAfter(Clock::duration limit) { expireAt(Clock::now() + limit); }
  void neverExpire();

  /// Cuts it: what is under way fails.
  void close();

  // --- TLS

  /// TLS from now on; a handshake is the next thing to do. `context` may go.
  void secure(asio::ssl::context& context);
  /// Whether to trust what OpenSSL does (the flag), or doesn't. After secure().
  void onVerify(std::function<bool(bool, asio::ssl::verify_context&)> verify);
  /// OpenSSL's view of it; null without TLS.
  [[nodiscard]] ssl_st* tls() const;
  /// `received`: what came of it already.
  asio::awaitable<error_code> handshake(Side side, std::string_view received = {});

  // --- for our own coroutines

  /// Reads what there is, at least a byte.
  asio::awaitable<Transferred> read(asio::mutable_buffer to);
  asio::awaitable<error_code> writeAll(std::string_view bytes);
  /// Says that nothing more is sent, then reads on until the other side says the same: closing a
  /// socket with unread data would take back what that one hasn't seen yet. `mostRead`: bytes of
  /// it, where the time isn't limited enough.
  asio::awaitable<void> shutDown(std::size_t mostRead);

  // --- what Beast wants of a stream NOLINTBEGIN(readability-identifier-naming)

  using executor_type = asio::any_io_executor;
  [[nodiscard]] executor_type get_executor() const;

  template <class Buffers, class Handler>
  void async_read_some(const Buffers& buffers, Handler&& handler) {
    asio::mutable_buffer to;
    for (auto each = asio::buffer_sequence_begin(buffers);
         to.size() == 0 && each != asio::buffer_sequence_end(buffers); ++each) {
      to = *each;
    }
    startReading(to, shared(std::forward<Handler>(handler)));
  }

  /// Small buffers leave as one, which is one packet and one TLS record.
  template <class Buffers, class Handler>
  void async_write_some(const Buffers& buffers, Handler&& handler) {
    beginGathering();
    for (auto each = asio::buffer_sequence_begin(buffers);
         each != asio::buffer_sequence_end(buffers); ++each) {
      if (!gather(*each)) break;
    }
    startWriting(shared(std::forward<Handler>(handler)));
  }

  friend void beast_close_socket(ByteStream& stream) { stream.close(); }

  template <class Handler>
  friend void async_teardown(boost::beast::role_type /*role*/, ByteStream& stream,
                             Handler&& handler) {
    using Held = std::decay_t<Handler>;
    stream.startShuttingDown(
        [held = std::make_shared<Held>(std::forward<Handler>(handler))](
            const error_code& error, std::size_t /*size*/) { (*held)(error); });
  }
  // NOLINTEND(readability-identifier-naming)
 private:
  struct State;
  struct Completion;

  template <class Handler>
  static Done shared(Handler&& handler) {
    using Held = std::decay_t<Handler>;
    return [held = std::make_shared<Held>(std::forward<Handler>(handler))](
               const error_code& error, std::size_t size) { (*held)(error, size); };
  }

  /// What it came to, which `start` has started.
  static asio::awaitable<Transferred> ended(std::function<void(Done)> start);
  asio::awaitable<Transferred> shakeHands(Side side, std::string_view received);
  asio::awaitable<Transferred> write(std::string_view bytes);
  asio::awaitable<Transferred> endTls();
  asio::awaitable<Transferred> readRaw(asio::mutable_buffer to);
  void startReading(asio::mutable_buffer to, Done done);
  void beginGathering();
  /// Whether there is room for more.
  bool gather(asio::const_buffer bytes);
  void startWriting(Done done);
  void startShuttingDown(Done done);

  std::shared_ptr<State> state_;
};

}  // namespace rtcpub::net
