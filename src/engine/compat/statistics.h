#pragma once

#include <api/stats/rtcstats_objects.h>

#include <optional>

namespace rtcpub::engine {

#if RTCPUB_LIBWEBRTC >= 20240218
using InboundRtpStats = webrtc::RTCInboundRtpStreamStats;
using OutboundRtpStats = webrtc::RTCOutboundRtpStreamStats;
template <class T>
using Statistic = absl::optional<T>;
#else
using InboundRtpStats = webrtc::RTCInboundRTPStreamStats;
using OutboundRtpStats = webrtc::RTCOutboundRTPStreamStats;
template <class T>
using Statistic = webrtc::RTCStatsMember<T>;
#endif

/// A member of libwebrtc's statistics; nothing: it says nothing of that.
template <class T>
std::optional<T> known(const Statistic<T>& statistic) {
#if RTCPUB_LIBWEBRTC >= 20240218
  return statistic;
#else
  return statistic.is_defined() ? std::optional<T>(*statistic) : std::nullopt;
#endif
}

}  // namespace rtcpub::engine
