#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

#include "core/doctor/findings.h"
#include "core/stun/stun_binding.h"

/// STUN's Binding from plain sockets. Any thread; the functions block for no longer than the limit.
namespace rtcpub::net {

/// Asks all of them, those of one family from one socket: only so do the answers tell what a NAT
/// does. In the order of `servers`; the addresses must be such, and no names.
std::vector<doctor::StunFinding> askStun(const std::vector<stun::Endpoint>& servers,
                                         std::chrono::milliseconds limit);

/// The longest IP packet, up to 1500 bytes, that this server gets whole, as far as it answers;
/// nullopt: it answers not even the shortest.
std::optional<std::size_t> pathMtu(const stun::Endpoint& server, std::chrono::milliseconds limit);

}  // namespace rtcpub::net
