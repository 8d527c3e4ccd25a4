#pragma once

#include <memory>

#include "api/packet_socket_factory.h"
#include "peer/peer.h"
#include "rtc_base/socket_factory.h"

namespace rtcpub::peer {

/// Sockets that call and are not called: TCP candidates are active ones only (RFC 6544), so that no
/// port of a robot is open to strangers.
///
/// With ICE servers, what comes as STUN with overlong texts is dropped, and told in the log once
/// for each address. UDP sockets of networks that are gone are closed. `sockets` outlives it; it is
/// destroyed on the engine's thread, where all its functions are called.
std::unique_ptr<rtc::PacketSocketFactory> makeCallingSockets(rtc::SocketFactory& sockets,
                                                             const PeerOptions& options);

}  // namespace rtcpub::peer
