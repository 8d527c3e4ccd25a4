#include "sfu/router/producer.h"

#include <algorithm>
#include <cstring>

#include "sfu/router/codec_reports.h"
#include "sfu/router/key_frame.h"

namespace rtcpub::sfu {
namespace {

/// At most: half a second of a 30 Mbit/s stream, with what is left of each block.
constexpr std::size_t kVideoHistoryBytes = std::size_t{2560} << 10;
constexpr std::size_t kAudioHistoryBytes = std::size_t{160} << 10;

/// A path with so much before it drops what comes next: its pictures would be too old.
constexpr std::chrono::milliseconds kFullBacklog{700};
/// Short enough to begin again with a key frame, and to ask for one.
constexpr std::chrono::milliseconds kResumeBacklog{300};
constexpr std::chrono::milliseconds kAskBacklog{150};

std::size_t historyLimit(MediaKind kind) {
  return kind == MediaKind::kVideo ? kVideoHistoryBytes : kAudioHistoryBytes;
}

const MediaSection* firstActive(const NegotiatedMedia& media, MediaKind kind) {
  const auto found = std::find_if(
      media.sections.begin(), media.sections.end(),
      [kind](const MediaSection& section) { return section.kind == kind && section.active; });
  return found == media.sections.end() ? nullptr : &*found;
}

}  // namespace

Producer::Producer(MediaKind kind, RouterOutput& output)
    : kind_(kind), output_(output), history_(historyLimit(kind)) {}

void Producer::setPublisher(const NegotiatedMedia& media) {
  removePublisher();
  adoptPublisher(media);
  const auto* section = firstActive(media, kind_);
  source_.reset(section != nullptr ? section->ssrc : 0);
}

void Producer::renegotiatePublisher(const NegotiatedMedia& media) {
  adoptPublisher(media);
  const auto* section = firstActive(media, kind_);
  source_.announce(section != nullptr ? section->ssrc : 0);
}

void Producer::removePublisher() {
  publishes_ = false;
  publisherCodecs_.clear();
  publisherExtensions_.clear();
  payloadType_.reset();
  timestamp_.reset();
  source_.reset(0);
  restartStreams();
  forgetOrigins();
  history_.clear();  // nobody can ask for any of it
}

void Producer::restartStreams() {
  for (auto& consumer : consumers_) {
    consumer.stream.restart();
    consumer.thinned = false;
    consumer.layers.reset();
  }
}

void Producer::adoptPublisher(const NegotiatedMedia& media) {
  publishes_ = false;
  publisherCodecs_.clear();
  publisherExtensions_.clear();
  for (const auto& section : media.sections) {
    if (section.kind != kind_ || !section.active) continue;
    publishes_ = true;
    publisherCodecs_.insert(publisherCodecs_.end(), section.codecs.begin(), section.codecs.end());
    publisherExtensions_.insert(publisherExtensions_.end(), section.extensions.begin(),
                                section.extensions.end());
  }
  for (auto& consumer : consumers_) connect(consumer);
}

void Producer::setConsumer(MemberId id, const NegotiatedMedia& media) {
  const auto* section = firstActive(media, kind_);
  if (section == nullptr) return removeConsumer(id);
  auto* consumer = find(id);
  if (consumer == nullptr) {
    const auto place = std::find_if(consumers_.begin(), consumers_.end(),
                                    [id](const Consumer& other) { return other.id > id; });
    consumer = &*consumers_.insert(place, Consumer{.id = id,
                                                   .ready = false,
                                                   .stream = OutgoingStream(*section),
                                                   .extensions = nullptr,
                                                   .guard = nullptr,
                                                   .counters = {}});
  } else {
    consumer->stream.renegotiate(*section);
  }
  connect(*consumer);
}

void Producer::connect(Consumer& consumer) {
  consumer.stream.connect(publisherCodecs_);
  consumer.extensions =
      share(HeaderExtensionMap(publisherExtensions_, consumer.stream.section().extensions));
}

std::shared_ptr<const HeaderExtensionMap> Producer::share(
    const HeaderExtensionMap& extensions) const {
  for (const auto& consumer : consumers_) {
    if (consumer.extensions && *consumer.extensions == extensions) return consumer.extensions;
  }
  return std::make_shared<const HeaderExtensionMap>(extensions);
}

void Producer::startConsumer(MemberId id) {
  auto* consumer = find(id);
  if (consumer == nullptr) return;
  consumer->ready = true;
  consumer->thinned = false;
  consumer->stream.pause();
}

void Producer::pauseConsumer(MemberId id) {
  if (auto* consumer = find(id)) consumer->ready = false;
}

void Producer::removeConsumer(MemberId id) {
  removed_ += counters(id);
  std::erase_if(consumers_, [id](const Consumer& consumer) { return consumer.id == id; });
  countOnKeyFrames();
}

bool Producer::someoneWaits() const {
  return publishes_ &&
         std::any_of(consumers_.begin(), consumers_.end(), [this](const Consumer& consumer) {
           return consumer.ready && consumer.stream.waiting() && !consumer.thinned &&
                  (!payloadType_ || consumer.stream.knows(*payloadType_));
         });
}

Producer::Arrival Producer::onPacket(std::span<const std::uint8_t> data, Time now) {
  const auto packet = RtpPacket::parse(data);
  if (!packet || data.size() > kMaxRtpSize) return {};
  const auto* codec = publisherCodec(packet->payloadType());
  if (codec == nullptr) return {};
  auto position = placeOf(*packet, now);
  if (!position) return {};
  rate_.add(data.size(), now);
  packetRate_.add(1, now);

  SourcePacket info{.sequence = shift_.of(position->sequence),
                    .timestamp = packet->timestamp(),
                    .payloadType = packet->payloadType(),
                    .startsKeyFrame = startsKeyFrame(codec->codec.kind, packet->payload())};
  if (codec->codec.kind == CodecKind::kH264) {
    parameterSets_.onPayload(packet->timestamp(), packet->payload());
    info.bare = info.startsKeyFrame && !parameterSets_.cameWith(packet->timestamp());
  }
  if (info.bare && insertParameterSets(*packet, *position, now)) {
    info.bare = false;
    position->startsFrame = false;  // they did
    info.sequence = shift_.of(position->sequence);
  }
  pass(*packet, info, *position, codec->codec.kind, now);
  return {.startsKeyFrame = info.startsKeyFrame,
          .needsKeyFrame = position->changed && !info.startsKeyFrame && kind_ == MediaKind::kVideo};
}

std::optional<Producer::Position> Producer::placeOf(const RtpPacket& packet, Time now) {
  const auto before = source_.newest();
  const auto place = source_.place(packet.ssrc(), packet.sequenceNumber(), now);
  // A stray one, or a duplicate.
  if (!place || history_.find(shift_.of(place->sequence), now)) return std::nullopt;
  if (place->restarted) restartStreams();
  Position position{.sequence = place->sequence, .newest = place->sequence == source_.newest()};
  position.changed = place->restarted || (position.newest && payloadType_ != packet.payloadType());
  if (position.changed) parameterSets_.clear();
  if (!position.newest) return position;
  payloadType_ = packet.payloadType();
  position.startsFrame = timestamp_ != packet.timestamp();
  timestamp_ = packet.timestamp();
  const bool follows = place->sequence == before + 1 && !place->restarted;
  unbroken_ = follows && (unbroken_ || position.startsFrame);
  return position;
}

bool Producer::insertParameterSets(const RtpPacket& keyFrame, const Position& position, Time now) {
  // What is missing may be the newest sets: they change with the size of the picture.
  if (!position.newest || !unbroken_) return false;
  const auto payload = parameterSets_.payload();
  const auto header = keyFrame.withoutPadding().first(keyFrame.headerSize());
  if (payload.empty() || header.size() + payload.size() > kMaxRtpSize) return false;
  std::vector<std::uint8_t> bytes(header.begin(), header.end());
  clearPaddingBit(bytes);
  clearMarker(bytes);
  bytes.insert(bytes.end(), payload.begin(), payload.end());
  pass(*RtpPacket::parse(bytes),
       {.sequence = shift_.insertBefore(position.sequence),
        .timestamp = keyFrame.timestamp(),
        .payloadType = keyFrame.payloadType(),
        .startsKeyFrame = true},
       position, CodecKind::kH264, now);
  return true;
}

void Producer::pass(const RtpPacket& packet, const SourcePacket& info, const Position& position,
                    CodecKind codec, Time now) {
  auto stored = store(packet, info, now);
  if (!stored) return;
  stored->newest = position.newest;
  stored->startsFrame = position.startsFrame;
  stored->layered = layeredPacket(codec, packet.payload());
  if (stored->layered) {
    layerRates_.add(stored->layered->layer.id, packet.headerSize() + packet.payload().size(), now);
  }
  if (kind_ == MediaKind::kVideo) noteKeyFrame(*stored, now);
  forward(*stored, now);
}

const NegotiatedCodec* Producer::publisherCodec(std::uint8_t payloadType) const {
  const auto found =
      std::find_if(publisherCodecs_.begin(), publisherCodecs_.end(),
                   [payloadType](const auto& codec) { return codec.payloadType == payloadType; });
  return found == publisherCodecs_.end() ? nullptr : &*found;
}

std::optional<Producer::Stored> Producer::store(const RtpPacket& packet, const SourcePacket& info,
                                                Time now) {
  // Padding is for the publisher's congestion control, nobody else's.
  const auto bytes = history_.store(info.sequence, packet.withoutPadding(), now);
  if (!bytes) return std::nullopt;
  clearPaddingBit(*bytes);
  return Stored{.info = info, .bytes = *bytes, .payloadSize = packet.payload().size()};
}

std::optional<Producer::Stored> Producer::recall(std::int64_t sequence, Time now) const {
  const auto bytes = history_.find(sequence, now);
  if (!bytes) return std::nullopt;
  const auto packet = RtpPacket::parse(*bytes);
  const SourcePacket info{.sequence = sequence,
                          .timestamp = packet->timestamp(),
                          .payloadType = packet->payloadType(),
                          .startsKeyFrame = false};
  return Stored{.info = info, .bytes = *bytes, .payloadSize = packet->payload().size()};
}

void Producer::forward(const Stored& packet, Time now) {
  for (auto& consumer : consumers_) {
    if (!consumer.ready) continue;
    if (leaveOut(consumer, packet, now)) continue;
    const bool waited = consumer.stream.waiting();
    const bool sent = forwardTo(consumer, packet, now);
    if (!sent || !waited) continue;
    consumer.thinned = false;
    noteOrigin(consumer, packet.info, now);
    catchUp(consumer, packet.info.sequence, now);
  }
}

/// In this order: what a layer leaves out needs no time on the path.
bool Producer::leaveOut(Consumer& consumer, const Stored& packet, Time now) {
  return leaveOutForLoad(consumer, packet) || leaveOutLayer(consumer, packet, now) ||
         leaveOutForPath(consumer, packet, now);
}

bool Producer::leaveOutLayer(Consumer& consumer, const Stored& packet, Time now) {
  // A late packet has its place already, or none.
  if (!packet.layered || !packet.newest) return false;
  const TemporalLayer& layer = packet.layered->layer;
  if (packet.startsFrame) {
    consumer.layers.onFrame(layer, packet.info.startsKeyFrame, carriedLayer(consumer, now));
  }
  if (consumer.stream.waiting() || consumer.layers.passes(layer)) return false;
  consumer.stream.leaveOut(packet.info, packet.startsFrame);
  const bool forItsPath = consumer.thinning == Thinning::kNone;
  if (packet.startsFrame && forItsPath) ++consumer.counters.droppedFrames;
  return true;
}

std::uint8_t Producer::carriedLayer(const Consumer& consumer, Time now) const {
  if (consumer.thinning == Thinning::kLowestLayer) return 0;
  if (consumer.downlink == nullptr) return kHighestLayer;
  // So much waits before it that its rate must have been taken for more than it is.
  if (consumer.downlink->emptyAt() - now > kResumeBacklog) return 0;
  return layerRates_.fitting(consumer.downlink->recentEstimate(), consumer.layers.highest(), now);
}

bool Producer::leaveOutForPath(Consumer& consumer, const Stored& packet, Time now) {
  if (kind_ != MediaKind::kVideo || consumer.downlink == nullptr) return false;
  const bool waits = consumer.stream.waiting();
  if (!packet.startsFrame && !(waits && packet.info.startsKeyFrame)) return false;
  if (consumer.leftOut == packet.info.timestamp) return true;  // one of its further slices
  const bool full = consumer.downlink->emptyAt() - now > (waits ? kResumeBacklog : kFullBacklog);
  const bool undecodable = waits && !packet.info.startsKeyFrame;
  if (packet.startsFrame && (full || undecodable)) ++consumer.counters.droppedFrames;
  if (!full) return false;
  leaveOutFrame(consumer, packet);
  return true;
}

/// What follows can't be decoded without it.
void Producer::leaveOutFrame(Consumer& consumer, const Stored& packet) {
  consumer.leftOut = packet.info.timestamp;
  consumer.thinned = true;
  consumer.stream.pause();
}

bool Producer::forwardTo(Consumer& consumer, const Stored& packet, Time now) {
  const auto fields = consumer.stream.next(packet.info, now);
  if (!fields) return false;
  const auto copy = copyFor(consumer, packet);
  setFields(copy.data, *fields);
  consumer.stream.count(packet.payloadSize);
  ++consumer.counters.packets;
  emit(consumer, copy, kind_ == MediaKind::kAudio, now);
  return true;
}

void Producer::emit(Consumer& consumer, const OutgoingPacket& packet, bool early, Time now) {
  consumer.counters.bytes += packet.data.size();
  if (consumer.downlink == nullptr) return output_.sendRtp(consumer.id, packet);
  consumer.downlink->send(packet, early, now);
}

/// The start of a key frame was late: what overtook it is still to be sent.
void Producer::catchUp(Consumer& consumer, std::int64_t after, Time now) {
  const std::int64_t newest = shift_.of(source_.newest());
  for (std::int64_t sequence = after + 1; sequence <= newest; ++sequence) {
    const auto packet = recall(sequence, now);
    if (packet) (void)forwardTo(consumer, *packet, now);
  }
}

OutgoingPacket Producer::copyFor(const Consumer& consumer, const Stored& packet) {
  if (prepared_.sequence != packet.info.sequence || prepared_.extensions != consumer.extensions) {
    const std::size_t size = packet.bytes.size();
    std::memcpy(prepared_.bytes.data(), packet.bytes.data(), size);
    consumer.extensions->apply(std::span(prepared_.bytes).first(size));
    prepared_.room = consumer.extensions->makeSpace(prepared_.bytes, size);
    prepared_.sequence = packet.info.sequence;
    prepared_.extensions = consumer.extensions;
  }
  const auto& [size, transportSequence] = prepared_.room;
  std::memcpy(scratch_.data(), prepared_.bytes.data(), size);
  closeGap(consumer, packet, std::span(scratch_).first(size));
  return {.data = std::span(scratch_).first(size), .transportSequence = transportSequence};
}

void Producer::closeGap(const Consumer& consumer, const Stored& packet,
                        std::span<std::uint8_t> copy) const {
  const std::uint16_t leftOut = consumer.stream.framesLeftOutBefore(packet.info);
  const auto* codec = publisherCodec(packet.info.payloadType);
  if (leftOut == 0 || codec == nullptr) return;
  const std::size_t header = RtpPacket::parse(copy)->headerSize();
  closePictureGap(codec->codec.kind, copy.subspan(header), leftOut);
}

void Producer::onNack(MemberId from, std::uint32_t ssrc,
                      std::span<const std::uint16_t> sequenceNumbers, Time now) {
  auto* consumer = find(from);
  if (consumer == nullptr || !consumer->ready || consumer->stream.section().ssrc != ssrc) return;
  if (!consumer->guard) consumer->guard = std::make_unique<RetransmissionGuard>();
  for (const std::uint16_t sequenceNumber : sequenceNumbers) {
    retransmit(*consumer, sequenceNumber, now);
  }
}

void Producer::retransmit(Consumer& consumer, std::uint16_t sequenceNumber, Time now) {
  const auto sequence = consumer.stream.sourceOf(sequenceNumber);
  const auto packet = sequence ? recall(*sequence, now) : std::nullopt;
  if (!packet || !consumer.stream.again(packet->info)) {
    ++consumer.counters.tooOld;
    return;
  }
  if (isTooFull(consumer, now) || !consumer.guard->allow(sequenceNumber, now)) return;
  ++consumer.counters.retransmitted;
  emit(consumer, *copyAgain(consumer, *packet), true, now);
}

/// Whether what is lost would come too late again; the next key frame helps sooner.
bool Producer::isTooFull(const Consumer& consumer, Time now) {
  return consumer.downlink != nullptr &&
         (consumer.thinned || consumer.downlink->emptyAt() - now > kFullBacklog);
}

std::optional<OutgoingPacket> Producer::copyAgain(Consumer& consumer, const Stored& packet) {
  const auto original = consumer.stream.again(packet.info);
  if (!original) return std::nullopt;
  auto copy = copyFor(consumer, packet);
  setFields(copy.data, *original);
  if (const auto rtx = consumer.stream.nextRtx(packet.info)) {
    copy.data = std::span(scratch_).first(wrapInRtx(scratch_, copy.data.size(), *rtx));
  }
  return copy;
}

void Producer::setDownlink(MemberId id, Downlink* downlink) {
  auto* consumer = find(id);
  if (consumer == nullptr) return;
  consumer->downlink = downlink;
  consumer->leftOut.reset();
  if (downlink == nullptr && consumer->thinning != Thinning::kKeyFrames) consumer->thinned = false;
}

std::optional<Time> Producer::wantsKeyFrameAt() const {
  std::optional<Time> first;
  for (const auto& consumer : consumers_) {
    if (!consumer.thinned || !consumer.ready || consumer.downlink == nullptr) continue;
    if (consumer.thinning == Thinning::kKeyFrames) continue;  // these come by themselves
    const Time ready = consumer.downlink->emptyAt() - kAskBacklog;
    first = std::min(first.value_or(ready), ready);
  }
  return first;
}

std::optional<std::int64_t> Producer::fastestNarrowPath() const {
  std::optional<std::int64_t> fastest;
  for (const auto& consumer : consumers_) {
    if (!consumer.ready) continue;
    if (consumer.downlink == nullptr) return std::nullopt;
    fastest = std::max(fastest.value_or(0), consumer.downlink->recentEstimate());
  }
  return fastest;
}

std::optional<OutgoingPacket> Producer::padding(MemberId to) {
  auto* consumer = find(to);
  if (consumer == nullptr || !consumer->ready || !payloadType_ || !timestamp_) return std::nullopt;
  const auto fields = consumer->stream.nextRtx(
      {.sequence = 0, .timestamp = *timestamp_, .payloadType = *payloadType_});
  if (!fields) return std::nullopt;
  const std::size_t bare = makePadding(scratch_, *fields);
  const auto [size, transportSequence] = consumer->extensions->makeSpace(scratch_, bare);
  consumer->counters.bytes += size;
  return OutgoingPacket{.data = std::span(scratch_).first(size),
                        .transportSequence = transportSequence};
}

ViewerCounters Producer::allCounters() const {
  ViewerCounters sum = removed_;
  for (const auto& consumer : consumers_) sum += consumer.counters;
  return sum;
}

ViewerCounters Producer::counters(MemberId viewer) const {
  const auto* consumer = find(viewer);
  return consumer == nullptr ? ViewerCounters{} : consumer->counters;
}

std::map<MemberId, CodecReport> Producer::codecReports() const {
  std::map<MemberId, CodecReport> reports;
  for (const auto& consumer : consumers_) {
    if (!consumer.ready) continue;
    reports.emplace(consumer.id, reportOf(consumer.stream, publisherCodecs_, payloadType_));
  }
  return reports;
}

const Producer::Consumer* Producer::find(MemberId id) const {
  const auto found =
      std::lower_bound(consumers_.begin(), consumers_.end(), id,
                       [](const Consumer& consumer, MemberId key) { return consumer.id < key; });
  return found == consumers_.end() || found->id != id ? nullptr : &*found;
}

Producer::Consumer* Producer::find(MemberId id) {
  return const_cast<Consumer*>(std::as_const(*this).find(id));
}

}  // namespace rtcpub::sfu
