#include "sfu/router/relay.h"

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

Relay::Relay(MediaKind kind, RoomOutput& output)
    : kind_(kind), output_(output), history_(historyLimit(kind)) {}

void Relay::setPublisher(const NegotiatedMedia& media) {
  removePublisher();
  adoptPublisher(media);
  const auto* section = firstActive(media, kind_);
  source_.reset(section != nullptr ? section->ssrc : 0);
}

void Relay::renegotiatePublisher(const NegotiatedMedia& media) {
  adoptPublisher(media);
  const auto* section = firstActive(media, kind_);
  source_.announce(section != nullptr ? section->ssrc : 0);
}

void Relay::removePublisher() {
  publishes_ = false;
  publisherCodecs_.clear();
  publisherExtensions_.clear();
  payloadType_.reset();
  timestamp_.reset();
  source_.reset(0);
  restartStreams();
  history_.clear();  // nobody can ask for any of it
}

void Relay::restartStreams() {
  for (auto& receiver : receivers_) {
    receiver.stream.restart();
    receiver.thinned = false;
    receiver.layers.reset();
  }
}

void Relay::adoptPublisher(const NegotiatedMedia& media) {
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
  for (auto& receiver : receivers_) connect(receiver);
}

void Relay::setSubscriber(ClientId id, const NegotiatedMedia& media) {
  const auto* section = firstActive(media, kind_);
  if (section == nullptr) return removeSubscriber(id);
  auto* receiver = find(id);
  if (receiver == nullptr) {
    const auto place = std::find_if(receivers_.begin(), receivers_.end(),
                                    [id](const Receiver& other) { return other.id > id; });
    receiver = &*receivers_.insert(place, Receiver{.id = id,
                                                   .ready = false,
                                                   .stream = OutgoingStream(*section),
                                                   .extensions = nullptr,
                                                   .guard = nullptr,
                                                   .counters = {}});
  } else {
    receiver->stream.renegotiate(*section);
  }
  connect(*receiver);
}

void Relay::connect(Receiver& receiver) {
  receiver.stream.connect(publisherCodecs_);
  receiver.extensions =
      share(HeaderExtensionMap(publisherExtensions_, receiver.stream.section().extensions));
}

std::shared_ptr<const HeaderExtensionMap> Relay::share(const HeaderExtensionMap& extensions) const {
  for (const auto& receiver : receivers_) {
    if (receiver.extensions && *receiver.extensions == extensions) return receiver.extensions;
  }
  return std::make_shared<const HeaderExtensionMap>(extensions);
}

void Relay::startSubscriber(ClientId id) {
  auto* receiver = find(id);
  if (receiver == nullptr) return;
  receiver->ready = true;
  receiver->thinned = false;
  receiver->stream.pause();
}

void Relay::pauseSubscriber(ClientId id) {
  if (auto* receiver = find(id)) receiver->ready = false;
}

void Relay::removeSubscriber(ClientId id) {
  std::erase_if(receivers_, [id](const Receiver& receiver) { return receiver.id == id; });
  countOnKeyFrames();
}

bool Relay::someoneWaits() const {
  return publishes_ &&
         std::any_of(receivers_.begin(), receivers_.end(), [this](const Receiver& receiver) {
           return receiver.ready && receiver.stream.waiting() && !receiver.thinned &&
                  (!payloadType_ || receiver.stream.knows(*payloadType_));
         });
}

Relay::Arrival Relay::onPacket(std::span<const std::uint8_t> data, Time now) {
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
                    .startsKeyFrame = startsKeyFrame(codec->key, packet->payload())};
  if (codec->key.starts_with("H264")) {
    parameterSets_.onPayload(packet->timestamp(), packet->payload());
    info.bare = info.startsKeyFrame && !parameterSets_.cameWith(packet->timestamp());
  }
  if (info.bare && insertParameterSets(*packet, *position, now)) {
    info.bare = false;
    position->startsFrame = false;  // they did
    info.sequence = shift_.of(position->sequence);
  }
  pass(*packet, info, *position, codec->key, now);
  return {.startsKeyFrame = info.startsKeyFrame,
          .needsKeyFrame = position->changed && !info.startsKeyFrame && kind_ == MediaKind::kVideo};
}

std::optional<Relay::Position> Relay::placeOf(const RtpPacket& packet, Time now) {
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

bool Relay::insertParameterSets(const RtpPacket& keyFrame, const Position& position, Time now) {
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
       position, "H264", now);
  return true;
}

void Relay::pass(const RtpPacket& packet, const SourcePacket& info, const Position& position,
                 std::string_view codec, Time now) {
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

const NegotiatedCodec* Relay::publisherCodec(std::uint8_t payloadType) const {
  const auto found =
      std::find_if(publisherCodecs_.begin(), publisherCodecs_.end(),
                   [payloadType](const auto& codec) { return codec.payloadType == payloadType; });
  return found == publisherCodecs_.end() ? nullptr : &*found;
}

std::optional<Relay::Stored> Relay::store(const RtpPacket& packet, const SourcePacket& info,
                                          Time now) {
  // Padding is for the publisher's congestion control, nobody else's.
  const auto bytes = history_.store(info.sequence, packet.withoutPadding(), now);
  if (!bytes) return std::nullopt;
  clearPaddingBit(*bytes);
  return Stored{.info = info, .bytes = *bytes, .payloadSize = packet.payload().size()};
}

std::optional<Relay::Stored> Relay::recall(std::int64_t sequence, Time now) const {
  const auto bytes = history_.find(sequence, now);
  if (!bytes) return std::nullopt;
  const auto packet = RtpPacket::parse(*bytes);
  const SourcePacket info{.sequence = sequence,
                          .timestamp = packet->timestamp(),
                          .payloadType = packet->payloadType(),
                          .startsKeyFrame = false};
  return Stored{.info = info, .bytes = *bytes, .payloadSize = packet->payload().size()};
}

void Relay::forward(const Stored& packet, Time now) {
  for (auto& receiver : receivers_) {
    if (!receiver.ready) continue;
    if (isThinnedOut(receiver, packet) || skipsLayer(receiver, packet, now) ||
        lacksTime(receiver, packet, now)) {
      continue;
    }
    const bool waited = receiver.stream.waiting();
    const bool sent = forwardTo(receiver, packet, now);
    if (!sent || !waited) continue;
    receiver.thinned = false;
    catchUp(receiver, packet.info.sequence, now);
  }
}

bool Relay::skipsLayer(Receiver& receiver, const Stored& packet, Time now) {
  // A late packet has its place already, or none.
  if (!packet.layered || !packet.newest) return false;
  const TemporalLayer& layer = packet.layered->layer;
  if (packet.startsFrame) {
    receiver.layers.onFrame(layer, packet.info.startsKeyFrame, carriedLayer(receiver, now));
  }
  if (receiver.stream.waiting() || receiver.layers.passes(layer)) return false;
  receiver.stream.leaveOut(packet.info, packet.startsFrame);
  const bool forItsPath = receiver.thinning == Thinning::kNone;
  if (packet.startsFrame && forItsPath) ++receiver.counters.droppedFrames;
  return true;
}

std::uint8_t Relay::carriedLayer(const Receiver& receiver, Time now) const {
  if (receiver.thinning == Thinning::kLowestLayer) return 0;
  if (receiver.downlink == nullptr) return kHighestLayer;
  // So much waits before it that its rate must have been taken for more than it is.
  if (receiver.downlink->emptyAt() - now > kResumeBacklog) return 0;
  return layerRates_.fitting(receiver.downlink->recentEstimate(), receiver.layers.highest(), now);
}

bool Relay::lacksTime(Receiver& receiver, const Stored& packet, Time now) {
  if (kind_ != MediaKind::kVideo || receiver.downlink == nullptr) return false;
  const bool waits = receiver.stream.waiting();
  if (!packet.startsFrame && !(waits && packet.info.startsKeyFrame)) return false;
  if (receiver.leftOut == packet.info.timestamp) return true;  // one of its further slices
  const bool full = receiver.downlink->emptyAt() - now > (waits ? kResumeBacklog : kFullBacklog);
  const bool undecodable = waits && !packet.info.startsKeyFrame;
  if (packet.startsFrame && (full || undecodable)) ++receiver.counters.droppedFrames;
  if (!full) return false;
  leaveOutFrame(receiver, packet);
  return true;
}

/// What follows can't be decoded without it.
void Relay::leaveOutFrame(Receiver& receiver, const Stored& packet) {
  receiver.leftOut = packet.info.timestamp;
  receiver.thinned = true;
  receiver.stream.pause();
}

bool Relay::forwardTo(Receiver& receiver, const Stored& packet, Time now) {
  const auto fields = receiver.stream.next(packet.info, now);
  if (!fields) return false;
  const auto copy = copyFor(receiver, packet);
  setFields(copy.data, *fields);
  receiver.stream.count(packet.payloadSize);
  ++receiver.counters.packets;
  emit(receiver, copy, kind_ == MediaKind::kAudio, now);
  return true;
}

void Relay::emit(Receiver& receiver, const OutgoingPacket& packet, bool early, Time now) {
  receiver.counters.bytes += packet.data.size();
  if (receiver.downlink == nullptr) return output_.sendRtp(receiver.id, packet);
  receiver.downlink->send(packet, early, now);
}

/// The start of a key frame was late: what overtook it is still to be sent.
void Relay::catchUp(Receiver& receiver, std::int64_t after, Time now) {
  const std::int64_t newest = shift_.of(source_.newest());
  for (std::int64_t sequence = after + 1; sequence <= newest; ++sequence) {
    const auto packet = recall(sequence, now);
    if (packet) (void)forwardTo(receiver, *packet, now);
  }
}

OutgoingPacket Relay::copyFor(const Receiver& receiver, const Stored& packet) {
  if (prepared_.sequence != packet.info.sequence || prepared_.extensions != receiver.extensions) {
    const std::size_t size = packet.bytes.size();
    std::memcpy(prepared_.bytes.data(), packet.bytes.data(), size);
    receiver.extensions->apply(std::span(prepared_.bytes).first(size));
    prepared_.room = receiver.extensions->makeRoom(prepared_.bytes, size);
    prepared_.sequence = packet.info.sequence;
    prepared_.extensions = receiver.extensions;
  }
  const auto& [size, transportSequence] = prepared_.room;
  std::memcpy(scratch_.data(), prepared_.bytes.data(), size);
  closeGap(receiver, packet, std::span(scratch_).first(size));
  return {.data = std::span(scratch_).first(size), .transportSequence = transportSequence};
}

void Relay::closeGap(const Receiver& receiver, const Stored& packet,
                     std::span<std::uint8_t> copy) const {
  const std::uint16_t leftOut = receiver.stream.framesLeftOutBefore(packet.info);
  const auto* codec = publisherCodec(packet.info.payloadType);
  if (leftOut == 0 || codec == nullptr) return;
  const std::size_t header = RtpPacket::parse(copy)->headerSize();
  closePictureGap(codec->key, copy.subspan(header), leftOut);
}

void Relay::onSenderReport(const SenderReport& report) {
  for (const auto& receiver : receivers_) {
    if (!receiver.ready) continue;
    const auto timestamp = receiver.stream.timestampOf(report.rtpTimestamp);
    if (!timestamp) continue;
    output_.sendSenderReport(receiver.id, {.ssrc = receiver.stream.section().ssrc,
                                           .ntp = report.ntp,
                                           .rtpTimestamp = *timestamp,
                                           .packets = receiver.stream.packets(),
                                           .octets = receiver.stream.octets()});
  }
}

void Relay::onNack(ClientId from, std::uint32_t ssrc,
                   std::span<const std::uint16_t> sequenceNumbers, Time now) {
  auto* receiver = find(from);
  if (receiver == nullptr || !receiver->ready || receiver->stream.section().ssrc != ssrc) return;
  if (!receiver->guard) receiver->guard = std::make_unique<RetransmissionGuard>();
  for (const std::uint16_t sequenceNumber : sequenceNumbers) {
    retransmit(*receiver, sequenceNumber, now);
  }
}

void Relay::retransmit(Receiver& receiver, std::uint16_t sequenceNumber, Time now) {
  const auto sequence = receiver.stream.sourceOf(sequenceNumber);
  const auto packet = sequence ? recall(*sequence, now) : std::nullopt;
  if (!packet || !receiver.stream.again(packet->info)) {
    ++receiver.counters.tooOld;
    return;
  }
  if (isTooFull(receiver, now) || !receiver.guard->allow(sequenceNumber, now)) return;
  ++receiver.counters.retransmitted;
  emit(receiver, *copyAgain(receiver, *packet), true, now);
}

/// Whether what is lost would come too late again; the next key frame helps sooner.
bool Relay::isTooFull(const Receiver& receiver, Time now) {
  return receiver.downlink != nullptr &&
         (receiver.thinned || receiver.downlink->emptyAt() - now > kFullBacklog);
}

std::optional<OutgoingPacket> Relay::copyAgain(Receiver& receiver, const Stored& packet) {
  const auto original = receiver.stream.again(packet.info);
  if (!original) return std::nullopt;
  auto copy = copyFor(receiver, packet);
  setFields(copy.data, *original);
  if (const auto rtx = receiver.stream.nextRtx(packet.info)) {
    copy.data = std::span(scratch_).first(wrapInRtx(scratch_, copy.data.size(), *rtx));
  }
  return copy;
}

void Relay::setDownlink(ClientId id, Downlink* downlink) {
  auto* receiver = find(id);
  if (receiver == nullptr) return;
  receiver->downlink = downlink;
  receiver->leftOut.reset();
  if (downlink == nullptr && receiver->thinning != Thinning::kKeyFrames) receiver->thinned = false;
}

std::optional<Time> Relay::wantsKeyFrameAt() const {
  std::optional<Time> first;
  for (const auto& receiver : receivers_) {
    if (!receiver.thinned || !receiver.ready || receiver.downlink == nullptr) continue;
    if (receiver.thinning == Thinning::kKeyFrames) continue;  // these come by themselves
    const Time ready = receiver.downlink->emptyAt() - kAskBacklog;
    first = std::min(first.value_or(ready), ready);
  }
  return first;
}

std::optional<std::int64_t> Relay::fastestNarrowPath() const {
  std::optional<std::int64_t> fastest;
  for (const auto& receiver : receivers_) {
    if (!receiver.ready) continue;
    if (receiver.downlink == nullptr) return std::nullopt;
    fastest = std::max(fastest.value_or(0), receiver.downlink->recentEstimate());
  }
  return fastest;
}

std::optional<OutgoingPacket> Relay::padding(ClientId to) {
  auto* receiver = find(to);
  if (receiver == nullptr || !receiver->ready || !payloadType_ || !timestamp_) return std::nullopt;
  const auto fields = receiver->stream.nextRtx(
      {.sequence = 0, .timestamp = *timestamp_, .payloadType = *payloadType_});
  if (!fields) return std::nullopt;
  const std::size_t bare = makePadding(scratch_, *fields);
  const auto [size, transportSequence] = receiver->extensions->makeRoom(scratch_, bare);
  receiver->counters.bytes += size;
  return OutgoingPacket{.data = std::span(scratch_).first(size),
                        .transportSequence = transportSequence};
}

SubscriberCounters Relay::counters(ClientId subscriber) const {
  const auto* receiver = find(subscriber);
  return receiver == nullptr ? SubscriberCounters{} : receiver->counters;
}

std::map<ClientId, CodecReport> Relay::codecReports() const {
  std::map<ClientId, CodecReport> reports;
  for (const auto& receiver : receivers_) {
    if (!receiver.ready) continue;
    reports.emplace(receiver.id, reportOf(receiver.stream, publisherCodecs_, payloadType_));
  }
  return reports;
}

const Relay::Receiver* Relay::find(ClientId id) const {
  const auto found =
      std::lower_bound(receivers_.begin(), receivers_.end(), id,
                       [](const Receiver& receiver, ClientId key) { return receiver.id < key; });
  return found == receivers_.end() || found->id != id ? nullptr : &*found;
}

Relay::Receiver* Relay::find(ClientId id) {
  return const_cast<Receiver*>(std::as_const(*this).find(id));
}

}  // namespace rtcpub::sfu
