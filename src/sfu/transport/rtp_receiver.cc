#include "sfu/transport/rtp_receiver.h"

#include <modules/rtp_rtcp/include/rtp_rtcp_defines.h>
#include <modules/rtp_rtcp/source/rtp_packet_received.h>
#include <rtc_base/thread.h>
#include <system_wrappers/include/clock.h>

#include <algorithm>

#include "sfu/router/key_frame.h"
#include "sfu/router/payload_descriptor.h"
#include "sfu/transport/rtcp.h"
#include "sfu/transport/rtx.h"

namespace rtcpub::sfu {
namespace {

/// A new SSRC takes the stream's place when the old one has been silent for so long. (Simulcast
/// layers have a receiver each.)
constexpr std::chrono::milliseconds kSilence{500};

/// How often we look for packets that were requested and didn't come; libwebrtc does every 20 ms,
/// which would come on top of each round trip.
constexpr webrtc::TimeDelta kNackTick = webrtc::TimeDelta::Millis(5);
/// libwebrtc's senders don't repeat a packet within the round trip and 5 ms, by their own clock and
/// measurement: whoever asks too early has asked for nothing.
constexpr std::int64_t kNackMargin = 9;

/// libwebrtc's FEC decoder has no room for larger packets, and aborts on them; senders of FEC make
/// none.
constexpr std::size_t kMostProtected = IP_PACKET_SIZE;

Time timeOf(const webrtc::RtpPacketReceived& packet) {
  return Time(std::chrono::microseconds(packet.arrival_time().us()));
}

}  // namespace

RtpReceiver::RtpReceiver(const MediaSection& section, const Feedback& feedback,
                         std::uint32_t ownSsrc, rtc::Thread& thread,
                         const webrtc::FieldTrialsView& trials, Events& events)
    : section_(section),
      feedback_(feedback),
      ownSsrc_(ownSsrc),
      thread_(thread),
      trials_(trials),
      events_(events),
      nackTimer_(kNackTick) {
  for (const auto& codec : section_.codecs) {
    formats_.at(static_cast<std::size_t>(codec.payloadType)) = {&codec, false};
    if (codec.rtxPayloadType >= 0) {
      formats_.at(static_cast<std::size_t>(codec.rtxPayloadType)) = {&codec, true};
    }
  }
  startStream(section_.ssrc);
}

RtpReceiver::~RtpReceiver() = default;

void RtpReceiver::startStream(std::uint32_t ssrc) {
  missingBefore_ += missing();
  lostBefore_ += lost();
  mostLost_ = 0;
  ssrc_ = ssrc;
  rtxSsrc_ = 0;
  nacks_.reset();
  fec_.reset();
  arrivals_ = {};
  repairs_ = {};
  lastReport_ = 0;
  statistics_ =
      webrtc::ReceiveStatistics::CreateThreadCompatible(webrtc::Clock::GetRealTimeClock());
  if (feedback_.nack && section_.kind == MediaKind::kVideo) {
    nacks_ = std::make_unique<webrtc::NackRequester>(
        &thread_, &nackTimer_, webrtc::Clock::GetRealTimeClock(), this, this, trials_);
  }
}

bool RtpReceiver::takesMedia(std::uint32_t ssrc, Time now) {
  if (ssrc == ssrc_) return true;
  if (ssrc == 0 || ssrc == section_.rtxSsrc || ssrc == section_.fecSsrc ||
      (ssrc_ != 0 && now - lastMedia_ < kSilence)) {
    return false;
  }
  startStream(ssrc);
  return true;
}

void RtpReceiver::OnRtpPacket(const webrtc::RtpPacketReceived& packet) {
  events_.onArrival(packet);
  ++packets_;
  bytes_ += packet.size();
  if (packet.PayloadType() == section_.fecPayloadType) {
    onFec(packet);
    return;
  }
  const Format format = formats_[packet.PayloadType() & 0x7F];
  if (format.codec == nullptr) return;
  if (format.rtx) {
    onRtx(packet, *format.codec);
  } else {
    onMedia(packet, *format.codec, timeOf(packet));
  }
}

void RtpReceiver::onMedia(const webrtc::RtpPacketReceived& packet, const NegotiatedCodec& codec,
                          Time now) {
  if (!takesMedia(packet.Ssrc(), now)) return;
  lastMedia_ = now;
  codec_ = codec.codec;
  webrtc::RtpPacketReceived counted = packet;  // shares the bytes
  counted.set_payload_type_frequency(codec.clockRate);
  statistics_->OnRtpPacket(counted);
  arrivals_.onMedia(packet.SequenceNumber());
  const auto payload = packet.payload();
  noteArrival({.sequenceNumber = packet.SequenceNumber(),
               .timestamp = packet.Timestamp(),
               .endsFrame = packet.Marker()},
              codec, {payload.data(), payload.size()});
  events_.onMedia({.data = {packet.data(), packet.size()}, .kind = section_.kind});
  if (fec_ != nullptr && packet.size() <= kMostProtected) fec_->OnRtpPacket(packet);
}

void RtpReceiver::onFec(const webrtc::RtpPacketReceived& packet) {
  // FEC is for the stream that was announced.
  if (packet.Ssrc() != section_.fecSsrc || ssrc_ == 0 || ssrc_ != section_.ssrc) return;
  if (fec_ == nullptr) {
    fec_ = std::make_unique<webrtc::FlexfecReceiver>(section_.fecSsrc, ssrc_, this);
  }
  fec_->OnRtpPacket(packet);
}

void RtpReceiver::onRecovered(std::span<const std::uint8_t> recovered) {
  webrtc::RtpPacketReceived packet;
  if (!packet.Parse(recovered.data(), recovered.size()) || packet.Ssrc() != ssrc_) return;
  const Format format = formats_[packet.PayloadType() & 0x7F];
  if (format.codec == nullptr || format.rtx) return;
  if (!arrivals_.onRepair(packet.SequenceNumber())) return;
  ++fecRecovered_;
  const auto payload = packet.payload();
  noteArrival({.sequenceNumber = packet.SequenceNumber(),
               .timestamp = packet.Timestamp(),
               .repeated = true,
               .endsFrame = packet.Marker()},
              *format.codec, {payload.data(), payload.size()});
  events_.onMedia({.data = recovered, .kind = section_.kind});
}

void RtpReceiver::onRtx(const webrtc::RtpPacketReceived& packet, const NegotiatedCodec& codec) {
  rtxSsrc_ = packet.Ssrc();
  webrtc::RtpPacketReceived counted = packet;  // shares the bytes
  counted.set_payload_type_frequency(codec.clockRate);
  statistics_->OnRtpPacket(counted);
  // Before the first media packet there is nothing that could be missing.
  if (ssrc_ == 0 || lastMedia_ == Time{} ||
      !unwrapRtx({packet.data(), packet.size()}, packet.headers_size(), packet.payload_size(),
                 static_cast<std::uint8_t>(codec.payloadType), ssrc_, recovered_)) {
    return;
  }
  const auto sequenceNumber = static_cast<std::uint16_t>(recovered_[2] << 8 | recovered_[3]);
  // libwebrtc's senders probe a path by repeating what has come.
  if (!arrivals_.onRepair(sequenceNumber)) return;
  ++rtxRecovered_;
  noteArrival({.sequenceNumber = sequenceNumber,
               .timestamp = packet.Timestamp(),
               .repeated = true,
               .endsFrame = packet.Marker()},
              codec, std::span<const std::uint8_t>(recovered_).subspan(packet.headers_size()));
  events_.onMedia({.data = recovered_, .kind = section_.kind});
}

void RtpReceiver::noteArrival(Repairs::Packet packet, const NegotiatedCodec& codec,
                              std::span<const std::uint8_t> payload) {
  if (nacks_ == nullptr) return;
  packet.startsKeyFrame = !payload.empty() && startsKeyFrame(codec.codec.kind, payload);
  packet.layered = layeredPacket(codec.codec.kind, payload);
  if (!packet.repeated) newest_ = packet.sequenceNumber;
  const Time now = monotonicNow();
  repairs_.onReceived(packet, now);
  engine::noteReceived(*nacks_, packet.sequenceNumber, packet.startsKeyFrame, packet.repeated);
  giveUpIfHopeless(now);
}

void RtpReceiver::SendNack(const std::vector<std::uint16_t>& sequenceNumbers,
                           bool /*bufferingAllowed*/) {
  const Time now = monotonicNow();
  const auto wanted = repairs_.onMissing(sequenceNumbers, now);
  if (!wanted.empty()) events_.sendFeedback(buildNack(ownSsrc_, ssrc_, wanted));
  giveUpIfHopeless(now);
}

void RtpReceiver::giveUpIfHopeless(Time now) {
  if (!repairs_.givesUp(now)) return;
  nacks_->ClearUpTo(newest_);
  events_.onKeyFrameNeeded();
}

void RtpReceiver::requestKeyFrame() {
  if (ssrc_ == 0) return;
  if (feedback_.pli) {
    events_.sendFeedback(buildPli(ownSsrc_, ssrc_));
  } else if (feedback_.fir) {
    events_.sendFeedback(buildFir(ownSsrc_, ssrc_, firSequenceNumber_++));
  }
}

bool RtpReceiver::onSenderReport(std::uint32_t ssrc, std::uint64_t ntp, Time now) {
  if (ssrc != ssrc_ || ssrc_ == 0) return false;
  lastReport_ = compactNtp(ntp);
  lastReportAt_ = now;
  return true;
}

void RtpReceiver::setRtt(std::chrono::milliseconds rtt) {
  repairs_.setRtt(rtt);
  if (nacks_ != nullptr) nacks_->UpdateRtt(rtt.count() + kNackMargin);
}

std::vector<webrtc::rtcp::ReportBlock> RtpReceiver::reportBlocks(Time now) {
  auto blocks = statistics_->RtcpReportBlocks(2);
  // One on the RTX stream, too. libwebrtc puts the mid into its packets until it hears of them, and
  // can't repeat the largest media packets, and whatever it was asked for along with them, while
  // they have no room for that.
  std::erase_if(blocks, [this](const auto& block) {
    return block.source_ssrc() != ssrc_ && block.source_ssrc() != rtxSsrc_;
  });
  for (auto& block : blocks) {
    if (lastReport_ == 0 || block.source_ssrc() != ssrc_) continue;
    block.SetLastSr(lastReport_);
    const auto delay = now - lastReportAt_;  // in 1/65,536 s on the wire
    block.SetDelayLastSr(static_cast<std::uint32_t>(delay.count() * 65536 / 1000000));
  }
  return blocks;
}

std::uint64_t RtpReceiver::missing() const {
  const auto* stream = statistics_ == nullptr ? nullptr : statistics_->GetStatistician(ssrc_);
  if (stream == nullptr) return 0;
  return static_cast<std::uint64_t>(std::max(0, stream->GetStats().packets_lost));
}

std::uint64_t RtpReceiver::lost() {
  mostLost_ = std::max(mostLost_, missing());
  return mostLost_;
}

RtpReceiver::Counters RtpReceiver::counters() {
  return {.packets = packets_,
          .bytes = bytes_,
          .lost = lostBefore_ + lost(),
          .recovered = fecRecovered_,
          .retransmitted = rtxRecovered_,
          .missing = missingBefore_ + missing()};
}

}  // namespace rtcpub::sfu
