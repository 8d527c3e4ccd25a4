#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace rtcpub::net {

/// The number of the interface that is named behind a link-local address ("fe80::1%eth0", or its
/// number, RFC 4007 section 11.2); 0 where none is named, nothing if this machine has none of that
/// name.
std::optional<std::uint32_t> interfaceOf(std::string_view host);

}  // namespace rtcpub::net
