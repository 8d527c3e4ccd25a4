#pragma once

#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/stream.hpp>

#include "net/asio.h"

/// For the few files that use Beast: it is slow to compile.
namespace rtcpub::net {

namespace beast = boost::beast;
namespace websocket = beast::websocket;

using PlainStream = beast::tcp_stream;
using TlsStream = beast::ssl_stream<PlainStream>;

/// Without permessage-deflate: SDP is small, and compression costs memory for each connection.
template <class Stream>
using WebSocketStream = websocket::stream<Stream, false>;

}  // namespace rtcpub::net
