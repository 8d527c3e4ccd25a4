#include "net/request_reader.h"

#include <boost/beast/core/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <utility>

#include "net/http_io.h"

namespace rtcpub::net {

namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using Parser = http::request_parser<http::string_body>;

constexpr std::size_t kFirstBytes = 8U << 10U;
constexpr std::uint32_t kMaxHeaderBytes = 16U << 10U;

HttpResponse tooLongBody() { return errorResponse(413, "the body is too long"); }

Unread unread(const error_code& error, const Parser& parser) {
  if (error == beast::error::timeout) {
    return {error, errorResponse(408, "the request took too long")};
  }
  if (error == http::error::header_limit) {
    return {error, parser.get().target().empty() ? errorResponse(414, "the address is too long")
                                                 : errorResponse(431, "the header is too long")};
  }
  if (error == http::error::body_limit) return {error, tooLongBody()};
  const bool isHttps = error.category() == make_error_code(http::error::bad_method).category();
  if (!isHttps) return {error, std::nullopt};
  return {error, errorResponse(400, "not an HTTP request: " + error.message())};
}

RequestHead headOf(const Parser& parser) {
  const auto& request = parser.get();
  const auto method = request.method_string();
  const auto target = request.target();
  RequestHead head{.method = {method.data(), method.size()},
                   .target = {target.data(), target.size()},
                   .headers = {},
                   .version = request.version(),
                   .keepAlive = parser.keep_alive(),
                   .chunked = parser.chunked()};
  if (const auto length = parser.content_length()) head.contentLength = *length;
  for (const auto& field : request) {
    const auto name = field.name_string();
    const auto value = field.value();
    head.headers.add({name.data(), name.size()}, {value.data(), value.size()});
  }
  return head;
}

}  // namespace

struct RequestReader::State {
  explicit State(ByteStream ofConnection) : stream(std::move(ofConnection)) {}

  ByteStream stream;
  beast::flat_buffer buffer;
  std::optional<Parser> parser;
};

RequestReader::RequestReader(ByteStream stream)
    : state_(std::make_unique<State>(std::move(stream))) {}

RequestReader::~RequestReader() = default;

asio::awaitable<error_code> RequestReader::ready() {
  if (state_->buffer.size() > 0) co_return error_code();
  const auto [error, size] = co_await state_->stream.read(state_->buffer.prepare(kFirstBytes));
  state_->buffer.commit(size);
  co_return error;
}

std::string_view RequestReader::received() const {
  const auto bytes = state_->buffer.data();
  return {static_cast<const char*>(bytes.data()), bytes.size()};
}

std::string RequestReader::takeReceived() {
  std::string taken(received());
  state_->buffer.consume(taken.size());
  return taken;
}

asio::awaitable<tl::expected<RequestHead, Unread>> RequestReader::readHead() {
  Parser& parser = state_->parser.emplace();
  parser.header_limit(kMaxHeaderBytes);
  // Which limit holds for the body depends on the head.
  parser.body_limit(boost::none);
  const error_code error = co_await net::readHead(state_->stream, state_->buffer, parser);
  if (error) co_return tl::unexpected(unread(error, parser));
  co_return headOf(parser);
}

asio::awaitable<tl::expected<std::string, Unread>> RequestReader::readBody(std::size_t most) {
  Parser& parser = *state_->parser;
  if (parser.content_length().value_or(0) > most) {
    co_return tl::unexpected(Unread{http::error::body_limit, tooLongBody()});
  }
  parser.body_limit(most);
  const error_code error = co_await readMessage(state_->stream, state_->buffer, parser);
  if (error) co_return tl::unexpected(unread(error, parser));
  co_return std::move(parser.get().body());
}

}  // namespace rtcpub::net
