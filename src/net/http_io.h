#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>

#include "net/byte_stream.h"

/// Reading through `buffer`, which keeps what comes behind what is read. Errors: the connection's,
/// and boost::beast::http::error's: end_of_stream when nothing began.
namespace rtcpub::net {

/// Reads a request's head.
asio::awaitable<error_code> readHead(ByteStream& stream, boost::beast::flat_buffer& buffer,
                                     boost::beast::http::basic_parser<true>& request);
/// Reads one message, head and body, or what of it isn't read yet.
asio::awaitable<error_code> readMessage(ByteStream& stream, boost::beast::flat_buffer& buffer,
                                        boost::beast::http::basic_parser<true>& request);
asio::awaitable<error_code> readMessage(ByteStream& stream, boost::beast::flat_buffer& buffer,
                                        boost::beast::http::basic_parser<false>& response);

}  // namespace rtcpub::net
