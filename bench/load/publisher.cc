#include "load/publisher.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "api/units/time_delta.h"
#include "modules/rtp_rtcp/source/rtcp_packet/common_header.h"
#include "modules/rtp_rtcp/source/rtcp_packet/fir.h"
#include "modules/rtp_rtcp/source/rtcp_packet/pli.h"
#include "modules/rtp_rtcp/source/rtcp_packet/sender_report.h"
#include "rtcpub/clock.h"
#include "system_wrappers/include/clock.h"

namespace rtcpub::bench {
namespace {

using webrtc::TimeDelta;

constexpr std::size_t kHeaderSize = 12 + 4 + 8;
constexpr std::size_t kPayloadSize = 1168;
constexpr int kPicturesPerSecond = 30;
constexpr std::int64_t kPictureUs = 1'000'000 / kPicturesPerSecond;
constexpr std::uint32_t kTicksPerPicture = 90'000 / kPicturesPerSecond;
constexpr int kKeyFramePackets = 30;
constexpr double kPacingFactor = 2.5;

std::int64_t nowUs() { return monotonicNow().time_since_epoch().count(); }

void put(std::uint8_t* at, std::uint32_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) at[i] = static_cast<std::uint8_t>(value >> (8 * (bytes - 1 - i)));
}

}  // namespace

Publisher::Publisher(Engine& engine, int kbps, bool data)
    : engine_(engine),
      peer_(engine, Direction::kSend, data),
      packetsPerPicture_(std::max(1, static_cast<int>(std::lround(
                                         kbps * 1000.0 / 8 / kPicturesPerSecond / kPayloadSize)))) {
  peer_.onRtcp([this](std::span<const std::uint8_t> packets) { onRtcp(packets); });
}

Publisher::~Publisher() {
  pictures_.Stop();
  reports_.Stop();
}

void Publisher::start() {
  nextPictureUs_ = nowUs();
  pictures_ = webrtc::RepeatingTaskHandle::Start(
      &engine_.thread,
      [this] {
        sendPicture();
        nextPictureUs_ += kPictureUs;
        return TimeDelta::Micros(std::max<std::int64_t>(nextPictureUs_ - nowUs(), 100));
      },
      webrtc::TaskQueueBase::DelayPrecision::kHigh);
  reports_ = webrtc::RepeatingTaskHandle::Start(&engine_.thread, [this] {
    sendReport();
    return TimeDelta::Seconds(1);
  });
}

void Publisher::sendPicture() {
  if (!peer_.ready()) return;
  const bool key = keyWanted_;
  keyWanted_ = false;
  keyFrames_ += key ? 1 : 0;
  timestamp_ += kTicksPerPicture;
  const int count = key ? kKeyFramePackets : packetsPerPicture_;
  const auto spread = static_cast<std::int64_t>(kPictureUs / kPacingFactor);
  for (int i = 0; i < count; ++i) {
    auto send = [this, i, count, key, timestamp = timestamp_] {
      sendPacket(i, count, key, timestamp);
    };
    engine_.thread.PostDelayedHighPrecisionTask(webrtc::SafeTask(alive_.flag(), std::move(send)),
                                                TimeDelta::Micros(i * spread / count));
  }
}

void Publisher::sendPacket(int index, int count, bool key, std::uint32_t timestamp) {
  std::array<std::uint8_t, kHeaderSize + kPayloadSize> packet;
  packet.fill(0x55);
  packet[0] = 0x90;  // version 2, an extension
  packet[1] = static_cast<std::uint8_t>(kPayloadType | (index == count - 1 ? 0x80 : 0));
  put(&packet[2], sequenceNumber_++, 2);
  put(&packet[4], timestamp, 4);
  put(&packet[8], kPublisherSsrc, 4);
  put(&packet[12], 0xBEDE0002, 4);
  packet[16] = kTransportCcId << 4 | 1;
  put(&packet[17], transportSequenceNumber_++, 2);
  packet[19] = kPlayoutDelayId << 4 | 2;
  put(&packet[20], 0, 4);

  std::uint8_t* payload = packet.data() + kHeaderSize;
  payload[0] = index == 0 ? 0x10 : 0x00;         // VP8: the start of partition 0
  payload[1] = index == 0 && key ? 0x10 : 0x11;  // a key frame, or not
  const std::int64_t time = nowUs();
  std::memcpy(payload + kSendTimeOffset, &time, sizeof time);
  peer_.sendRtp(packet);
  ++sent_;
}

void Publisher::sendReport() {
  webrtc::rtcp::SenderReport report;
  report.SetSenderSsrc(kPublisherSsrc);
  report.SetNtp(webrtc::Clock::GetRealTimeClock()->CurrentNtpTime());
  report.SetRtpTimestamp(timestamp_);
  report.SetPacketCount(static_cast<std::uint32_t>(sent_));
  report.SetOctetCount(static_cast<std::uint32_t>(sent_ * kPayloadSize));
  const auto bytes = report.Build();
  peer_.sendRtcp({bytes.data(), bytes.size()});
}

void Publisher::onRtcp(std::span<const std::uint8_t> packets) {
  using webrtc::rtcp::Fir;
  using webrtc::rtcp::Pli;
  webrtc::rtcp::CommonHeader header;
  while (!packets.empty() && header.Parse(packets.data(), packets.size())) {
    const bool feedback = header.type() == Pli::kPacketType;
    if (feedback &&
        (header.fmt() == Pli::kFeedbackMessageType || header.fmt() == Fir::kFeedbackMessageType)) {
      keyWanted_ = true;
    }
    packets = packets.subspan(std::min(header.packet_size(), packets.size()));
  }
}

}  // namespace rtcpub::bench
