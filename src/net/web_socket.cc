#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <deque>
#include <optional>
#include <tuple>
#include <utility>

#include "core/text/retry_after.h"
#include "net/byte_stream.h"
#include "net/web_socket_accept.h"
#include "net/web_socket_handshake.h"
#include "net/web_socket_session.h"

// Beast's WebSocket takes long to compile, and less in one unit than in three.
namespace rtcpub::net {

namespace {

namespace beast = boost::beast;
namespace websocket = beast::websocket;

/// Without permessage-deflate: SDP is small, and compression costs memory for each connection.
using WebSocketStream = websocket::stream<ByteStream, false>;

constexpr unsigned kSwitching = 101;  ///< RFC 9110 section 15.2.2
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

/// Whether the other side, or its system when the program there has died, ended the connection.
bool isByPeer(const error_code& error) {
  return error == websocket::error::closed || error == asio::error::eof ||
         error == asio::ssl::error::stream_truncated || error == asio::error::connection_reset ||
         error == asio::error::broken_pipe;
}

/// Runs on: the loop's thread.
class Session final : public WebSocketSession, public std::enable_shared_from_this<Session> {
 public:
  explicit Session(std::shared_ptr<WebSocketStream> stream)
      : stream_(std::move(stream)), patience_(stream_->get_executor()) {}

  asio::awaitable<WebSocketEnd> run(OnText onText) override {
    const auto self = shared_from_this();
    error_code error;
    while (!error) {
      std::string text;
      auto buffer = asio::dynamic_buffer(text);
      std::tie(error, std::ignore) = co_await stream_->async_read(buffer, kAwait);
      if (error || closing_) continue;
      if (stream_->got_text()) {
        onText(std::move(text));
      } else {
        close(CloseCode::kUnknownData, "only text is understood here", kPatience);
      }
    }
    const std::string why = why_.empty() ? describe(error, stream_->reason()) : why_;
    const bool onPurpose = error == websocket::error::closed && isOnPurpose(stream_->reason().code);
    cut(why);
    keepAwhile();
    co_return WebSocketEnd{
        .onPurpose = onPurpose, .byPeer = byPeer_ || isByPeer(error), .reason = why};
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

  void close(CloseCode code, const std::string& reason, Patience patience) override {
    if (dead_) return;
    const auto limit = std::chrono::steady_clock::now() + patience;
    if (closing_ && patience_.expiry() <= limit) return;
    patience_.expires_at(limit);
    patience_.async_wait([weak = weak_from_this()](const error_code& error) {
      if (auto self = weak.lock(); self && !error) self->cut(self->why_);
    });
    if (closing_) return;
    constexpr std::size_t kLongestReason = 123;  // RFC 6455 section 5.5
    closing_.emplace(static_cast<websocket::close_code>(code), reason.substr(0, kLongestReason));
    why_ = reason;
    startWriting();
  }

 private:
  static constexpr Patience kPatience{1000};

  void writeFailed(const error_code& error) {
    queue_.clear();
    byPeer_ |= isByPeer(error);
    // Otherwise the reader is closing the connection, and will know why.
    if (error != asio::error::operation_aborted) cut(describe(error, {}));
  }

  /// Ends the connection at once.
  void cut(const std::string& why) {
    if (std::exchange(dead_, true)) return;
    why_ = why;
    queue_.clear();
    patience_.cancel();
    stream_->next_layer().close();
  }

  /// Beast's own ping holds the stream weakly while it is written (Boost 1.81), and comes back to
  /// it when the closed socket has let go of it.
  void keepAwhile() {
    const auto timer = std::make_shared<asio::steady_timer>(stream_->get_executor(), kAfterlife);
    timer->async_wait([timer, stream = stream_](const error_code& /*error*/) {});
  }

  void startWriting() {
    if (std::exchange(writing_, true)) return;
    asio::co_spawn(stream_->get_executor(), write(shared_from_this()), asio::detached);
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

  std::shared_ptr<WebSocketStream> stream_;
  asio::steady_timer patience_;
  std::deque<std::string> queue_;
  std::size_t queuedBytes_ = 0;  ///< with what is being written
  bool writing_ = false;
  bool dead_ = false;
  bool byPeer_ = false;  ///< a write has shown that the other side ended it
  std::optional<websocket::close_reason> closing_;
  std::string why_;  ///< it ends, when this side ends it
};

/// As both sides want it, before its handshake.
std::shared_ptr<WebSocketStream> makeWebSocket(ByteStream stream, std::size_t maxMessageBytes) {
  stream.neverExpire();  // the WebSocket has its own limits
  auto socket = std::make_shared<WebSocketStream>(std::move(stream));
  socket->set_option(websocket::stream_base::timeout{
      .handshake_timeout = kHandshakeLimit, .idle_timeout = kIdleLimit, .keep_alive_pings = true});
  socket->read_message_max(maxMessageBytes);
  socket->auto_fragment(false);  // small clients can't put fragments together
  socket->text(true);
  return socket;
}

/// As Beast has it.
beast::http::request<beast::http::empty_body> asBeast(const RequestHead& head) {
  beast::http::request<beast::http::empty_body> request(beast::http::verb::get, head.target,
                                                        head.version);
  for (const auto& [name, value] : head.headers.fields()) request.insert(name, value);
  return request;
}

}  // namespace

asio::awaitable<AcceptedWebSocket> acceptWebSocket(ByteStream stream, const RequestHead& request,
                                                   const std::string& subprotocol,
                                                   std::size_t maxMessageBytes,
                                                   const ServerFeatures& features) {
  auto socket = makeWebSocket(std::move(stream), maxMessageBytes);
  socket->set_option(websocket::stream_base::decorator(
      [told = format(features), subprotocol](websocket::response_type& response) {
        response.set(beast::http::field::server, "rtcpub");
        if (!told.empty()) response.set(std::string(kFeaturesField), told);
        // Beast sends its refusals by this way, too.
        if (subprotocol.empty() || response.result_int() != kSwitching) return;
        response.set(beast::http::field::sec_websocket_protocol, subprotocol);
      }));
  const auto beastRequest = asBeast(request);
  const auto [error] = co_await socket->async_accept(beastRequest, kAwait);
  if (error) co_return AcceptedWebSocket{nullptr, error};
  co_return AcceptedWebSocket{std::make_shared<Session>(std::move(socket)), {}};
}

asio::awaitable<HandshakeOutcome> requestWebSocket(ByteStream stream, const std::string& host,
                                                   const std::string& target,
                                                   const std::string& token,
                                                   std::size_t maxMessageBytes) {
  auto socket = makeWebSocket(std::move(stream), maxMessageBytes);
  socket->set_option(websocket::stream_base::decorator([token](websocket::request_type& request) {
    request.set(beast::http::field::user_agent, "rtcpub");
    if (!token.empty()) request.set(beast::http::field::authorization, "Bearer " + token);
  }));
  HandshakeOutcome outcome;
  websocket::response_type response;
  std::tie(outcome.error) = co_await socket->async_handshake(response, host, target, kAwait);
  if (!outcome.error) {
    const auto field = response[std::string(kFeaturesField)];
    outcome.features = parseFeatures({field.data(), field.size()});
    outcome.session = std::make_shared<Session>(std::move(socket));
  } else if (outcome.error == websocket::error::upgrade_declined) {
    outcome.declined = true;
    outcome.status = response.result_int();
    outcome.phrase = std::string(response.reason());
    const auto wait = response[beast::http::field::retry_after];
    const auto date = response[beast::http::field::date];
    outcome.retryAfter = parseRetryAfter({wait.data(), wait.size()}, {date.data(), date.size()});
    outcome.body = std::move(response.body());
  }
  co_return outcome;
}

}  // namespace rtcpub::net
