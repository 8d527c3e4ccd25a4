#pragma once

#include <optional>
#include <string>

#include "core/stun/stun_format.h"

namespace rtcpub::stun {

/// Which text of a STUN message is longer than RFC 8489 section 14 lets it be, in words: "a REALM
/// of 800 bytes, where 763 are the most". Nothing if none is, or the datagram is no STUN message.
std::optional<std::string> overlongAttribute(Bytes datagram);

}  // namespace rtcpub::stun
