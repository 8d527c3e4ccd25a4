#include "sfu/router/outgoing_stream.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "sfu/router/codec_match.h"

namespace rtcpub::sfu {
namespace {

bool isPayloadType(int value) { return value >= 0 && value < 128; }

/// As negotiated, within what the arithmetic bears.
int saneClockRate(int clockRate) { return std::clamp(clockRate, 1'000, 384'000); }

/// The least distance of two frames, in frames a second: 30 pictures or 50 Opus packets.
int framesPerSecond(MediaKind kind) { return kind == MediaKind::kVideo ? 30 : 50; }

}  // namespace

OutgoingStream::OutgoingStream(MediaSection section) : section_(std::move(section)) {
  codecs_.fill(kNoCodec);
}

void OutgoingStream::renegotiate(MediaSection section) { section_ = std::move(section); }

void OutgoingStream::connect(const std::vector<NegotiatedCodec>& publisherCodecs) {
  codecs_.fill(kNoCodec);
  for (const auto& codec : publisherCodecs) {
    const auto* own = findCodec(section_.codecs, codec.codec);
    if (own == nullptr || !isPayloadType(codec.payloadType) || !isPayloadType(own->payloadType)) {
      continue;
    }
    const auto index = own - section_.codecs.data();
    if (index > std::numeric_limits<std::int8_t>::max()) continue;
    codecs_[static_cast<std::size_t>(codec.payloadType)] = static_cast<std::int8_t>(index);
  }
}

void OutgoingStream::restart() {
  waiting_ = true;
  sameSource_ = false;
  sequence_.clear();
}

void OutgoingStream::pause() { waiting_ = true; }

bool OutgoingStream::knows(std::uint8_t payloadType) const {
  return codecFor(payloadType) != nullptr;
}

std::optional<RtpFields> OutgoingStream::next(const SourcePacket& packet, Time now) {
  const auto* codec = codecFor(packet.payloadType);
  if (codec == nullptr) {
    if (packet.sequence > newest_) waiting_ = true;  // not a late one of an earlier codec
    return std::nullopt;
  }
  if (waiting_) {
    if (!canBegin(packet)) return std::nullopt;
    begin(packet, now);
  }
  const auto place = sequence_.find(packet.sequence);
  if (!place) return std::nullopt;
  const auto fields = again(packet);
  if (packet.sequence >= newest_) {
    newest_ = packet.sequence;
    outgoing_ = place->number;
    if (fields->timestamp != lastTimestamp_) lastTimestampTime_ = now;
    lastTimestamp_ = fields->timestamp;
  }
  return fields;
}

bool OutgoingStream::canBegin(const SourcePacket& packet) const {
  const bool starts = section_.kind == MediaKind::kAudio || packet.startsKeyFrame;
  // A late key frame of what was already sent is no place to go on from.
  if (!starts || (sameSource_ && packet.sequence <= newest_)) return false;
  // A decoder that has old parameter sets would go by these.
  return !packet.bare || !begun_;
}

void OutgoingStream::begin(const SourcePacket& packet, Time now) {
  if (!begun_) {
    // In the lower half, so that SRTP's packet index is unambiguous from the first packet on
    // (RFC 3711 section 3.3.1).
    outgoing_ = packet.sequence & 0x7FFF;
    timestampOffset_ = 0;
    lastTimestampTime_ = now;
  } else {
    ++outgoing_;
    if (!sameSource_) {
      const int clockRate = saneClockRate(codecFor(packet.payloadType)->clockRate);
      timestampOffset_ = continuedTimestamp(clockRate, now) - packet.timestamp;
    }
  }
  sequence_.begin(packet.sequence, outgoing_);
  begun_ = true;
  sameSource_ = true;
  waiting_ = false;
  newest_ = packet.sequence;
}

std::uint32_t OutgoingStream::continuedTimestamp(int clockRate, Time now) const {
  using std::chrono::microseconds;
  const std::int64_t elapsedUs =
      std::max<std::int64_t>(0, microseconds(now - lastTimestampTime_).count());
  const std::int64_t ticks = elapsedUs * clockRate / 1'000'000;
  const std::int64_t frame = clockRate / framesPerSecond(section_.kind);
  return lastTimestamp_ + static_cast<std::uint32_t>(std::max(ticks, frame));
}

void OutgoingStream::count(std::size_t payloadSize) {
  ++packets_;
  octets_ += static_cast<std::uint32_t>(payloadSize);
}

std::optional<std::int64_t> OutgoingStream::sourceOf(std::uint16_t outgoing) const {
  if (!begun_ || !sameSource_) return std::nullopt;
  const auto distance = static_cast<std::int16_t>(outgoing - static_cast<std::uint16_t>(outgoing_));
  if (distance > 0) return std::nullopt;
  return sequence_.sourceOf(outgoing_ + distance);
}

void OutgoingStream::leaveOut(const SourcePacket& packet, bool startsFrame) {
  sequence_.leaveOut(packet.sequence, startsFrame);
}

std::uint16_t OutgoingStream::framesLeftOutBefore(const SourcePacket& packet) const {
  const auto place = sequence_.find(packet.sequence);
  return place ? place->frames : std::uint16_t{0};
}

std::optional<RtpFields> OutgoingStream::again(const SourcePacket& packet) const {
  const auto* codec = codecFor(packet.payloadType);
  const auto place = sequence_.find(packet.sequence);
  if (codec == nullptr || !place) return std::nullopt;
  return RtpFields{.payloadType = static_cast<std::uint8_t>(codec->payloadType),
                   .sequenceNumber = static_cast<std::uint16_t>(place->number),
                   .timestamp = packet.timestamp + timestampOffset_,
                   .ssrc = section_.ssrc};
}

std::optional<RtpFields> OutgoingStream::nextRtx(const SourcePacket& packet) {
  const auto* codec = codecFor(packet.payloadType);
  if (codec == nullptr || !isPayloadType(codec->rtxPayloadType) || section_.rtxSsrc == 0) {
    return std::nullopt;
  }
  return RtpFields{.payloadType = static_cast<std::uint8_t>(codec->rtxPayloadType),
                   .sequenceNumber = rtxSequenceNumber_++,
                   .timestamp = packet.timestamp + timestampOffset_,
                   .ssrc = section_.rtxSsrc};
}

std::optional<std::uint32_t> OutgoingStream::timestampOf(std::uint32_t timestamp) const {
  if (waiting_) return std::nullopt;
  return timestamp + timestampOffset_;
}

const NegotiatedCodec* OutgoingStream::codecFor(std::uint8_t payloadType) const {
  const std::int8_t index = codecs_[payloadType & 0x7FU];
  return index == kNoCodec ? nullptr : &section_.codecs[static_cast<std::size_t>(index)];
}

}  // namespace rtcpub::sfu
