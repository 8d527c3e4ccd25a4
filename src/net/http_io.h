#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>

#include "net/byte_stream.h"

namespace rtcpub::net {

/// Reads one message, head and body, through `buffer`, which keeps what comes behind it. Errors:
/// the connection's, and boost::beast::http::error's: end_of_stream when none began.
asio::awaitable<error_code> readMessage(ByteStream& stream, boost::beast::flat_buffer& buffer,
                                        boost::beast::http::basic_parser<true>& request);
asio::awaitable<error_code> readMessage(ByteStream& stream, boost::beast::flat_buffer& buffer,
                                        boost::beast::http::basic_parser<false>& response);

}  // namespace rtcpub::net
