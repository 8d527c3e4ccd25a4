#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "api/crypto/crypto_options.h"
#include "api/transport/field_trial_based_config.h"
#include "call/rtp_packet_sink_interface.h"
#include "load/tiny_ice.h"
#include "media/sctp/dcsctp_transport.h"
#include "p2p/base/dtls_transport.h"
#include "pc/dtls_srtp_transport.h"
#include "rtc_base/rtc_certificate.h"
#include "rtc_base/rtc_certificate_generator.h"
#include "rtcpub/result.h"

namespace rtcpub::bench {

/// What all peers share.
struct Engine {
  rtc::Thread& thread;  ///< the network thread
  rtc::PhysicalSocketServer& sockets;
  rtc::scoped_refptr<rtc::RTCCertificate> certificate =
      rtc::RTCCertificateGenerator::GenerateCertificate(rtc::KeyParams::ECDSA(), absl::nullopt);
  webrtc::FieldTrialBasedConfig trials{};
  webrtc::CryptoOptions crypto{};
};

enum class Direction { kSend, kReceive };

/// The numbers in a peer's offer.
inline constexpr int kPayloadType = 96;
inline constexpr int kRtxPayloadType = 97;
inline constexpr int kTransportCcId = 4;
inline constexpr int kPlayoutDelayId = 5;
inline constexpr std::uint32_t kPublisherSsrc = 5555;

/// One client's transport: ICE, DTLS, SRTP and, with `data`, an SCTP association.
///
/// Runs on: the network thread.
class Peer : public webrtc::RtpPacketSinkInterface,
             public webrtc::DataChannelSink,
             public sigslot::has_slots<> {
 public:
  Peer(Engine& engine, Direction direction, bool data);
  ~Peer() override;

  [[nodiscard]] std::string offer() const;
  /// Connects to where the answer says. Errors: kProtocol.
  Result<void> accept(const std::string& answer);
  [[nodiscard]] bool ready() const;

  TinyIce& ice() { return ice_; }
  void onRtp(std::function<void(const webrtc::RtpPacketReceived&)> handler);
  void onRtcp(std::function<void(std::span<const std::uint8_t>)> handler);
  void sendRtp(std::span<const std::uint8_t> packet);
  void sendRtcp(std::span<const std::uint8_t> packet);
  /// Has a data channel once SCTP stands, for messages that nobody waits for: unordered, sent once.
  void openChannel(std::string label) { label_ = std::move(label); }
  void sendMessage(std::span<const std::uint8_t> message);
  void onMessage(std::function<void(std::span<const std::uint8_t>)> handler);

 private:
  void OnRtpPacket(const webrtc::RtpPacketReceived& packet) override;
  void onRtcpPacket(rtc::CopyOnWriteBuffer* packet, int64_t timeUs);
  void OnDataReceived(int stream, webrtc::DataMessageType type,
                      const rtc::CopyOnWriteBuffer& data) override;
  void OnChannelClosing(int) override {}
  void OnChannelClosed(int) override {}
  void OnReadyToSend() override;

  [[nodiscard]] std::string transportLines() const;
  [[nodiscard]] std::string videoSection() const;
  [[nodiscard]] std::string dataSection() const;

  Engine& engine_;
  Direction direction_;
  bool data_;
  TinyIce ice_;
  cricket::DtlsTransport dtls_;
  webrtc::DtlsSrtpTransport srtp_;
  std::unique_ptr<webrtc::DcSctpTransport> sctp_;
  rtc::CopyOnWriteBuffer buffer_;
  std::function<void(const webrtc::RtpPacketReceived&)> rtpHandler_;
  std::function<void(std::span<const std::uint8_t>)> rtcpHandler_;
  std::function<void(std::span<const std::uint8_t>)> messageHandler_;
  std::string label_;
  bool opened_ = false;
};

}  // namespace rtcpub::bench
