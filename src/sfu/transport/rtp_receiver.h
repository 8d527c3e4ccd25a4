#pragma once

#include <api/units/time_delta.h>
#include <call/rtp_packet_sink_interface.h>
#include <modules/include/module_common_types.h>
#include <modules/rtp_rtcp/include/flexfec_receiver.h>
#include <modules/rtp_rtcp/include/receive_statistics.h>
#include <rtc_base/buffer.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "engine/compat/repairs.h"
#include "rtcpub/clock.h"
#include "sfu/router/repairs.h"
#include "sfu/router/router.h"
#include "sfu/transport/answer.h"
#include "sfu/transport/arrivals.h"

namespace webrtc {
class Clock;
class FieldTrialsView;
class RtpPacketReceived;
}  // namespace webrtc
namespace rtc {
class Thread;
}

namespace rtcpub::sfu {

/// Receives one section of a publisher: undoes RTX and FEC, asks for what is missing, counts.
/// Runs on: the network thread.
class RtpReceiver final : public webrtc::RtpPacketSinkInterface,
                          public webrtc::NackSender,
                          public webrtc::KeyFrameRequestSender,
                          public engine::RecoveredPackets {
 public:
  class Events {
   public:
    virtual ~Events() = default;
    virtual void onMedia(const IncomingPacket& packet) = 0;
    virtual void onKeyFrameNeeded() = 0;
    /// Every packet as it came, for the transport-wide feedback.
    virtual void onArrival(const webrtc::RtpPacketReceived& packet) = 0;
    virtual void sendFeedback(const rtc::Buffer& rtcp) = 0;
  };
  struct Counters {
    std::uint64_t packets = 0;
    std::uint64_t bytes = 0;
    std::uint64_t lost = 0;
    std::uint64_t recovered = 0;      ///< of the lost, by FEC
    std::uint64_t retransmitted = 0;  ///< of the lost, by RTX
    std::uint64_t missing = 0;        ///< of the lost, those that haven't come late either
  };

  /// Everything outlives this.
  RtpReceiver(const MediaSection& section, const Feedback& feedback, std::uint32_t ownSsrc,
              rtc::Thread& thread, const webrtc::FieldTrialsView& trials, Events& events);
  ~RtpReceiver() override;

  [[nodiscard]] MediaKind kind() const { return section_.kind; }
  /// 0 until known.
  [[nodiscard]] std::uint32_t ssrc() const { return ssrc_; }
  void requestKeyFrame();
  /// Notes the sender's report; false if it is about another stream.
  [[nodiscard]] bool onSenderReport(std::uint32_t ssrc, std::uint64_t ntp, Time now);
  void setRtt(std::chrono::milliseconds rtt);
  /// What a receiver report says of this stream (RFC 3550 section 6.4.1).
  [[nodiscard]] std::vector<webrtc::rtcp::ReportBlock> reportBlocks(Time now);
  /// None ever falls but `missing`; not even `lost` when packets were only late, or a stream begins
  /// anew.
  [[nodiscard]] Counters counters();
  /// The one that came last; nothing before.
  [[nodiscard]] std::optional<Codec> codec() const { return codec_; }

  // webrtc::RtpPacketSinkInterface
  void OnRtpPacket(const webrtc::RtpPacketReceived& packet) override;

 private:
  /// What a payload type stands for.
  struct Format {
    const NegotiatedCodec* codec = nullptr;
    bool rtx = false;
  };

  // webrtc::NackSender, webrtc::KeyFrameRequestSender
  void SendNack(const std::vector<std::uint16_t>& sequenceNumbers, bool bufferingAllowed) override;
  void RequestKeyFrame() override { events_.onKeyFrameNeeded(); }

  // engine::RecoveredPackets
  void onRecovered(std::span<const std::uint8_t> recovered) override;

  /// Whether packets of `ssrc` are the section's stream.
  bool takesMedia(std::uint32_t ssrc, Time now);
  void startStream(std::uint32_t ssrc);
  /// Of this stream, so far: what comes late is taken back.
  [[nodiscard]] std::uint64_t missing() const;
  /// Of this stream, the most that it was.
  std::uint64_t lost();
  void onMedia(const webrtc::RtpPacketReceived& packet, const NegotiatedCodec& codec, Time now);
  void onRtx(const webrtc::RtpPacketReceived& packet, const NegotiatedCodec& codec);
  void onFec(const webrtc::RtpPacketReceived& packet);
  /// `packet` without what it carries; whether that starts a key frame is found out.
  void noteArrival(Repairs::Packet packet, const NegotiatedCodec& codec,
                   std::span<const std::uint8_t> payload);
  /// Asks for a key frame instead of what is missing, if that is the way on.
  void giveUpIfHopeless(Time now);

  const MediaSection section_;
  const Feedback feedback_;
  const std::uint32_t ownSsrc_;
  rtc::Thread& thread_;
  const webrtc::FieldTrialsView& trials_;
  Events& events_;
  std::array<Format, 128> formats_{};
  std::uint32_t ssrc_ = 0;
  std::uint32_t rtxSsrc_ = 0;  ///< of what came; 0 before
  Time lastMedia_{};
  std::unique_ptr<webrtc::ReceiveStatistics> statistics_;
  webrtc::NackPeriodicProcessor nackTimer_;
  std::unique_ptr<webrtc::NackRequester> nacks_;
  Repairs repairs_;
  std::uint16_t newest_ = 0;             ///< sequence number of the packet that came last
  std::vector<std::uint8_t> recovered_;  // scratch
  /// From the first FEC packet on, so that who sends none costs nothing.
  std::unique_ptr<webrtc::FlexfecReceiver> fec_;
  Arrivals arrivals_;  ///< FEC and RTX may both bring a packet, or what wasn't missing at all
  std::uint64_t fecRecovered_ = 0;
  std::uint64_t rtxRecovered_ = 0;
  std::uint64_t mostLost_ = 0;       ///< of this stream
  std::uint64_t lostBefore_ = 0;     ///< of those before
  std::uint64_t missingBefore_ = 0;  ///< likewise
  std::uint32_t lastReport_ = 0;     // compact NTP
  Time lastReportAt_{};
  std::uint8_t firSequenceNumber_ = 0;
  std::uint64_t packets_ = 0;
  std::uint64_t bytes_ = 0;
  std::optional<Codec> codec_;
};

}  // namespace rtcpub::sfu
