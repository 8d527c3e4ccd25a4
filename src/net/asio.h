#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace rtcpub::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

/// What network operations are awaited with: their error is a value, the first of a tuple.
inline constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

}  // namespace rtcpub::net
