#include "app/client/client_stats.h"

#include <utility>

namespace rtcpub {
namespace {

double seconds(Time from, Time to) { return std::chrono::duration<double>(to - from).count(); }

/// How much a counter went up; nothing when it started anew.
double increase(std::uint64_t before, std::uint64_t after) {
  return after > before ? static_cast<double>(after - before) : 0;
}

/// The part of the packets in between that was lost, 0 to 1.
double lossBetween(const peer::PeerStats& before, const peer::PeerStats& after) {
  const double arrived = increase(before.packets, after.packets);
  const double lost = increase(before.packetsLost, after.packetsLost);
  return arrived > 0 ? lost / (lost + arrived) : 0;
}

double decodeMsBetween(const peer::PeerStats& before, const peer::PeerStats& after) {
  const double pictures = increase(before.frames, after.frames);
  return pictures > 0 ? (after.decodeSeconds - before.decodeSeconds) * 1000 / pictures : 0;
}

}  // namespace

void ClientStats::onState(const StateChange& change) {
  const std::lock_guard lock(mutex_);
  latest_.state = change.state;
  latest_.reason = change.reason;
}

bool ClientStats::onViewers(int viewers) {
  const std::lock_guard lock(mutex_);
  if (std::exchange(latest_.viewers, viewers) == viewers) return false;
  latest_.time = std::chrono::system_clock::now();
  return true;
}

void ClientStats::onMismatch(std::optional<CodecMismatch> mismatch) {
  const std::lock_guard lock(mutex_);
  latest_.codecMismatch = std::move(mismatch);
}

void ClientStats::onNewPeer() {
  pastFrames_ += last_.frames;
  pastDroppedGroups_ += last_.droppedGroups;
  pastIncompleteFrames_ += last_.incompleteFrames;
  last_ = {};
}

void ClientStats::onFrame(int width, int height, Time now, std::optional<double> ageMs) {
  decodes_ = true;
  meter_.onFrame(width, height, now, ageMs);
}

void ClientStats::onCounters(const peer::PeerStats& counters, std::map<std::string, DataStats> data,
                             Time now) {
  const VideoStats video = videoSince(counters, now);
  const auto latency = meter_.latency(now);
  last_ = counters;
  lastTime_ = now;

  const std::lock_guard lock(mutex_);
  latest_.time = std::chrono::system_clock::now();
  latest_.video = video.frames > 0 ? std::optional(video) : std::nullopt;
  latest_.rttMs = counters.rttMs;
  latest_.estimateKbps = counters.estimateKbps;
  latest_.feedbackMissing = counters.feedbackMissing;
  latest_.latencyMs = latency;
  latest_.data = std::move(data);
}

Stats ClientStats::latest() const {
  const std::lock_guard lock(mutex_);
  return latest_;
}

VideoStats ClientStats::videoSince(const peer::PeerStats& counters, Time now) const {
  VideoStats video{.codec = counters.codec, .width = counters.width, .height = counters.height};
  if (lastTime_ && now > *lastTime_) {
    const double span = seconds(*lastTime_, now);
    video.kbps = increase(last_.videoBytes, counters.videoBytes) * 8 / 1000 / span;
    video.fps = increase(last_.frames, counters.frames) / span;
    video.loss = lossBetween(last_, counters);
    video.decodeMs = decodeMsBetween(last_, counters);
  }
  video.frames = pastFrames_ + counters.frames;
  video.encoder = counters.encoder;
  video.droppedGroups = pastDroppedGroups_ + counters.droppedGroups;
  video.fecKbps = counters.fecKbps;
  video.incompleteFrames = pastIncompleteFrames_ + counters.incompleteFrames;
  if (decodes_) {
    video.width = meter_.width();
    video.height = meter_.height();
    video.fps = meter_.fps(now);
    video.frames = meter_.frames();
    video.freezes = meter_.freezes();
  }
  return video;
}

}  // namespace rtcpub
