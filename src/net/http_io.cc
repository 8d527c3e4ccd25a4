#include "net/http_io.h"

#include <boost/beast/http/error.hpp>

namespace rtcpub::net {

namespace {

namespace http = boost::beast::http;

/// What one call reads at most.
constexpr std::size_t kMostAtOnce = std::size_t{8} * 1024;
/// Beast's own limit holds for what isn't parsed yet, so many short fields would pass it (1.81).
/// The heads of chunks and the fields behind the last one have none: Beast takes them whole (RFC
/// 9112 section 7.1).
constexpr std::size_t kLongestHead = std::size_t{16} * 1024;

enum class Part { kHead, kAll };

/// What has come of a message, on its way from a buffer into a parser.
template <bool isRequest>
class Parsing {
 public:
  Parsing(boost::beast::flat_buffer& buffer, http::basic_parser<isRequest>& parser, Part part)
      : buffer_(buffer), parser_(parser), part_(part) {
    parser_.eager(part == Part::kAll);
  }

  [[nodiscard]] bool over() const {
    return part_ == Part::kHead ? parser_.is_header_done() : parser_.is_done();
  }
  /// Whether to read on after a step that ended like this.
  [[nodiscard]] bool wantsMore(const error_code& error) const {
    return (!error && !over()) || error == http::error::need_more;
  }

  error_code parse() {
    error_code error;
    const std::size_t used = parser_.put(buffer_.data(), error);
    buffer_.consume(used);
    if (parser_.is_header_done()) {
      const bool more = !error || error == http::error::need_more;
      if (more && !over() && buffer_.size() > kLongestHead) error = http::error::body_limit;
      return error;
    }
    head_ += used;
    if (head_ + buffer_.size() > kLongestHead) error = http::error::header_limit;
    return error;
  }

  /// The stream has ended.
  error_code end() {
    error_code error = http::error::end_of_stream;
    if (parser_.got_some()) parser_.put_eof(error);
    return error;
  }

 private:
  boost::beast::flat_buffer& buffer_;
  http::basic_parser<isRequest>& parser_;
  const Part part_;
  std::size_t head_ = 0;
};

template <bool isRequest>
asio::awaitable<error_code> read(ByteStream& stream, boost::beast::flat_buffer& buffer,
                                 http::basic_parser<isRequest>& parser, Part part) {
  Parsing parsing(buffer, parser, part);
  error_code error;
  if (!parsing.over() && buffer.size() > 0) error = parsing.parse();
  while (parsing.wantsMore(error)) {
    std::size_t size = 0;
    std::tie(error, size) = co_await stream.read(buffer.prepare(kMostAtOnce));
    buffer.commit(size);
    if (error == asio::error::eof) co_return parsing.end();
    if (!error) error = parsing.parse();
  }
  co_return error;
}

}  // namespace

asio::awaitable<error_code> readHead(ByteStream& stream, boost::beast::flat_buffer& buffer,
                                     http::basic_parser<true>& request) {
  return read(stream, buffer, request, Part::kHead);
}

asio::awaitable<error_code> readMessage(ByteStream& stream, boost::beast::flat_buffer& buffer,
                                        http::basic_parser<true>& request) {
  return read(stream, buffer, request, Part::kAll);
}

asio::awaitable<error_code> readMessage(ByteStream& stream, boost::beast::flat_buffer& buffer,
                                        http::basic_parser<false>& response) {
  return read(stream, buffer, response, Part::kAll);
}

}  // namespace rtcpub::net
