#include "load/peer.h"

#include <optional>
#include <utility>

#include "api/jsep.h"
#include "pc/sctp_utils.h"
#include "pc/session_description.h"
#include "rtc_base/ssl_fingerprint.h"

namespace rtcpub::bench {
namespace {

constexpr std::size_t kBufferSize = 1700;  // a packet and SRTP's tag
constexpr int kSctpPort = 5000;
constexpr int kMaxMessageSize = 256 * 1024;
constexpr int kStream = 0;  // a DTLS client's first (RFC 8832 section 6)

webrtc::RtpDemuxerCriteria anyPayloadType() {
  webrtc::RtpDemuxerCriteria criteria;
  for (int type = 96; type < 128; ++type) {
    criteria.payload_types().insert(static_cast<std::uint8_t>(type));
  }
  return criteria;
}

/// The server's loopback address if it names one, else its first.
std::optional<rtc::SocketAddress> addressIn(const webrtc::SessionDescriptionInterface& answer) {
  std::optional<rtc::SocketAddress> found;
  for (std::size_t section = 0; section < answer.number_of_mediasections(); ++section) {
    const auto* candidates = answer.candidates(section);
    for (std::size_t i = 0; i < candidates->count(); ++i) {
      const auto& candidate = candidates->at(i)->candidate();
      if (candidate.protocol() != "udp" || candidate.address().family() != AF_INET) continue;
      if (candidate.address().IsLoopbackIP()) return candidate.address();
      if (!found) found = candidate.address();
    }
  }
  return found;
}

}  // namespace

Peer::Peer(Engine& engine, Direction direction, bool data)
    : engine_(engine),
      direction_(direction),
      data_(data),
      ice_(engine.thread, engine.sockets),
      dtls_(&ice_, engine.crypto, /*event_log=*/nullptr),
      srtp_(/*rtcp_mux_enabled=*/true, engine.trials),
      buffer_(0, kBufferSize) {
  dtls_.SetLocalCertificate(engine.certificate);
  srtp_.SetDtlsTransports(&dtls_, nullptr);
  srtp_.RegisterRtpDemuxerSink(anyPayloadType(), this);
  srtp_.SignalRtcpPacketReceived.connect(this, &Peer::onRtcpPacket);
}

Peer::~Peer() {
  sctp_.reset();
  srtp_.UnregisterRtpDemuxerSink(this);
  srtp_.SetDtlsTransports(nullptr, nullptr);
}

std::string Peer::offer() const {
  return "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0" +
         std::string(data_ ? " 1" : "") + "\r\na=msid-semantic: WMS *\r\n" + videoSection() +
         (data_ ? dataSection() : "");
}

std::string Peer::transportLines() const {
  const auto fingerprint = rtc::SSLFingerprint::CreateFromCertificate(*engine_.certificate);
  return "c=IN IP4 127.0.0.1\r\na=candidate:1 1 udp 2113937151 127.0.0.1 " +
         std::to_string(ice_.port()) + " typ host\r\na=ice-ufrag:" + ice_.local().ufrag +
         "\r\na=ice-pwd:" + ice_.local().pwd + "\r\na=fingerprint:" + fingerprint->algorithm + " " +
         fingerprint->GetRfc4572Fingerprint() + "\r\na=setup:actpass\r\n";
}

std::string Peer::videoSection() const {
  const std::string media = std::to_string(kPayloadType);
  const std::string rtx = std::to_string(kRtxPayloadType);
  const std::string ssrc = std::to_string(kPublisherSsrc);
  const bool sends = direction_ == Direction::kSend;
  std::string text =
      "m=video 9 UDP/TLS/RTP/SAVPF " + media + " " + rtx + "\r\n" + transportLines() +
      "a=mid:0\r\na=" + (sends ? "sendonly" : "recvonly") + "\r\na=rtcp-mux\r\na=rtpmap:" + media +
      " VP8/90000\r\na=rtcp-fb:" + media + " nack\r\na=rtcp-fb:" + media +
      " nack pli\r\na=rtcp-fb:" + media + " transport-cc\r\na=rtpmap:" + rtx +
      " rtx/90000\r\na=fmtp:" + rtx + " apt=" + media +
      "\r\na=extmap:" + std::to_string(kTransportCcId) +
      " http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\r\na=extmap:" +
      std::to_string(kPlayoutDelayId) +
      " http://www.webrtc.org/experiments/rtp-hdrext/playout-delay\r\n";
  if (sends) {
    text += "a=ssrc:" + ssrc + " cname:load\r\na=ssrc:" + ssrc + " msid:load video\r\n";
  }
  return text;
}

std::string Peer::dataSection() const {
  return "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n" + transportLines() +
         "a=mid:1\r\na=sctp-port:" + std::to_string(kSctpPort) + "\r\n";
}

Result<void> Peer::accept(const std::string& answer) {
  webrtc::SdpParseError error;
  const auto parsed = webrtc::CreateSessionDescription(webrtc::SdpType::kAnswer, answer, &error);
  if (!parsed) return fail(ErrorCode::kProtocol, "the answer is no SDP: " + error.description);
  const auto address = addressIn(*parsed);
  const auto& transports = parsed->description()->transport_infos();
  if (!address || transports.empty() || !transports[0].description.identity_fingerprint) {
    return fail(ErrorCode::kProtocol, "the answer has no UDP candidate or no fingerprint");
  }
  const auto& server = transports[0].description;
  const auto role =
      server.connection_role == cricket::CONNECTIONROLE_ACTIVE ? rtc::SSL_SERVER : rtc::SSL_CLIENT;
  const auto& fingerprint = *server.identity_fingerprint;
  dtls_.SetRemoteParameters(fingerprint.algorithm, fingerprint.digest.cdata(),
                            fingerprint.digest.size(), role);
  ice_.connect({server.ice_ufrag, server.ice_pwd, false}, *address);
  if (data_) {
    sctp_ = std::make_unique<webrtc::DcSctpTransport>(&engine_.thread, &dtls_,
                                                      webrtc::Clock::GetRealTimeClock());
    sctp_->SetDataChannelSink(this);
    sctp_->Start(kSctpPort, kSctpPort, kMaxMessageSize);
  }
  return {};
}

bool Peer::ready() const { return srtp_.IsSrtpActive() && srtp_.IsReadyToSend(); }

void Peer::onRtp(std::function<void(const webrtc::RtpPacketReceived&)> handler) {
  rtpHandler_ = std::move(handler);
}

void Peer::onRtcp(std::function<void(std::span<const std::uint8_t>)> handler) {
  rtcpHandler_ = std::move(handler);
}

void Peer::OnRtpPacket(const webrtc::RtpPacketReceived& packet) {
  if (rtpHandler_) rtpHandler_(packet);
}

void Peer::onRtcpPacket(rtc::CopyOnWriteBuffer* packet, int64_t /*timeUs*/) {
  if (rtcpHandler_) rtcpHandler_({packet->cdata(), packet->size()});
}

void Peer::sendRtp(std::span<const std::uint8_t> packet) {
  if (!ready()) return;
  buffer_.SetData(packet.data(), packet.size());
  buffer_.EnsureCapacity(kBufferSize);
  srtp_.SendRtpPacket(&buffer_, {}, cricket::PF_SRTP_BYPASS);
}

void Peer::sendRtcp(std::span<const std::uint8_t> packet) {
  if (!ready()) return;
  buffer_.SetData(packet.data(), packet.size());
  buffer_.EnsureCapacity(kBufferSize);
  srtp_.SendRtcpPacket(&buffer_, {}, cricket::PF_SRTP_BYPASS);
}

void Peer::OnReadyToSend() {
  if (label_.empty() || std::exchange(opened_, true)) return;
  webrtc::DataChannelInit init;
  init.ordered = false;
  init.maxRetransmits = 0;
  rtc::CopyOnWriteBuffer open;
  webrtc::WriteDataChannelOpenMessage(label_, init, &open);
  webrtc::SendDataParams params;
  params.type = webrtc::DataMessageType::kControl;
  params.ordered = true;
  cricket::SendDataResult result{};
  sctp_->OpenStream(kStream);
  sctp_->SendData(kStream, params, open, &result);
}

void Peer::sendMessage(std::span<const std::uint8_t> message) {
  if (!opened_) return;
  webrtc::SendDataParams params;
  params.type = webrtc::DataMessageType::kBinary;
  params.ordered = false;
  params.max_rtx_count = 0;
  cricket::SendDataResult result{};
  sctp_->SendData(kStream, params, rtc::CopyOnWriteBuffer(message.data(), message.size()), &result);
}

void Peer::onMessage(std::function<void(std::span<const std::uint8_t>)> handler) {
  messageHandler_ = std::move(handler);
}

void Peer::OnDataReceived(int /*stream*/, webrtc::DataMessageType type,
                          const rtc::CopyOnWriteBuffer& data) {
  if (type == webrtc::DataMessageType::kControl || !messageHandler_) return;
  messageHandler_({data.cdata(), data.size()});
}

}  // namespace rtcpub::bench
