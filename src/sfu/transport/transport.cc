#include "sfu/transport/transport.h"

#include <api/crypto/crypto_options.h>
#include <api/task_queue/pending_task_safety_flag.h>
#include <call/rtp_demuxer.h>
#include <modules/rtp_rtcp/source/rtp_packet_received.h>
#include <p2p/base/dtls_transport.h>
#include <pc/dtls_srtp_transport.h>
#include <rtc_base/task_utils/repeating_task.h>
#include <system_wrappers/include/clock.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "engine/compat/rtcp_subscription.h"
#include "engine/compat/transport_feedback.h"
#include "engine/tls_error.h"
#include "log/log.h"
#include "sfu/transport/bandwidth_estimator.h"
#include "sfu/transport/command_repeats.h"
#include "sfu/transport/data_transport.h"
#include "sfu/transport/dtls_failure.h"
#include "sfu/transport/ice_lite_transport.h"
#include "sfu/transport/network_parts.h"
#include "sfu/transport/report_times.h"
#include "sfu/transport/rtcp.h"
#include "sfu/transport/rtp_receiver.h"
#include "sfu/transport/simulcast_section.h"

namespace rtcpub::sfu {
namespace {

/// What SRTP and SRTCP append at most: tag, index, MKI.
constexpr std::size_t kSrtpOverhead = 64;

MediaTotals totalsOf(RtpReceiver& receiver) {
  const auto counters = receiver.counters();
  return {.receivedPackets = counters.packets,
          .receivedBytes = counters.bytes,
          .lostPackets = counters.lost,
          .repairedByRtx = counters.retransmitted,
          .repairedByFec = counters.recovered};
}

std::span<const std::uint8_t> bytesOf(const rtc::CopyOnWriteBuffer& buffer) {
  return {buffer.cdata(), buffer.size()};
}

}  // namespace

/// What a client's ICE sends goes through this, and some of it twice. Runs on: the network thread.
class RepeatingOutput final : public DatagramOutput {
 public:
  RepeatingOutput(DatagramOutput& output, rtc::Thread& thread) : output_(output), thread_(thread) {}

  void onLost(std::uint64_t packets, Time now) { repeats_.onLost(packets, now); }

  void send(const Path& path, std::span<const std::uint8_t> datagram) override {
    output_.send(path, datagram);
    if (!repeats_.onSent(path, datagram, monotonicNow())) return;
    thread_.PostDelayedHighPrecisionTask(
        webrtc::SafeTask(safety_.flag(),
                         [this] {
                           for (const auto& repeat : repeats_.take(monotonicNow())) {
                             output_.send(repeat.path, repeat.datagram);
                           }
                         }),
        // A millisecond more: never before the datagram is due.
        webrtc::TimeDelta::Millis(CommandRepeats::kDistance.count() + 1));
  }

 private:
  DatagramOutput& output_;
  rtc::Thread& thread_;
  CommandRepeats repeats_;
  webrtc::ScopedTaskSafety safety_;
};

/// Runs on: the network thread.
class Transport::Impl final : public sigslot::has_slots<>,
                              public RtpReceiver::Events,
                              public SimulcastSection::Events,
                              public RtcpEvents,
                              public DataTransport::Events {
 public:
  Impl(Network::Parts& parts, const TransportParameters& parameters, TransportEvents& events)
      : parts_(parts),
        events_(events),
        client_(parameters.member),
        publishes_(parameters.rights.has(Right::kPublish)),
        dtlsServer_(parameters.dtlsServer),
        ownSsrc_(Network::newSsrc()),
        output_(parts.outlet, *parts.thread),
        ice_(parameters.ice, parts.demultiplexer, output_),
        dtls_(std::make_unique<cricket::DtlsTransport>(&ice_, webrtc::CryptoOptions{}, nullptr)),
        srtp_(std::make_unique<webrtc::DtlsSrtpTransport>(true, parts.trials)) {
    srtp_->SetDtlsTransports(dtls_.get(), nullptr);
    engine::subscribeRtcp(*srtp_, this, &Impl::onRtcpPacket);
    dtls_->SubscribeDtlsHandshakeError(
        [this](rtc::SSLHandshakeError) { tlsError_ = engine::lastTlsError(); });
    dtls_->SubscribeDtlsTransportState(
        [this](cricket::DtlsTransportInternal*, webrtc::DtlsTransportState state) {
          onDtlsState(state);
        });
    // After SRTP, which takes its keys from the same signal.
    dtls_->SignalWritableState.connect(this, &Impl::onWritable);
  }

  ~Impl() override {
    dtls_->SignalWritableState.disconnect(this);
    engine::unsubscribeRtcp(*srtp_, this);
    stopReceiving();
    srtp_->SetDtlsTransports(nullptr, nullptr);
    data_.reset();
    srtp_.reset();
    gone_ = true;  // whatever the DTLS transport says while it ends
    dtls_.reset();
  }

  Result<void> start(const TransportParameters& parameters) {
    negotiate(parameters.negotiation);
    const auto& fingerprint = parameters.fingerprint;
    const rtc::SSLRole role = dtlsServer_ ? rtc::SSL_SERVER : rtc::SSL_CLIENT;
    dtls_->SetLocalCertificate(parts_.certificate);
    const auto error = dtls_->SetRemoteParameters(fingerprint.algorithm, fingerprint.digest.data(),
                                                  fingerprint.digest.size(), role);
    if (error.ok()) return {};
    return fail(ErrorCode::kProtocol,
                std::string("the offer's DTLS parameters were not accepted: ") + error.message());
  }

  void negotiate(const Negotiation& negotiation) {
    stopReceiving();
    reducedSizeRtcp_ = negotiation.reducedSizeRtcp;
    hasMedia_ = !negotiation.media.sections.empty();
    if (publishes_) startReceiving(negotiation);
    if (negotiation.data && data_ == nullptr) {
      data_ = std::make_unique<DataTransport>(*parts_.thread, *dtls_, *negotiation.data,
                                              dtlsServer_, client_, *this);
    }
  }

  bool ready() const { return ready_; }
  void restartIce(IceCredentials local) { ice_.restart(std::move(local)); }
  std::optional<Time> lastCheck() const { return ice_.lastCheck(); }
  std::optional<Time> lastHeard() const { return ice_.lastHeard(); }
  DataTransport* data() { return data_.get(); }
  const DataTransport* data() const { return data_.get(); }

  void sendRtp(const OutgoingPacket& packet) {
    if (!ready_) return;
    if (packet.transportSequence != 0) number(packet);
    auto& buffer = parts_.scratch;
    buffer.SetData(packet.data.data(), packet.data.size());
    buffer.EnsureCapacity(packet.data.size() + kSrtpOverhead);
    srtp_->SendRtpPacket(&buffer, rtc::PacketOptions(), cricket::PF_SRTP_BYPASS);
  }

  void sendSenderReport(const OutgoingSenderReport& report, Time now) {
    reportTimes_.onSent(compactNtp(report.ntp), now);
    sendRtcp(buildSenderReport(report));
  }

  void requestKeyFrame() {
    for (const auto& receiver : receivers_) {
      if (receiver->kind() == MediaKind::kVideo && !holdsBack(*receiver)) {
        receiver->requestKeyFrame();
      }
    }
  }

  void limitRate(std::int64_t bitsPerSecond) {
    std::vector<std::uint32_t> media;
    for (const auto& receiver : receivers_) {
      if (receiver->ssrc() != 0) media.push_back(receiver->ssrc());
    }
    if (!media.empty()) sendFeedback(buildRemb(ownSsrc_, std::move(media), bitsPerSecond));
  }

  void sendReports(Time now) {
    if (receivers_.empty() || !ready_) return;
    std::vector<webrtc::rtcp::ReportBlock> blocks;
    for (const auto& receiver : receivers_) {
      const auto more = receiver->reportBlocks(now);
      blocks.insert(blocks.end(), more.begin(), more.end());
    }
    sendRtcp(buildReceiverReport(ownSsrc_, std::move(blocks)));
    output_.onLost(counters().missingPackets, now);
  }

  void setRtt(std::chrono::microseconds rtt) {
    rtt_ = rtt;
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(rtt);
    for (const auto& receiver : receivers_) receiver->setRtt(ms);
  }

  Counters counters() const {
    Counters sum;
    sum.totals = received_;
    for (const auto& receiver : receivers_) {
      sum.totals += totalsOf(*receiver);
      sum.missingPackets += receiver->counters().missing;
      const bool video = receiver->kind() == MediaKind::kVideo && !holdsBack(*receiver);
      if (video || !sum.codec) sum.codec = receiver->codec();
    }
    if (data_ != nullptr) sum.totals += data_->totals();
    if (rtt_) sum.rttMs = std::chrono::duration<double, std::milli>(*rtt_).count();
    if (estimator_ != nullptr) sum.estimate = estimator_->bitsPerSecond();
    return sum;
  }

 private:
  void onDtlsState(webrtc::DtlsTransportState state) {
    if (state == webrtc::DtlsTransportState::kFailed) {
      gone(false, describeDtlsFailure(tlsError_));
    } else if (state == webrtc::DtlsTransportState::kClosed) {
      gone(true, "closed by the client");
    }
  }

  void gone(bool closed, std::string reason) {
    if (std::exchange(gone_, true)) return;
    ready_ = false;
    events_.onGone(closed, std::move(reason));
  }

  void onWritable(rtc::PacketTransportInternal* /*transport*/) {
    if (gone_ || ready_ || !dtls_->writable()) return;
    if (hasMedia_ && !srtp_->IsSrtpActive()) {
      gone(false, "DTLS brought no keys for SRTP");
      return;
    }
    ready_ = true;
    events_.onReady();
  }

  void startReceiving(const Negotiation& negotiation) {
    cricket::RtpHeaderExtensions extensions;
    bool transportCc = false;
    for (std::size_t i = 0; i < negotiation.media.sections.size(); ++i) {
      const auto& section = negotiation.media.sections[i];
      const auto& feedback = negotiation.feedback[i];
      transportCc |= feedback.transportCc;
      for (const auto& extension : section.extensions) {
        extensions.emplace_back(extension.uri, extension.id);
      }
      if (section.rids.empty()) {
        addReceiver(section, feedback, criteriaOf(section), *this);
      } else {
        addLayers(section, feedback);
      }
    }
    srtp_->UpdateRtpHeaderExtensionMap(extensions);
    if (transportCc) startTransportCc();
  }

  RtpReceiver& addReceiver(const MediaSection& section, const Feedback& feedback,
                           const webrtc::RtpDemuxerCriteria& criteria,
                           RtpReceiver::Events& events) {
    receivers_.push_back(std::make_unique<RtpReceiver>(section, feedback, ownSsrc_, *parts_.thread,
                                                       parts_.trials, events));
    if (!srtp_->RegisterRtpDemuxerSink(criteria, receivers_.back().get())) {
      log().debug("section {} repeats another one's mid or SSRC: not received", section.mid);
    }
    return *receivers_.back();
  }

  /// A receiver for each, told apart by rid (RFC 8852).
  void addLayers(const MediaSection& section, const Feedback& feedback) {
    auto& simulcast =
        simulcasts_.emplace_back(std::make_unique<SimulcastSection>(section, *this, *this));
    for (std::size_t i = 0; i < section.rids.size(); ++i) {
      const webrtc::RtpDemuxerCriteria criteria(section.mid, section.rids[i]);
      simulcast->setReceiver(i, addReceiver(section, feedback, criteria, simulcast->eventsOf(i)));
    }
  }

  /// Whether a receiver's packets are of a simulcast layer that doesn't go on.
  bool holdsBack(const RtpReceiver& receiver) const {
    return std::any_of(simulcasts_.begin(), simulcasts_.end(),
                       [&](const auto& simulcast) { return simulcast->holdsBack(receiver); });
  }

  void stopReceiving() {
    transportCcTimer_.Stop();
    transportCc_.reset();
    for (const auto& receiver : receivers_) {
      srtp_->UnregisterRtpDemuxerSink(receiver.get());
      received_ += totalsOf(*receiver);
    }
    receivers_.clear();
    simulcasts_.clear();
  }

  /// Browsers may announce no SSRC, other clients may send no mid: any of the three finds the
  /// section.
  static webrtc::RtpDemuxerCriteria criteriaOf(const MediaSection& section) {
    webrtc::RtpDemuxerCriteria criteria(section.mid);
    for (const auto ssrc : {section.ssrc, section.rtxSsrc, section.fecSsrc}) {
      if (ssrc != 0) criteria.ssrcs().insert(ssrc);
    }
    if (section.fecPayloadType >= 0) {
      criteria.payload_types().insert(static_cast<std::uint8_t>(section.fecPayloadType));
    }
    for (const auto& codec : section.codecs) {
      for (const int type : {codec.payloadType, codec.rtxPayloadType}) {
        if (type >= 0) criteria.payload_types().insert(static_cast<std::uint8_t>(type));
      }
    }
    return criteria;
  }

  void startTransportCc() {
    transportCc_ = engine::makeTransportFeedback(
        [this](const std::vector<std::unique_ptr<webrtc::rtcp::RtcpPacket>>& packets) {
          for (const auto& packet : packets) {
            packet->SetSenderSsrc(ownSsrc_);
            sendFeedback(packet->Build());
          }
        },
        parts_.trials);
    transportCcTimer_ = webrtc::RepeatingTaskHandle::Start(parts_.thread.get(), [this] {
      return transportCc_->Process(webrtc::Clock::GetRealTimeClock()->CurrentTime());
    });
  }

  /// Gives a packet that leaves its transport-wide number.
  void number(const OutgoingPacket& packet) {
    const Time now = monotonicNow();
    if (estimator_ == nullptr) {
      estimator_ = std::make_unique<BandwidthEstimator>(parts_.trials, now);
    }
    const std::uint16_t number = estimator_->number(packet.data.size(), packet.probe, now);
    packet.data[packet.transportSequence] = static_cast<std::uint8_t>(number >> 8);
    packet.data[packet.transportSequence + 1] = static_cast<std::uint8_t>(number);
  }

  void sendRtcp(const rtc::Buffer& rtcp) {
    if (!ready_) return;
    rtc::CopyOnWriteBuffer buffer(rtcp.data(), rtcp.size(), rtcp.size() + kSrtpOverhead);
    srtp_->SendRtcpPacket(&buffer, rtc::PacketOptions(), cricket::PF_SRTP_BYPASS);
  }

  void onRtcpPacket(rtc::CopyOnWriteBuffer* packet, std::int64_t /*arrivalUs*/) {
    now_ = monotonicNow();
    parseRtcp(bytesOf(*packet), *this);
  }

  // RtpReceiver::Events
  void onMedia(const IncomingPacket& packet) override { events_.onMedia(packet); }
  void onKeyFrameNeeded() override { events_.onKeyFrameNeeded(); }
  void onArrival(const webrtc::RtpPacketReceived& packet) override {
    if (transportCc_ != nullptr) engine::noteArrival(*transportCc_, packet);
  }
  void sendFeedback(const rtc::Buffer& rtcp) override {
    sendRtcp(reducedSizeRtcp_ ? rtc::Buffer(rtcp.data(), rtcp.size())
                              : withReceiverReport(ownSsrc_, rtcp));
  }

  // SimulcastSection::Events
  void onLayerChanged(std::uint32_t ssrc) override { events_.onVideoSourceChanged(ssrc); }

  // RtcpEvents
  void onNack(std::uint32_t ssrc, std::span<const std::uint16_t> sequenceNumbers) override {
    if (!publishes_) events_.onNack(ssrc, sequenceNumbers);
  }
  void onPictureLost() override {
    if (!publishes_) events_.onPictureLost();
  }
  void onSenderReport(std::uint32_t ssrc, std::uint64_t ntp, std::uint32_t rtpTimestamp) override {
    for (const auto& receiver : receivers_) {
      if (!receiver->onSenderReport(ssrc, ntp, now_)) continue;
      events_.onSenderReport({receiver->kind(), ssrc, ntp, rtpTimestamp});
      return;
    }
  }
  void onReportBlock(std::uint32_t /*ssrc*/, std::uint32_t lastSr, std::uint32_t delay) override {
    if (const auto rtt = reportTimes_.rtt(lastSr, delay, now_)) rtt_ = rtt;
  }
  void onTransportFeedback(const webrtc::rtcp::TransportFeedback& feedback) override {
    if (estimator_ == nullptr || !estimator_->onFeedback(feedback, now_)) return;
    events_.onEstimate(*estimator_->bitsPerSecond());
  }

  // DataTransport::Events
  void onDataMessage(const DataView& message) override { events_.onDataMessage(message); }
  std::ptrdiff_t room() const override { return events_.roomForData(); }
  void onDataTaken() override { events_.onDataTaken(); }
  void onChannelOpened(const std::string& label) override { events_.onDataChannelOpened(label); }
  void onHadTimeToOpen() override { events_.onHadTimeToOpen(); }
  std::chrono::microseconds ageOfArrival() const override { return parts_.ageOfArrival(); }

  Network::Parts& parts_;
  TransportEvents& events_;
  const std::uint64_t client_;
  const bool publishes_;
  const bool dtlsServer_;
  const std::uint32_t ownSsrc_;
  bool hasMedia_ = false;
  bool reducedSizeRtcp_ = false;
  bool ready_ = false;
  bool gone_ = false;
  std::string tlsError_;
  Time now_{};  // of the RTCP compound that is being read
  std::optional<std::chrono::microseconds> rtt_;
  ReportTimes reportTimes_;
  RepeatingOutput output_;
  IceLiteTransport ice_;
  std::unique_ptr<cricket::DtlsTransport> dtls_;
  std::unique_ptr<webrtc::DtlsSrtpTransport> srtp_;
  std::vector<std::unique_ptr<SimulcastSection>> simulcasts_;
  std::vector<std::unique_ptr<RtpReceiver>> receivers_;
  MediaTotals received_;  // by receivers that are no more
  std::unique_ptr<webrtc::RemoteEstimatorProxy> transportCc_;
  webrtc::RepeatingTaskHandle transportCcTimer_;
  std::unique_ptr<BandwidthEstimator> estimator_;  // from the first packet that it is to number on
  std::unique_ptr<DataTransport> data_;
};

Result<std::unique_ptr<Transport>> Transport::create(Network& network,
                                                     const TransportParameters& parameters,
                                                     TransportEvents& events) {
  auto impl = std::make_unique<Impl>(network.parts(), parameters, events);
  if (const auto started = impl->start(parameters); !started) {
    return tl::unexpected(started.error());
  }
  return std::unique_ptr<Transport>(new Transport(std::move(impl)));
}

Transport::Transport(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Transport::~Transport() = default;

void Transport::renegotiate(const Negotiation& negotiation) { impl_->negotiate(negotiation); }
bool Transport::ready() const { return impl_->ready(); }
void Transport::restartIce(IceCredentials local) { impl_->restartIce(std::move(local)); }
std::optional<Time> Transport::lastCheck() const { return impl_->lastCheck(); }
std::optional<Time> Transport::lastHeard() const { return impl_->lastHeard(); }
void Transport::sendRtp(const OutgoingPacket& packet) { impl_->sendRtp(packet); }
void Transport::sendSenderReport(const OutgoingSenderReport& report, Time now) {
  impl_->sendSenderReport(report, now);
}
void Transport::requestKeyFrame() { impl_->requestKeyFrame(); }
void Transport::limitRate(std::int64_t bitsPerSecond) { impl_->limitRate(bitsPerSecond); }
void Transport::sendReports(Time now) { impl_->sendReports(now); }
void Transport::setRtt(std::chrono::microseconds rtt) { impl_->setRtt(rtt); }
bool Transport::dataUp() const { return impl_->data() != nullptr && impl_->data()->up(); }
bool Transport::hasOpened(std::string_view label) const {
  return impl_->data() != nullptr && impl_->data()->openedByPeer(label);
}
bool Transport::hadTimeToOpen() const { return impl_->data() && impl_->data()->hadTimeToOpen(); }
void Transport::sendData(const DataView& message) {
  if (impl_->data() != nullptr) impl_->data()->send(message);
}
std::size_t Transport::dropData(const std::function<bool(const DataMessage&)>& which) {
  return impl_->data() == nullptr ? 0 : impl_->data()->drop(which);
}
std::ptrdiff_t Transport::roomForData(std::uint64_t sender) const {
  return impl_->data() == nullptr ? PTRDIFF_MAX : impl_->data()->roomFor(sender);
}
bool Transport::keepsUp(Time now) const {
  return impl_->data() == nullptr || impl_->data()->keepsUp(now);
}
void Transport::resumeData() {
  if (impl_->data() != nullptr) impl_->data()->resume();
}
Transport::Counters Transport::counters() const { return impl_->counters(); }

}  // namespace rtcpub::sfu
