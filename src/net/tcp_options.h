#pragma once

#include <optional>

#include "net/asio.h"

/// What a TCP connection of either side wants of the kernel, and what it knows of it.
namespace rtcpub::net {

/// Small messages leave at once, and what isn't acknowledged for some seconds ends the connection.
/// Returns this machine's address in it.
std::optional<asio::ip::address> prepareTcp(tcp::socket& socket);

/// Whether an interface of this machine has the address, as far as that can be told.
bool hasAddress(const asio::ip::address& address);

}  // namespace rtcpub::net
