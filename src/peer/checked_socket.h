#pragma once

#include <functional>
#include <memory>
#include <string>

#include "rtc_base/async_packet_socket.h"

namespace rtcpub::peer {

/// A socket that hands on what it receives but for STUN messages with texts longer than RFC 8489
/// lets them be, which `refused` is told of: where from, and why. The engine takes any length.
/// Null if `socket` is. Runs on: the engine's network thread.
std::unique_ptr<rtc::AsyncPacketSocket> withCheckedStun(
    std::unique_ptr<rtc::AsyncPacketSocket> socket,
    std::function<void(const std::string& from, const std::string& why)> refused);

}  // namespace rtcpub::peer
