#pragma once

#include <memory>

#include "api/transport/network_control.h"
#include "peer/encoding.h"

namespace rtcpub::peer {

/// libwebrtc's congestion control, allowed to look for more bandwidth than the video takes.
///
/// The pacer sends a picture at 2.5 times the estimate, so the estimate decides how long a picture
/// takes to leave. Left alone, libwebrtc probes up to twice the encoder's cap and no further, and
/// lowers what it knew to that: 8 kB of a picture then take 5 ms. Here the cap counts four times,
/// and while the video takes less than the path bears the estimate is probed every 5 s, for 15 ms
/// at twice what it is. The estimate is told in `encoding`.
std::unique_ptr<webrtc::NetworkControllerFactoryInterface> makeCongestionControl(
    std::shared_ptr<Encoding> encoding);

}  // namespace rtcpub::peer
