#pragma once

#include <memory>

#include "api/ice_transport_interface.h"

namespace rtcpub::peer {

/// libwebrtc's ICE, but that it goes over to a path that carries something sooner after the one in
/// use has fallen silent: libwebrtc waits another second then, which can't be configured.
std::unique_ptr<webrtc::IceTransportFactory> makeIceTransportFactory();

}  // namespace rtcpub::peer
