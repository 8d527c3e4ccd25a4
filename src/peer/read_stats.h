#pragma once

#include <functional>

#include "api/scoped_refptr.h"
#include "api/stats/rtc_stats_collector_callback.h"
#include "peer/peer.h"

namespace rtcpub::peer {

/// What PeerConnection::GetStats takes: picks our figures from libwebrtc's report and hands them to
/// `done`, on the signaling thread.
rtc::scoped_refptr<webrtc::RTCStatsCollectorCallback> readStats(
    std::function<void(PeerStats)> done);

}  // namespace rtcpub::peer
