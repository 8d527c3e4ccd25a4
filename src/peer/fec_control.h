#pragma once

#include <memory>

#include "api/fec_controller.h"
#include "peer/encoding.h"

namespace rtcpub::peer {

/// libwebrtc's FEC control, let through when FecPolicy says so. Tells in `encoding` how much FEC is
/// sent, and learns from it what the path carries: libwebrtc's own is told of no more than twice
/// what the video takes at most.
std::unique_ptr<webrtc::FecControllerFactoryInterface> makeFecControl(
    std::shared_ptr<Encoding> encoding);

}  // namespace rtcpub::peer
