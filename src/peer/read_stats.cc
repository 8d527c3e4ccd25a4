#include "peer/read_stats.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "api/make_ref_counted.h"
#include "api/stats/rtc_stats_report.h"
#include "api/stats/rtcstats_objects.h"
#include "engine/compat/statistics.h"

namespace rtcpub::peer {
namespace {

using engine::known;

std::string codecName(const webrtc::RTCStatsReport& report, const std::optional<std::string>& id) {
  if (!id) return "";
  const auto* codec = report.GetAs<webrtc::RTCCodecStats>(*id);
  if (!codec) return "";
  const auto mimeType = known(codec->mime_type).value_or("");
  return mimeType.substr(mimeType.find('/') + 1);  // "video/H264"
}

template <class Rtp>
bool isVideo(const Rtp& stream) {
  return known(stream.kind) == "video";
}

void readOutbound(const webrtc::RTCStatsReport& report, PeerStats& stats) {
  for (const auto* stream : report.GetStatsOfType<engine::OutboundRtpStats>()) {
    if (!isVideo(*stream)) continue;
    stats.codec = codecName(report, known(stream->codec_id));
    stats.width = static_cast<int>(known(stream->frame_width).value_or(0U));
    stats.height = static_cast<int>(known(stream->frame_height).value_or(0U));
    stats.frames = known(stream->frames_encoded).value_or(0U);
    stats.videoBytes = known(stream->bytes_sent).value_or(0);
    stats.packets = known(stream->packets_sent).value_or(0U);
    stats.encoder = known(stream->encoder_implementation).value_or("");
  }
  for (const auto* stream : report.GetStatsOfType<webrtc::RTCRemoteInboundRtpStreamStats>()) {
    // A server may report on the repeated packets, too.
    const auto id = known(stream->local_id);
    const bool media = id && report.Get(*id) != nullptr;
    if (!isVideo(*stream) || !media) continue;
    stats.packetsLost =
        static_cast<std::uint64_t>(std::max(0, known(stream->packets_lost).value_or(0)));
  }
}

void readInbound(const webrtc::RTCStatsReport& report, PeerStats& stats) {
  for (const auto* stream : report.GetStatsOfType<engine::InboundRtpStats>()) {
    if (!isVideo(*stream)) continue;
    stats.codec = codecName(report, known(stream->codec_id));
    stats.width = static_cast<int>(known(stream->frame_width).value_or(0U));
    stats.height = static_cast<int>(known(stream->frame_height).value_or(0U));
    stats.frames = known(stream->frames_decoded).value_or(0U);
    stats.decodeSeconds = known(stream->total_decode_time).value_or(0.0);
    stats.videoBytes = known(stream->bytes_received).value_or(0);
    stats.packets = known(stream->packets_received).value_or(0U);
    stats.packetsLost =
        static_cast<std::uint64_t>(std::max(0, known(stream->packets_lost).value_or(0)));
  }
}

const webrtc::RTCIceCandidatePairStats* selectedPair(const webrtc::RTCStatsReport& report) {
  for (const auto* transport : report.GetStatsOfType<webrtc::RTCTransportStats>()) {
    const auto id = known(transport->selected_candidate_pair_id);
    if (id) return report.GetAs<webrtc::RTCIceCandidatePairStats>(*id);
  }
  return nullptr;
}

/// The round trip is from the reports on what was sent, or, since these are rare or none, from
/// ICE's checks, which count whole milliseconds.
void readPath(const webrtc::RTCStatsReport& report, PeerStats& stats) {
  for (const auto* stream : report.GetStatsOfType<webrtc::RTCRemoteInboundRtpStreamStats>()) {
    if (const auto seconds = known(stream->round_trip_time)) stats.rttMs = *seconds * 1000;
  }
  const auto* pair = selectedPair(report);
  if (pair == nullptr) return;
  if (const auto seconds = known(pair->current_round_trip_time); seconds && !stats.rttMs) {
    stats.rttMs = *seconds * 1000;
  }
  const bool sends = !report.GetStatsOfType<engine::OutboundRtpStats>().empty();
  if (const auto bitrate = known(pair->available_outgoing_bitrate); bitrate && sends) {
    stats.estimateKbps = *bitrate / 1000;
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
