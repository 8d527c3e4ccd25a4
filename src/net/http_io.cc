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

template <bool isRequest>
asio::awaitable<error_code> read(ByteStream& stream, boost::beast::flat_buffer& buffer,
                                 http::basic_parser<isRequest>& parser, Part part) {
  parser.eager(part == Part::kAll);
  std::size_t head = 0;
  error_code error;
  const auto over = [&] {
    return part == Part::kHead ? parser.is_header_done() : parser.is_done();
  };
  const auto parse = [&] {
    const std::size_t used = parser.put(buffer.data(), error);
    buffer.consume(used);
    if (parser.is_header_done()) {
      const bool more = !error || error == http::error::need_more;
      if (more && !over() && buffer.size() > kLongestHead) error = http::error::body_limit;
      return;
    }
    head += used;
    if (head + buffer.size() > kLongestHead) error = http::error::header_limit;
  };
  if (!over() && buffer.size() > 0) parse();
  while ((!error && !over()) || error == http::error::need_more) {
    std::size_t size = 0;
    std::tie(error, size) = co_await stream.read(buffer.prepare(kMostAtOnce));
    buffer.commit(size);
    if (error == asio::error::eof && !parser.got_some()) co_return http::error::end_of_stream;
    if (error == asio::error::eof) {
      error.clear();
      parser.put_eof(error);
      co_return error;
    }
    if (!error) parse();
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
