#include "sfu/router/router.h"

#include <algorithm>
#include <map>

#include "sfu/router/downlink.h"
#include "sfu/router/key_frame_limiter.h"
#include "sfu/router/pli_backoff.h"
#include "sfu/router/producer.h"
#include "sfu/router/publisher_limit.h"

namespace rtcpub::sfu {
namespace {

/// How often key frames are asked for on behalf of narrow paths, at most: they cost everybody.
constexpr std::chrono::seconds kThinKeyFrameInterval{1};

/// How often they come for those who get nothing else since the server has too much to do. A
/// browser that gets no picture for three seconds asks for one.
constexpr std::chrono::seconds kOverloadKeyFrameInterval{2};

/// How much of a path its publisher may use; the rest is for retransmissions and for rising.
constexpr std::int64_t kUsablePercent = 90;

/// How long the source is expected to send again as much as it did.
constexpr std::chrono::seconds kPeakHolds{10};

/// Whether a path's rate leaves room enough above what the source sends to do without a queue.
bool isWide(std::int64_t estimate, std::int64_t need) {
  return need > 0 && estimate * 2 >= need * 3;
}

}  // namespace

class Router::Impl {
 public:
  explicit Impl(RouterOutput& routerOutput)
      : output(routerOutput),
        video(MediaKind::kVideo, routerOutput),
        audio(MediaKind::kAudio, routerOutput) {}

  Producer& producer(MediaKind kind) { return kind == MediaKind::kVideo ? video : audio; }

  /// A publisher whose transport isn't up yet can't be asked; onPublisherReady makes up for it.
  void requestKeyFrame(Time now) {
    if (publisher && publisherReady && limiter.request(now)) output.requestKeyFrame(*publisher);
  }

  [[nodiscard]] std::int64_t rate(Time now) const { return video.rate(now) + audio.rate(now); }

  /// What the source sends when it may: also in a calm moment, and while it is limited.
  [[nodiscard]] std::int64_t peakRate(Time now) {
    const std::int64_t current = rate(now);
    const bool holds = limit.limits() || now - peakAt < kPeakHolds;
    if (current >= peak || !holds) {
      peak = current;
      peakAt = now;
    } else if (limit.limits()) {
      peakAt = now;
    }
    return peak;
  }

  /// The path to a viewer turned out narrow.
  void makeDownlink(MemberId id, std::int64_t estimate, Time now) {
    const auto [made, isNew] = downlinks.try_emplace(
        id, estimate, rate(now), now,
        [this, id](const OutgoingPacket& packet) { output.sendRtp(id, packet); });
    video.setDownlink(id, &made->second);
    audio.setDownlink(id, &made->second);
  }

  void dropDownlink(MemberId id) {
    video.setDownlink(id, nullptr);
    audio.setDownlink(id, nullptr);
    downlinks.erase(id);
  }

  void forgetPath(MemberId id) {
    dropDownlink(id);
    estimates.erase(id);
  }

  /// When to ask for a key frame for those whose path is too narrow for all frames, or for whom the
  /// server has no time.
  [[nodiscard]] std::optional<Time> thinKeyFrameAt() const {
    std::optional<Time> due;
    if (video.someoneOnKeyFrames()) due = keyFrameAt + kOverloadKeyFrameInterval;
    if (downlinks.empty()) return due;
    const auto wanted = video.wantsKeyFrameAt();
    if (!wanted) return due;
    const Time first = std::max(*wanted, keyFrameAt + kThinKeyFrameInterval);
    return std::min(due.value_or(first), first);
  }

  RouterOutput& output;
  Producer video;
  Producer audio;
  KeyFrameLimiter limiter;
  std::map<MemberId, PliBackoff> backoffs;  ///< of viewers that have asked for a key frame
  std::optional<MemberId> publisher;
  bool publisherReady = false;
  std::map<MemberId, std::int64_t> estimates;  ///< bits a second
  std::map<MemberId, Downlink> downlinks;      ///< of narrow paths only
  Time keyFrameAt{};                           ///< when the last one began, or was asked for
  PublisherLimit limit;
  std::int64_t peak = 0;  ///< bits a second
  Time peakAt{};
};

Router::Router(RouterOutput& output) : impl_(std::make_unique<Impl>(output)) {}
Router::~Router() = default;

void Router::setPublisher(MemberId id, const NegotiatedMedia& media, Time now) {
  if (impl_->publisher == id) {
    impl_->video.renegotiatePublisher(media);
    impl_->audio.renegotiatePublisher(media);
    if (impl_->video.someoneWaits()) impl_->requestKeyFrame(now);
    return;
  }
  impl_->publisher = id;
  impl_->publisherReady = false;
  impl_->limiter.reset();
  impl_->backoffs.clear();
  impl_->limit = {};
  impl_->peak = 0;
  impl_->video.setPublisher(media);
  impl_->audio.setPublisher(media);
}

void Router::removePublisher(MemberId id) {
  if (impl_->publisher != id) return;  // another one has its place already
  impl_->publisher.reset();
  impl_->publisherReady = false;
  impl_->limiter.reset();
  impl_->backoffs.clear();
  impl_->limit = {};
  impl_->peak = 0;
  impl_->video.removePublisher();
  impl_->audio.removePublisher();
}

void Router::onPublisherReady(Time now) {
  if (!impl_->publisher) return;
  impl_->publisherReady = true;
  if (impl_->video.someoneWaits()) impl_->requestKeyFrame(now);
}

void Router::addViewer(MemberId id, const NegotiatedMedia& media) {
  impl_->video.setConsumer(id, media);
  impl_->audio.setConsumer(id, media);
}

void Router::onViewerReady(MemberId id, Time now) {
  impl_->forgetPath(id);
  impl_->backoffs.erase(id);
  impl_->video.startConsumer(id);
  impl_->audio.startConsumer(id);
  if (impl_->video.someoneWaits()) impl_->requestKeyFrame(now);
}

void Router::pauseViewer(MemberId id) {
  impl_->dropDownlink(id);  // and what waits there
  impl_->video.pauseConsumer(id);
  impl_->audio.pauseConsumer(id);
}

void Router::removeViewer(MemberId id) {
  impl_->backoffs.erase(id);
  impl_->forgetPath(id);
  impl_->video.removeConsumer(id);
  impl_->audio.removeConsumer(id);
}

void Router::onPacket(const IncomingPacket& packet, Time now) {
  if (!impl_->publisher) return;
  const auto arrival = impl_->producer(packet.kind).onPacket(packet.data, now);
  if (arrival.startsKeyFrame) {
    impl_->limiter.onKeyFrame();
    for (auto& [id, backoff] : impl_->backoffs) backoff.onKeyFrame();
    impl_->keyFrameAt = now;
  }
  // Also when a key frame was none for those who wait: its parameter sets are missing.
  const bool matters = arrival.needsKeyFrame || arrival.startsKeyFrame;
  if (matters && impl_->video.someoneWaits()) impl_->requestKeyFrame(now);
}

void Router::onVideoSourceChanged(std::uint32_t ssrc) { impl_->video.follow(ssrc); }

void Router::onSenderReport(const SenderReport& report, Time now) {
  impl_->producer(report.kind).onSenderReport(report, now);
}

std::optional<std::int64_t> Router::capturedNtpUs(MemberId viewer, std::uint32_t timestamp,
                                                  Time now) const {
  return impl_->video.capturedNtpUs(viewer, timestamp, now);
}

void Router::onNack(MemberId from, std::uint32_t ssrc,
                    std::span<const std::uint16_t> sequenceNumbers, Time now) {
  impl_->video.onNack(from, ssrc, sequenceNumbers, now);
  impl_->audio.onNack(from, ssrc, sequenceNumbers, now);
}

void Router::onKeyFrameNeeded(Time now) { impl_->requestKeyFrame(now); }

void Router::onPictureLost(MemberId from, Time now) {
  if (!impl_->video.serves(from)) return;
  // Who gets key frames only is given one when its turn comes.
  if (impl_->video.thinning(from) == Thinning::kKeyFrames) return;
  if (impl_->backoffs[from].request(now)) impl_->requestKeyFrame(now);
}

void Router::onEstimate(MemberId from, std::int64_t bitsPerSecond, Time now) {
  if (!impl_->video.serves(from) && !impl_->audio.serves(from)) return;
  const auto [known, isNew] = impl_->estimates.try_emplace(from, bitsPerSecond);
  const bool fell = !isNew && bitsPerSecond < known->second;
  known->second = bitsPerSecond;
  const std::int64_t need = impl_->rate(now);
  const std::int64_t peak = impl_->peakRate(now);
  const auto narrow = impl_->downlinks.find(from);
  if (narrow == impl_->downlinks.end()) {
    // An estimate that never fell is low since nothing more was sent yet.
    if (fell && bitsPerSecond < need) impl_->makeDownlink(from, bitsPerSecond, now);
    return;
  }
  narrow->second.adapt(bitsPerSecond, need, now);
  if (!isWide(bitsPerSecond, peak)) return;
  narrow->second.flush();
  impl_->dropDownlink(from);
  if (impl_->video.someoneWaits()) impl_->requestKeyFrame(now);
}

std::optional<std::int64_t> Router::publisherLimit(Time now) {
  if (!impl_->publisher || !impl_->publisherReady) return std::nullopt;
  std::optional<std::int64_t> limit;
  if (!impl_->downlinks.empty()) limit = impl_->video.fastestNarrowPath();
  if (limit) limit = *limit * kUsablePercent / 100;
  return impl_->limit.next(limit, now);
}

std::optional<Time> Router::deadline() const {
  std::optional<Time> first;
  const auto consider = [&first](Time time) { first = std::min(first.value_or(time), time); };
  for (const auto& [id, downlink] : impl_->downlinks) consider(downlink.deadline());
  if (!impl_->publisher || !impl_->publisherReady) return first;
  if (const auto due = impl_->limiter.deadline(impl_->video.someoneWaits())) consider(*due);
  for (const auto& [id, backoff] : impl_->backoffs) {
    if (const auto due = backoff.deadline()) consider(*due);
  }
  if (const auto due = impl_->thinKeyFrameAt()) consider(*due);
  return first;
}

void Router::onTime(Time now) {
  for (auto& [id, downlink] : impl_->downlinks) {
    downlink.onTime(now, [this, to = id] { return impl_->video.padding(to); });
  }
  if (!impl_->publisher || !impl_->publisherReady) return;
  if (impl_->limiter.onTime(now, impl_->video.someoneWaits())) {
    impl_->output.requestKeyFrame(*impl_->publisher);
  }
  for (auto& [id, backoff] : impl_->backoffs) {
    if (backoff.onTime(now)) impl_->requestKeyFrame(now);
  }
  const auto thin = impl_->thinKeyFrameAt();
  if (!thin || now < *thin) return;
  impl_->keyFrameAt = now;
  impl_->requestKeyFrame(now);
}

void Router::forgetOld(Time now) {
  impl_->video.forgetOld(now);
  impl_->audio.forgetOld(now);
}

void Router::addLoads(std::vector<ViewerLoad>& loads, Time now) {
  if (!impl_->publisher) return;
  impl_->video.addLoads(loads, 1 / std::chrono::duration<double>(kOverloadKeyFrameInterval).count(),
                        now);
}

void Router::thin(const std::map<MemberId, Thinning>& plan, std::size_t burst, Time now) {
  impl_->video.limitKeyFrames(burst);
  impl_->video.thin(plan);
  if (impl_->video.someoneWaits()) impl_->requestKeyFrame(now);
}

bool Router::thinned(MemberId viewer) const {
  return impl_->video.thinning(viewer) != Thinning::kNone;
}

std::size_t Router::historyBytes() const {
  return impl_->video.historyBytes() + impl_->audio.historyBytes();
}

ViewerCounters& ViewerCounters::operator+=(const ViewerCounters& other) {
  packets += other.packets;
  bytes += other.bytes;
  retransmitted += other.retransmitted;
  tooOld += other.tooOld;
  droppedFrames += other.droppedFrames;
  return *this;
}

ViewerCounters Router::counters(MemberId viewer) const {
  auto sum = impl_->video.counters(viewer);
  return sum += impl_->audio.counters(viewer);
}

MediaTotals Router::totals() const {
  auto sum = impl_->video.allCounters();
  sum += impl_->audio.allCounters();
  return {.keyFrames = impl_->video.keyFrames(),
          .retransmitted = sum.retransmitted,
          .tooOld = sum.tooOld,
          .droppedFrames = sum.droppedFrames};
}

std::map<MemberId, CodecReport> Router::codecReports() const { return impl_->video.codecReports(); }

}  // namespace rtcpub::sfu
