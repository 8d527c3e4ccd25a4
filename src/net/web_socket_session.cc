#include "net/web_socket_session.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <optional>
#include <tuple>
#include <utility>

namespace rtcpub::net {

namespace {

constexpr std::chrono::seconds kHandshakeLimit{10};
constexpr std::chrono::seconds kIdleLimit{8};  ///< a ping is sent at half of it
/// More than it takes for what is under way on a closed socket to end.
constexpr std::chrono::seconds kAfterlife{1};

std::string describe(const error_code& error, const websocket::close_reason& reason) {
  if (error == websocket::error::closed) {
    const std::string_view words(reason.reason.data(), reason.reason.size());
    return words.empty() ? "closed by the other side"
                         : "closed by the other side: " + std::string(words);
  }
  if (error == beast::error::timeout) return "no sign of life from the other side";
  if (error == websocket::error::message_too_big) return "it sent a message that is too big";
  if (error == asio::error::eof || error == asio::ssl::error::stream_truncated) {
    return "connection lost";
  }
  return "connection lost: " + error.message();
}

/// Browsers leave a page by `going_away`, and send no code unless they are given one. A close frame
/// with an error in it is no farewell.
bool isOnPurpose(std::uint16_t code) {
  return code == websocket::close_code::none || code == websocket::close_code::normal ||
         code == websocket::close_code::going_away || code == websocket::close_code::no_status;
}

/// Runs on: the loop's thread.
template <class Stream>
class Session final : public WebSocketSession,
                      public std::enable_shared_from_this<Session<Stream>> {
 public:
  explicit Session(std::shared_ptr<WebSocketStream<Stream>> stream)
      : stream_(std::move(stream)), patience_(stream_->get_executor()) {}

  asio::awaitable<WebSocketEnd> run(OnText onText) override {
    const auto self = this->shared_from_this();
    error_code error;
    while (!error) {
      std::string text;
      auto buffer = asio::dynamic_buffer(text);
      std::tie(error, std::ignore) = co_await stream_->async_read(buffer, kAwait);
      if (error || closing_) continue;
      if (stream_->got_text()) {
        onText(std::move(text));
      } else {
        close(websocket::close_code::unknown_data, "only text is understood here", kPatience);
      }
    }
    const std::string why = why_.empty() ? describe(error, stream_->reason()) : why_;
    const bool onPurpose = error == websocket::error::closed && isOnPurpose(stream_->reason().code);
    cut(why);
    keepAwhile();
    co_return WebSocketEnd{.onPurpose = onPurpose, .reason = why};
  }

  void send(std::string text) override {
    if (closing_ || dead_) return;
    if (queuedBytes_ + text.size() > kMaxQueuedBytes) {
      cut("it does not read what is sent to it");
      return;
    }
    queuedBytes_ += text.size();
    queue_.push_back(std::move(text));
    startWriting();
  }

  void close(websocket::close_code code, const std::string& reason, Patience patience) override {
    if (dead_) return;
    const auto limit = std::chrono::steady_clock::now() + patience;
    if (closing_ && patience_.expiry() <= limit) return;
    patience_.expires_at(limit);
    patience_.async_wait([weak = this->weak_from_this()](const error_code& error) {
      if (auto self = weak.lock(); self && !error) self->cut(self->why_);
    });
    if (closing_) return;
    constexpr std::size_t kLongestReason = 123;  // RFC 6455 section 5.5
    closing_.emplace(code, reason.substr(0, kLongestReason));
    why_ = reason;
    startWriting();
  }

 private:
  static constexpr Patience kPatience{1000};

  void writeFailed(const error_code& error) {
    queue_.clear();
    // Otherwise the reader is closing the connection, and will know why.
    if (error != asio::error::operation_aborted) cut(describe(error, {}));
  }

  /// Ends the connection at once.
  void cut(const std::string& why) {
    if (std::exchange(dead_, true)) return;
    why_ = why;
    queue_.clear();
    patience_.cancel();
    beast::get_lowest_layer(*stream_).close();
  }

  /// Beast's own ping holds the stream weakly while TLS writes it (Boost 1.81), and comes back to
  /// it when the closed socket has let go of it.
  void keepAwhile() {
    const auto timer = std::make_shared<asio::steady_timer>(stream_->get_executor(), kAfterlife);
    timer->async_wait([timer, stream = stream_](const error_code& /*error*/) {});
  }

  void startWriting() {
    if (std::exchange(writing_, true)) return;
    asio::co_spawn(stream_->get_executor(), write(this->shared_from_this()), asio::detached);
  }

  /// Ends when there is nothing left to send.
  asio::awaitable<void> write(std::shared_ptr<Session> self) {
    while (!self->queue_.empty()) {
      const std::string text = std::move(self->queue_.front());
      self->queue_.pop_front();
      const auto [error, size] = co_await self->stream_->async_write(asio::buffer(text), kAwait);
      self->queuedBytes_ -= text.size();
      if (error) self->writeFailed(error);
    }
    if (self->closing_ && !self->dead_) {
      const websocket::close_reason reason = *self->closing_;
      co_await self->stream_->async_close(reason, kAwait);
    }
    self->writing_ = false;
  }

  std::shared_ptr<WebSocketStream<Stream>> stream_;
  asio::steady_timer patience_;
  std::deque<std::string> queue_;
  std::size_t queuedBytes_ = 0;  ///< with what is being written
  bool writing_ = false;
  bool dead_ = false;
  std::optional<websocket::close_reason> closing_;
  std::string why_;  ///< it ends, when this side ends it
};

}  // namespace

template <class Stream>
void prepareWebSocket(WebSocketStream<Stream>& stream, std::size_t maxMessageBytes) {
  beast::get_lowest_layer(stream).expires_never();  // the WebSocket has its own limits
  stream.set_option(websocket::stream_base::timeout{
      .handshake_timeout = kHandshakeLimit, .idle_timeout = kIdleLimit, .keep_alive_pings = true});
  stream.read_message_max(maxMessageBytes);
  stream.auto_fragment(false);  // small clients can't put fragments together
  stream.text(true);
}

template <class Stream>
std::shared_ptr<WebSocketSession> openSession(std::shared_ptr<WebSocketStream<Stream>> stream) {
  return std::make_shared<Session<Stream>>(std::move(stream));
}

template void prepareWebSocket(WebSocketStream<PlainStream>&, std::size_t);
template void prepareWebSocket(WebSocketStream<TlsStream>&, std::size_t);
template std::shared_ptr<WebSocketSession> openSession(
    std::shared_ptr<WebSocketStream<PlainStream>>);
template std::shared_ptr<WebSocketSession> openSession(std::shared_ptr<WebSocketStream<TlsStream>>);

}  // namespace rtcpub::net
