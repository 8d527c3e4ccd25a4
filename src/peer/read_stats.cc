#include "peer/read_stats.h"

#include <algorithm>
#include <string>
#include <utility>

#include "api/make_ref_counted.h"
#include "api/stats/rtc_stats_report.h"
#include "api/stats/rtcstats_objects.h"

namespace rtcpub::peer {
namespace {

template <class T>
T valueOr(const webrtc::RTCStatsMember<T>& member, T otherwise) {
  return member.is_defined() ? *member : otherwise;
}

std::string codecName(const webrtc::RTCStatsReport& report,
                      const webrtc::RTCStatsMember<std::string>& id) {
  if (!id.is_defined()) return "";
  const auto* codec = report.GetAs<webrtc::RTCCodecStats>(*id);
  if (!codec) return "";
  const auto mimeType = valueOr<std::string>(codec->mime_type, "");
  return mimeType.substr(mimeType.find('/') + 1);  // "video/H264"
}

template <class Rtp>
bool isVideo(const Rtp& stream) {
  return valueOr<std::string>(stream.kind, "") == "video";
}

void readOutbound(const webrtc::RTCStatsReport& report, PeerStats& stats) {
  for (const auto* stream : report.GetStatsOfType<webrtc::RTCOutboundRTPStreamStats>()) {
    if (!isVideo(*stream)) continue;
    stats.codec = codecName(report, stream->codec_id);
    stats.width = static_cast<int>(valueOr(stream->frame_width, 0U));
    stats.height = static_cast<int>(valueOr(stream->frame_height, 0U));
    stats.frames = valueOr(stream->frames_encoded, 0U);
    stats.videoBytes = valueOr<std::uint64_t>(stream->bytes_sent, 0);
    stats.packets = valueOr(stream->packets_sent, 0U);
    stats.encoder = valueOr<std::string>(stream->encoder_implementation, "");
  }
  for (const auto* stream : report.GetStatsOfType<webrtc::RTCRemoteInboundRtpStreamStats>()) {
    // A server may report on the repeated packets, too.
    const bool media = stream->local_id.is_defined() && report.Get(*stream->local_id) != nullptr;
    if (!isVideo(*stream) || !media) continue;
    stats.packetsLost = static_cast<std::uint64_t>(std::max(0, valueOr(stream->packets_lost, 0)));
  }
}

void readInbound(const webrtc::RTCStatsReport& report, PeerStats& stats) {
  for (const auto* stream : report.GetStatsOfType<webrtc::RTCInboundRTPStreamStats>()) {
    if (!isVideo(*stream)) continue;
    stats.codec = codecName(report, stream->codec_id);
    stats.width = static_cast<int>(valueOr(stream->frame_width, 0U));
    stats.height = static_cast<int>(valueOr(stream->frame_height, 0U));
    stats.frames = valueOr(stream->frames_decoded, 0U);
    stats.decodeSeconds = valueOr(stream->total_decode_time, 0.0);
    stats.videoBytes = valueOr<std::uint64_t>(stream->bytes_received, 0);
    stats.packets = valueOr(stream->packets_received, 0U);
    stats.packetsLost = static_cast<std::uint64_t>(std::max(0, valueOr(stream->packets_lost, 0)));
  }
}

const webrtc::RTCIceCandidatePairStats* selectedPair(const webrtc::RTCStatsReport& report) {
  for (const auto* transport : report.GetStatsOfType<webrtc::RTCTransportStats>()) {
    if (!transport->selected_candidate_pair_id.is_defined()) continue;
    return report.GetAs<webrtc::RTCIceCandidatePairStats>(*transport->selected_candidate_pair_id);
  }
  return nullptr;
}

/// The round trip is from the reports on what was sent, or, since these are rare or none, from
/// ICE's checks, which count whole milliseconds.
void readPath(const webrtc::RTCStatsReport& report, PeerStats& stats) {
  for (const auto* stream : report.GetStatsOfType<webrtc::RTCRemoteInboundRtpStreamStats>()) {
    if (stream->round_trip_time.is_defined()) stats.rttMs = *stream->round_trip_time * 1000;
  }
  const auto* pair = selectedPair(report);
  if (pair == nullptr) return;
  if (!stats.rttMs && pair->current_round_trip_time.is_defined()) {
    stats.rttMs = *pair->current_round_trip_time * 1000;
  }
  const bool sends = !report.GetStatsOfType<webrtc::RTCOutboundRTPStreamStats>().empty();
  if (sends && pair->available_outgoing_bitrate.is_defined()) {
    stats.estimateKbps = *pair->available_outgoing_bitrate / 1000;
  }
}

class StatsReader : public webrtc::RTCStatsCollectorCallback {
 public:
  explicit StatsReader(std::function<void(PeerStats)> done) : done_(std::move(done)) {}

  void OnStatsDelivered(const rtc::scoped_refptr<const webrtc::RTCStatsReport>& report) override {
    PeerStats stats;
    readOutbound(*report, stats);
    readInbound(*report, stats);
    readPath(*report, stats);
    done_(std::move(stats));
  }

 private:
  const std::function<void(PeerStats)> done_;
};

}  // namespace

rtc::scoped_refptr<webrtc::RTCStatsCollectorCallback> readStats(
    std::function<void(PeerStats)> done) {
  return rtc::make_ref_counted<StatsReader>(std::move(done));
}

}  // namespace rtcpub::peer
